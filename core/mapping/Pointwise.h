// Covers a pointwise expression with moves and pointwise intrinsics, from host memory to host
// memory.
#pragma once

#include "core/mapping/Match.h"
#include "core/mapping/Nest.h"
#include "core/mapping/View.h"

namespace lathe {

/// What a cover may use and must respect.
struct CoverContext {
  const Semantics &kernel;
  const Statement &statement;
  const Target &target;
  const Rules &rules;
  MatchCache &matches;
  const LoopMap &map;
  unsigned rowLoop; ///< nest loops of the result tile
  unsigned laneLoop;
  const Expr *result = nullptr; ///< the reduction left in `resultSpace`, if any
  unsigned resultSpace = 0;
  bool rowsFromLanes =
      false; ///< the lane loop will be cut into rows: what varies by lane varies by row
  unsigned destination = kHostSpace; ///< space that the result is stored to
  /// The accumulators saturate: a sum that starts elsewhere than at zero is not proved to fit.
  bool startsAtZero = false;
};

/// Adds to `nest` the values, inputs, store and result view that compute `statement.value` into
/// host memory at least cost. Returns false and the reason when no cover exists.
bool coverPointwise(const CoverContext &context, Nest &nest, std::string &why);

/// Adds the values and inputs after which `statement.value` stands in `resultSpace`, as what the
/// reduction leaves there, and the result view. Returns false when it does not.
bool coverReduction(const CoverContext &context, const RuleTile &result, const TileOperand &operand,
                    Nest &nest);

} // namespace lathe
