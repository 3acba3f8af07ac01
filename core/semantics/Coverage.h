// Whether results and temporaries are written everywhere before they are read.
#pragma once

#include "core/semantics/Reporter.h"
#include "core/semantics/Semantics.h"

namespace lathe {

/// For a bound kernel: every element of a result, and of a temporary before its first reader, is
/// set by a statement whose subscripts are each a number or affine in one loop of its own, and
/// whose conditions each mention one loop at most. What cannot be shown to be written is reported.
/// Costs the sum of the sizes.
bool checkCoverage(const Semantics &kernel, Reporter &reporter);

} // namespace lathe
