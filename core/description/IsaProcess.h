// Runs the TableGen child on text in memory and brings back what it wrote, however it ended.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace lathe {

/// What one call of the child may use. A good description takes 3 ms and 20 MB.
struct IsaReaderLimits {
  uint64_t memoryBytes = 512ull << 20;
  unsigned cpuSeconds = 2;
  unsigned wallMilliseconds = 5000;
  size_t outputBytes = 16u << 20;
};

/// How to read an ISA. An empty `program` means: beside the running executable, then in
/// ../libexec/lathe beside it, then where this SDK was built.
struct IsaReaderOptions {
  std::string program;
  IsaReaderLimits limits;
};

struct IsaProcessResult {
  enum class End : uint8_t { Exited, Signalled, OutOfMemory, OutOfTime, TooMuchOutput, NotStarted };
  End end = End::NotStarted;
  int status = 0;     ///< exit status or signal number; 0 when the wall limit ended it
  std::string output; ///< what it wrote to stdout until then
  std::string errors; ///< the first part of its stderr, or why it did not start
};

/// Starts the child with `input` as its stdin and waits for its end, at most the wall limit.
IsaProcessResult runIsaReader(llvm::StringRef input, const IsaReaderOptions &options);

} // namespace lathe
