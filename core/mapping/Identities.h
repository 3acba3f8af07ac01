// Statements written differently that compute the same.
#pragma once

#include "core/mapping/Group.h"
#include "core/target/Target.h"

namespace lathe {

/// `groups` with, after each, its equivalent forms: for intrinsics that do not compute it as it is
/// written. Every form is equal for all values, by one of
///
///   a - b, -b                      a + b * -1, b * -1            integers wrap alike
///   max(round_shift(u, s), c)      round_shift(max(u, c << s), s)  where u + (1 << (s-1)) stays in
///                                  range, proved by its interval; min alike
///   e                              sat_T(wide(e)) for e of type T made of elements, numbers, max,
///                                  min and sat_T, and `wide` a type of the target's tiles
///   a[i] * b[j]                    sum() a[i] * b[j], over one point
std::vector<Group> withEquivalents(std::vector<Group> groups, const Semantics &kernel,
                                   const Target &target);

} // namespace lathe
