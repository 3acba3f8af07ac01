// Host steps of a program in assembly: kernels in index notation.
#pragma once

#include "core/program/AssemblyExpression.h"

namespace lathe {

/// The kernel that `body`, a part of `file`, holds, with sizes by the names known. Reported: what
/// the notation finds, more than one kernel, a tensor that is no symbol of its type and sizes.
std::optional<Semantics> parseHostStep(llvm::StringRef body, unsigned file,
                                       const AssemblyNames &names, Diagnostics &diagnostics);

} // namespace lathe
