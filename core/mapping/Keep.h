// Results that stay on chip between nests.
#pragma once

#include "core/mapping/Mapping.h"

namespace lathe {

/// The nest of `mapping`, which is finished and has one, with its result stored to on-chip `space`
/// in place of host memory; nothing when no intrinsic does that, or when the result needs a copy.
std::optional<Nest> keepingNest(const Semantics &kernel, const Group &group, const Mapping &mapping,
                                unsigned space, const Target &target, const Rules &rules);

/// Lets `keeping` store its result to host memory as well, as the nest it was made of does; false
/// when that needs other values.
bool storeAsWell(Nest &keeping, const Nest &storing);

/// The nest with its result left where the contraction writes it; nothing when more is computed
/// than the reduction, or what it goes on from.
std::optional<Nest> leavingNest(const Semantics &kernel, const Group &group, const Mapping &mapping,
                                const Target &target, const Rules &rules);

/// How nest loops walk a tensor that is kept as rows of its last dimension: address = base +
/// lane chunk * rows + offset + sum of step * loop.
struct RowWalk {
  int64_t offset = 0;         ///< rows
  std::vector<int64_t> steps; ///< per nest loop, in rows
  bool operator==(const RowWalk &) const = default;
};

/// The walk of `view` over a tensor whose rows have `rowElements`, or nothing when it does not go
/// row by row, with lanes from the beginning of each row on.
std::optional<RowWalk> rowWalk(const HostView &view, const Nest &nest, int64_t rowElements);

} // namespace lathe
