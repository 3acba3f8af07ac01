// Mappings of a reduction onto contraction intrinsics.
#pragma once

#include "core/mapping/Mapping.h"

namespace lathe {

void enumerateContractions(const Semantics &kernel, const Group &group, const Expr &reduction,
                           const Target &target, const Rules &rules,
                           const std::shared_ptr<MatchCache> &matches,
                           std::vector<Mapping> &mappings, std::vector<Refusal> &refusals);

} // namespace lathe
