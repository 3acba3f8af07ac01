// Programs in assembly (.lasm) from a file, with the kernels that they name.
#pragma once

#include "core/program/Assembly.h"
#include "sdk/cli/KernelArguments.h"

namespace lathe::cli {

/// True for `x.lasm`.
bool isAssemblyFile(llvm::StringRef path);

/// Assembles arguments.path for `target` with --size. A `kernel` line names a file beside it.
/// Mistakes are reported.
std::optional<Assembled> loadAssembly(Session &session, const KernelArguments &arguments,
                                      const Target &target);

} // namespace lathe::cli
