// An instruction's bits as fields, from the highest down.
#pragma once

#include "core/target/Target.h"

namespace lathe::manual {

/// Bits [lsb, lsb+width) of an instruction.
struct BitField {
  enum class Kind : uint8_t {
    Fixed,    ///< the opcode: always `value`
    Argument, ///< a piece of an argument
    Reserved, ///< zero
  };
  Kind kind = Kind::Reserved;
  unsigned lsb = 0, width = 0;
  std::string name; ///< of an argument, with the value's bits when it is one of several pieces
  uint64_t value = 0;

  unsigned msb() const { return lsb + width - 1; }
};

struct BitLayout {
  unsigned width = 0;           ///< bits of the instruction
  std::vector<BitField> fields; ///< from the highest bit down; every bit is in exactly one
};

BitLayout bitLayout(const Intrinsic &intrinsic);

/// "63-60", or "32" for one bit.
std::string bitRange(const BitField &field);
/// The bits of `field` in `word`; at most its low 64.
uint64_t bitsIn(const BitField &field, const Word &word);
/// Four binary digits a group from the right: "1010 0001".
std::string binary(uint64_t value, unsigned width);
/// "0x1007800c00000040": all digits that `width` bits take.
std::string hexadecimal(const Word &word, unsigned width);

} // namespace lathe::manual
