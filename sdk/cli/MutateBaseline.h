// What vendors do today: the plugin's own kernels on small numbers, results compared.
#pragma once

#include "sdk/cli/Session.h"
#include "sdk/cli/Verb.h"
#include "sdk/mutation/RtlMutants.h"

#include "core/target/Target.h"

namespace lathe::cli {

/// For each mutant, whether some kernel's result differs from the reference, or it does not end.
/// Kernels are those of the plugin's tests, with its sizes; integers lie in [-2, 2].
std::vector<bool> killedByKernels(Session &session, const Target &target,
                                  const mutation::RtlMutants &mutants, unsigned jobs,
                                  size_t &kernels);

} // namespace lathe::cli
