// Wrong descriptions of a machine, each with one mistake that people make.
#pragma once

#include "core/target/Target.h"

#include <functional>

namespace lathe::mutation {

/// In the table's order.
enum class Mistake : uint8_t {
  Sign,       ///< an operand read as unsigned
  Width,      ///< an operand or a result one bit narrower
  Rounding,   ///< a rounding shift that truncates, or rounds ties the other way
  Saturation, ///< a narrowing that wraps, or saturates at one end only
  LaneOrder,  ///< a subscript that runs backwards, or two subscripts exchanged
  Operator,   ///< another operator, reduction or assignment; a constant one off
  Field,      ///< a field one bit off, two fields exchanged, a count not minus one
  Opcode,     ///< another pattern
  Step,   ///< rows of a tile dense where a state says how far they lie apart, or of another state
  Timing, ///< claims that the hardware does not keep
  SideEffect, ///< the last row or column is not written; a statement or a condition is missing
};
constexpr unsigned kMistakes = static_cast<unsigned>(Mistake::SideEffect) + 1;
llvm::StringRef name(Mistake mistake);

struct DescriptionMutant {
  Mistake mistake = Mistake::Sign;
  std::string what; ///< "LOAD: src read as unsigned"
  std::string same; ///< why it says the same as the right description; empty when it does not
  std::function<Target()> make;
};

/// Every mistake that the rules above make of `target`, which outlives them. A mutant is a valid
/// Target: what its statements read and write agrees with its operands.
std::vector<DescriptionMutant> descriptionMutants(const Target &target);

} // namespace lathe::mutation
