// Which loops of a statement become vector lanes and register tiles. Knows no LLVM IR.
#pragma once

#include "core/semantics/Jit.h"

namespace lathe::jit {

/// The loop nest chosen for one statement.
///
/// before:  for i, for j:  c[i,j] = sum(k) a[i,k] * b[k,j]
/// after:   for j by columns * lanes, for i by rows:  rows x columns vectors of `lanes` sums, for
/// k: all += a * b
struct Plan {
  std::optional<unsigned> laneLoop;   ///< parallel loop whose neighbours share a vector
  const Expr *laneReduce = nullptr;   ///< or: the reduction with ...
  std::optional<unsigned> reduceLane; ///< ... this loop along the lanes
  unsigned lanes = 1;
  unsigned columns = 1;            ///< vectors side by side along laneLoop
  std::optional<unsigned> rowLoop; ///< parallel loop unrolled beside it
  unsigned rows = 1;
  bool lanesOutermost = false; ///< keep a panel of the operand that moves along the lanes in cache
};

/// `vectorBits`: of this computer's vector registers. Sizes without a value count as their maximum.
Plan choosePlan(const Semantics &semantics, const Statement &statement,
                llvm::ArrayRef<JitLayout> layouts, unsigned vectorBits);

/// Constant extent of a loop, when it has one.
std::optional<int64_t> constantExtent(const Semantics &semantics, const Statement &statement,
                                      unsigned loop);
/// The value of an index expression over known sizes.
std::optional<int64_t> constantIndex(const Semantics &semantics, const Expr &expr);

/// True when every subscript of the load stays inside its tensor for all values of the loops,
/// whatever the guards say.
bool alwaysInBounds(const Semantics &semantics, const Statement &statement, const Expr &load);
bool alwaysInBounds(const Semantics &semantics, const Statement &statement, const Expr &subscript,
                    unsigned tensor, unsigned dimension);

/// Calls `visit` for `expr` and everything below it.
template <typename Visit> void walk(const Expr &expr, Visit &&visit) {
  visit(expr);
  for (const ExprRef &operand : expr.operands)
    walk(*operand, visit);
}
bool mentionsLoop(const Expr &expr, unsigned loop);
bool containsLoad(const Expr &expr);

} // namespace lathe::jit
