// Kernels from a file, whichever notation it is written in.
#pragma once

#include "core/semantics/Interpreter.h"
#include "core/support/ChildProcess.h"
#include "core/support/Diagnostic.h"

namespace lathe {

struct KernelFile {
  struct Entry {
    Semantics semantics;
    Arrays constants; ///< parameters whose values stand in the file
    std::string text; ///< the kernel in index notation, when the file is MLIR
  };
  std::vector<Entry> kernels;
};

/// How MLIR is read. An empty `program` means the reader that belongs to this SDK. Memory, time and
/// output grow with the file: these are for a small one.
struct MlirReaderOptions {
  std::string program;
  ChildLimits limits{.memoryBytes = 1ull << 30,
                     .cpuSeconds = 10,
                     .wallMilliseconds = 20000,
                     .outputBytes = 16u << 20};
};

/// Reads `path`: MLIR when it ends in `.mlir`, else index notation. Nothing: reported.
std::optional<KernelFile> readKernelFile(llvm::StringRef path, Diagnostics &diagnostics,
                                         const MlirReaderOptions &options = {});

/// MLIR's text (linalg on tensors, TOSA, ml_program) to kernels. A process of its own reads it and
/// answers in index notation, which is parsed here: what `lathe import` prints is what is run.
/// Statements keep the places of the operations they come from.
std::optional<KernelFile> importMlir(unsigned file, Diagnostics &diagnostics,
                                     const MlirReaderOptions &options = {});

} // namespace lathe
