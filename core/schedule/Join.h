// Which groups form a chain: what one leaves, another takes on chip.
#pragma once

#include "core/schedule/Chain.h"

namespace lathe {

/// A group and the mapping it is placed by.
struct Link {
  const Group *group = nullptr;
  const Mapping *mapping = nullptr;
};

/// The chain of `links`, in order, not tiled yet; nothing when one of them would read through host
/// memory what another writes there, or has nothing to take from an earlier one.
std::optional<Chain> joinLinks(const Semantics &kernel, llvm::ArrayRef<Link> links,
                               const Rules &rules, const Target &target);

} // namespace lathe
