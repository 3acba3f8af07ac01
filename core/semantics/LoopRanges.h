// How far each loop of a statement runs.
#pragma once

#include "core/semantics/Reporter.h"
#include "core/semantics/Semantics.h"

namespace lathe {

/// Fills every Loop.extent. A loop's range is, in this order:
///   the left tensor's dimension where the loop stands alone (when `leftShapeKnown`);
///   a right tensor's dimension where it stands alone, outside guards that mention it, then inside;
///   the largest range for which a compound subscript stays in bounds: x[p+r], r < R, gives H-R+1.
/// False: a range is unknown; reported.
bool inferRanges(Statement &statement, const Semantics &semantics, bool leftShapeKnown,
                 Reporter &reporter);

/// Reports loops that stand alone, unguarded, in a dimension that differs in numbers from their
/// range: always for a range read off the right, and for one given by the left when the two share
/// no size, so that one cannot be meant as a part of the other. Before sizes are known, differences
/// that do not depend on them.
bool checkRangesAgree(const Statement &statement, const Semantics &semantics, Reporter &reporter);

/// The expression of a form over sizes: `H - R + 1`.
ExprRef sizeExpression(const Affine &form);

} // namespace lathe
