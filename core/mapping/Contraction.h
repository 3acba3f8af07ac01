// Mappings of a reduction onto contraction intrinsics.
#pragma once

#include "core/mapping/Mapping.h"

namespace lathe {

struct BandForm;

/// With `band`, `group` is its form: of the sets of loops only those that use it, and only those of
/// one loop or of all.
void enumerateContractions(const Semantics &kernel, const Group &group, const Expr &reduction,
                           const Target &target, const Rules &rules,
                           const std::shared_ptr<MatchCache> &matches,
                           std::vector<Mapping> &mappings, std::vector<Refusal> &refusals,
                           const BandForm *band = nullptr);

} // namespace lathe
