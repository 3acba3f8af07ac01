// Proofs that subscripts stay inside their tensors.
#pragma once

#include "core/semantics/Accesses.h"
#include "core/semantics/Reporter.h"

namespace lathe {

/// Proves 0 <= subscript < dimension for every access without a gather, for all values of loops and
/// run-time sizes that the guards let through. What cannot be proved is reported, with both
/// numbers. Exact for affine subscripts with `/`, `%`, min, max and clamp, up to rational
/// relaxation.
bool checkBounds(const Semantics &semantics, Reporter &reporter);

} // namespace lathe
