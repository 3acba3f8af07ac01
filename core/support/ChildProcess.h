// Runs a reader program on text in memory and brings back what it wrote, however it ended.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>

namespace lathe {

/// What one call of the child may use. It is started as `PROGRAM memoryBytes cpuSeconds` and limits
/// itself; wall time and output are watched from here.
struct ChildLimits {
  uint64_t memoryBytes = 512ull << 20;
  unsigned cpuSeconds = 2;
  unsigned wallMilliseconds = 20000;
  size_t outputBytes = 16u << 20;
};

struct ChildResult {
  enum class End : uint8_t { Exited, Signalled, OutOfMemory, OutOfTime, TooMuchOutput, NotStarted };
  End end = End::NotStarted;
  int status = 0;     ///< exit status or signal number; 0 when the wall limit ended it
  std::string output; ///< what it wrote to stdout until then
  std::string errors; ///< the first part of its stderr, or why it did not start
};

/// Program `name` beside the running executable, else in ../libexec/lathe beside it, else
/// `fallback`.
std::string findChildProgram(llvm::StringRef name, llvm::StringRef fallback);

/// Starts the child with `input` as its stdin, an empty environment and no other files, and waits
/// for its end, at most the wall limit.
ChildResult runChild(const std::string &program, llvm::StringRef input, const ChildLimits &limits);

} // namespace lathe
