// Runs the TableGen child on text in memory.
#pragma once

#include "core/support/ChildProcess.h"

namespace lathe {

/// A good description takes 3 ms and 20 MB.
using IsaReaderLimits = ChildLimits;
using IsaProcessResult = ChildResult;

/// How to read an ISA. An empty `program` means the one that belongs to this SDK.
struct IsaReaderOptions {
  std::string program;
  IsaReaderLimits limits;
};

/// Starts the child with `input` as its stdin and waits for its end, at most the wall limit.
IsaProcessResult runIsaReader(llvm::StringRef input, const IsaReaderOptions &options);

} // namespace lathe
