// What happens where a nest's loops do not fill an intrinsic's tiles.
#pragma once

#include "core/mapping/Nest.h"

namespace lathe {

/// Why the nest's partly filled tiles would change the result, or nothing when they do not.
///
/// A tile's fixed dimensions hold more than what is left of a loop at its end:
///   depth   the iterations beyond must add nothing: some operands are padded with numbers that
///   make
///           the body the reduction's neutral element, whatever the other operands hold
///   lanes   what is computed beyond is never stored: the store has an extent for it
///   moves   a load that has neither an extent nor padding reads what stands behind the row
/// The numbers come from the moves' own semantics; none is assumed to be zero.
std::optional<std::string> paddingFault(const Nest &nest, const Rules &rules, const Target &target);

/// `body` with the tensors in `known` replaced by numbers, when that makes it a number whatever the
/// others are: 0 * x, max(highest, x), x & 0. Integers only; for floats every operand must be
/// known.
std::optional<int64_t> constantUnder(const Expr &body, const std::map<unsigned, int64_t> &known);

/// The value that a reduction of integers over no elements has.
std::optional<int64_t> neutralOf(Reduction reduction, ElementType type);

} // namespace lathe
