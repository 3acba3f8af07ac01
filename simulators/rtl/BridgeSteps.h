// What the sequencer of a bridge does for each intrinsic. Internal to the bridge.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// A state of the sequencer: what it drives, and when it goes on. Verilog over the bridge's
/// signals.
struct BridgeStep {
  std::string comment;
  std::vector<std::string> drives; ///< "bus_addr = 32'd4"
  std::string until;               ///< "bus_ack"
};
using BridgeSteps = std::vector<BridgeStep>;

/// Of one intrinsic.
///   portBits   of the port for command words
BridgeSteps stepsOf(const Target &target, const Intrinsic &intrinsic, unsigned portBits);
/// Of a program whose commands are all in its memory.
BridgeSteps launchSteps(const PortBinding &binding);
/// Of a word that the bridge cannot read and the design may refuse.
BridgeSteps unknownSteps(const Target &target, unsigned portBits);

/// The value of an argument of the command in `word_q`, 64 bits wide.
std::string valueText(const Argument &argument);
/// The condition on `word_q` that operands are where the description allows them.
std::string rangeText(const Target &target, const Intrinsic &intrinsic);

/// Bits of a command in a program memory.
unsigned programBits(const Target &target);
/// Bytes of the largest unit that the mover handles.
int64_t largestUnit(const Target &target);
/// The host operand whose data leave through the results' port, or null.
const TileOperand *resultOf(const Target &target, const Intrinsic &intrinsic);

} // namespace lathe
