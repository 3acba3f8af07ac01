// What other installed targets could do for statements that run on the host.
#pragma once

#include "sdk/cli/Explanation.h"
#include "sdk/cli/TargetArgument.h"

namespace lathe::cli {

/// A target with what it can do.
struct OtherTarget {
  Target target; ///< the first machine of a plugin
  Rules rules;
};

/// Every target that a search finds, but that of `chosen`'s name. Broken ones are left out: `lathe
/// target list` has them.
std::vector<std::unique_ptr<OtherTarget>> otherTargets(const Session &session,
                                                       const Target &chosen);

/// The target on which the placement's statements map, or else the one whose intrinsic comes
/// nearest. Nothing without one that has a computing intrinsic.
std::optional<Elsewhere> nearestElsewhere(const Placement &placement, const Semantics &kernel,
                                          llvm::ArrayRef<std::unique_ptr<OtherTarget>> others);

} // namespace lathe::cli
