// How RTL is driven that does not have the port contract: which of its ports are commands, memories
// and results, and by what protocol. From the manifest's `rtl.binding`; simulators/rtl makes a
// bridge of it.
#pragma once

#include "core/support/Place.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <map>
#include <optional>
#include <vector>

namespace lathe {

/// How a group of ports talks. Directions below are as the design sees them.
enum class PortProtocol : uint8_t {
  ValidReady, ///< commands: words that the design takes by `ready`
  Pop,        ///< commands: the first word of a FIFO that is not `empty`, taken by `pop`
  Plain,      ///< registers: address, write, read; no answer but data
  Apb,        ///< registers
  AxiLite,    ///< registers
  Release,    ///< commands: everything is preloaded while the design is in reset, and released
  Axi4,       ///< host memory: the design is the manager; INCR bursts of whole beats
  HostSram,   ///< host memory: the design enables, and has data `latency` cycles later
  Sram,       ///< a space: the bridge enables
  Array,      ///< a space: a named array inside of the design
  Fifo,       ///< results: elements, one a word
  Port,       ///< results: elements side by side
};

/// How wide the port of a role is.
enum class RoleWidth : uint8_t { One, Any, Data, Strobe, Fixed };

/// One port of a protocol.
struct RoleRule {
  llvm::StringLiteral name;
  bool isInput;
  RoleWidth width = RoleWidth::One;
  bool optional = false;
  unsigned bits = 1; ///< of a fixed width
};

struct ProtocolInfo {
  PortProtocol protocol;
  llvm::StringLiteral name; ///< in the manifest
  llvm::StringLiteral use;  ///< "commands", "host", "space", "results"
  llvm::ArrayRef<RoleRule> roles;

  bool isBus() const {
    return protocol == PortProtocol::Plain || protocol == PortProtocol::Apb ||
           protocol == PortProtocol::AxiLite;
  }
  const RoleRule *findRole(llvm::StringRef role) const;
};
const ProtocolInfo &protocolInfo(PortProtocol protocol);
/// The protocol that `name` means where `use` is wanted, or null.
const ProtocolInfo *findProtocol(llvm::StringRef use, llvm::StringRef name);
std::vector<llvm::StringRef> protocolNames(llvm::StringRef use);

/// A name of the design that the manifest gives, and where.
struct BoundName {
  std::string name;
  Place place;
};

/// The ports of one interface. A role that is not there is an optional one without a port, or one
/// whose default name, prefix and role, the design may have or not.
struct PortGroup {
  PortProtocol protocol = PortProtocol::ValidReady;
  std::map<std::string, BoundName> ports; ///< by role; every role of the protocol
  std::map<std::string, bool> given;      ///< by role: named in the manifest, so it must be there
  int64_t latency = 1;                    ///< of data, in cycles of the design
  BoundName array;                        ///< of Array: the path below the top module
  Place place;

  const ProtocolInfo &info() const { return protocolInfo(protocol); }
};

/// A register write: a constant, or for kernel tables a number of commands.
struct BoundWrite {
  int64_t address = 0;
  int64_t value = 0;
  bool isCount = false; ///< `count` commands instead of a value
  Place place;
};

/// When a started command is complete.
struct Completion {
  std::optional<BoundName> port; ///< complete while it has `level`
  bool level = true;
  std::optional<int64_t> poll; ///< register that is read until (value & mask) == mask
  int64_t mask = 1;
  std::optional<BoundWrite> clear; ///< what clears a sticky flag
  Place place;
};

/// Commands that are gathered in a program memory and then started.
struct ProgramBinding {
  int64_t base = 0;     ///< address of the first word, when `array` has no name
  BoundName array;      ///< the program memory as a named array
  int64_t capacity = 0; ///< commands
  std::vector<BoundWrite> table;
  Place place;
};

/// Valid: names of spaces exist, protocols are ones that fit their use.
struct PortBinding {
  std::vector<BoundName> clocks; ///< tied together
  std::optional<BoundName> reset;
  bool resetHigh = false;
  std::vector<std::pair<BoundName, int64_t>> ties;
  PortGroup commands;
  /// Of Release: an input that holds an operand while the design runs, by the operand's name.
  std::vector<std::pair<BoundName, BoundName>> operands;
  std::optional<BoundWrite> start; ///< what starts; an intrinsic that writes it is awaited
  Completion done;
  std::optional<ProgramBinding> program;
  std::optional<PortGroup> host;
  std::map<unsigned, PortGroup> spaces; ///< by space of the target
  std::optional<PortGroup> results;
  std::optional<unsigned> resultSpace; ///< whose elements the results' port shows
  std::optional<BoundName> error;      ///< an output that is not 0 after a command was refused
  Place place;
};

} // namespace lathe
