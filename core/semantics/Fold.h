// Index expressions with known sizes to numbers.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

/// `expr` with every known size as a constant, index arithmetic on constants done, and conversions
/// of index constants replaced by constants of the type where they fit. Shares what does not
/// change.
ExprRef fold(const ExprRef &expr, const Semantics &semantics);

} // namespace lathe
