// The numbers an index expression can take, by interval arithmetic in 64 bits.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

/// From `low` to `high`, both included.
struct IndexRange {
  int64_t low, high;
};

/// The range of `expr` over all loops of `statement` (may be null: no loops in `expr`) and all
/// values of sizes that are not numbers yet. Nothing for gathers, beyond 64 bits, or for a zero
/// divisor.
std::optional<IndexRange> indexRange(const Expr &expr, const Statement *statement,
                                     const Semantics &semantics);

/// The number of a size expression, when every size in it is known and it fits 64 bits.
std::optional<int64_t> evaluateSize(const Expr &expr, const Semantics &semantics);

} // namespace lathe
