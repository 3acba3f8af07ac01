// Where the elements of an operand lie when its subscripts move the loops: reversed, offset, on a
// ring, or as a layout says.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// The one loop of a subscript, and where its values lie: an expression over it as loop 0.
struct LoopPlace {
  unsigned loop = 0;
  ExprRef place;
};

/// Nothing for several loops, run-time sizes and gathers.
std::optional<LoopPlace> placeOf(const ExprRef &subscript, const Semantics &semantics);

/// Each value lies at the place of its number.
bool isPlain(const ExprRef &place);

/// Each of `lanes` values has a place of its own among as many.
bool isOrder(const ExprRef &place, int64_t lanes);

/// `dst[i, N-1-j] = src[i,j]` on chip is `dst[i,j] = src[i, N-1-j]`: results are counted in the
/// order of their lanes. Other statements are left as they are.
Statement inOrder(const Statement &statement, const Intrinsic &intrinsic, const Target &target);

/// The layout of an operand in host memory over the loops of its subscripts, whose values lie at
/// `places`, at most `most` of each. Nothing, and the reason, when rows do not lie one after the
/// other, or two values at one place.
std::shared_ptr<const Layout> layoutAt(const TileOperand &operand, llvm::ArrayRef<ExprRef> places,
                                       llvm::ArrayRef<int64_t> most, const char *&reason);

/// `layout` (null: rows of neighbours) of `operand` when value j of its last index stands where
/// `lane` says, of `most` values.
std::shared_ptr<const Layout> turnedLanes(const TileOperand &operand, const Layout *layout,
                                          const ExprRef &lane, int64_t most);

} // namespace lathe
