// What vendors do today: the plugin's own kernels on small numbers, results compared.
#pragma once

#include "sdk/cli/Session.h"
#include "sdk/cli/Verb.h"
#include "sdk/mutation/RtlMutants.h"

#include "core/target/Target.h"

namespace lathe::cli {

struct BaselineResult {
  std::vector<bool> killed; ///< by mutant
  size_t kernels = 0;
  uint64_t cycles = 0; ///< of all of them on the machine without a fault
};

/// For each mutant, whether some kernel's result differs from the reference, or it does not end.
/// Kernels are those of the plugin's tests, with its sizes; integers lie in [-2, 2]. What `isEqual`
/// says of a mutant spares it the run.
BaselineResult killedByKernels(Session &session, const Target &target,
                               const mutation::RtlMutants &mutants, unsigned jobs,
                               const std::function<bool(size_t)> &isEqual);

} // namespace lathe::cli
