// Text that is checked in beside the sources and read as a diff when it changes.
#pragma once

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>
#include <doctest/doctest.h>

namespace lathe::test {

/// Compares `text` with the file `path` of the repository. With LATHE_UPDATE_SNAPSHOTS=1 in the
/// environment the file is written instead.
inline void checkSnapshot(const std::string &path, llvm::StringRef text) {
  std::string file = LATHE_SOURCE_DIR "/" + path;
  if (std::getenv("LATHE_UPDATE_SNAPSHOTS")) {
    std::error_code error;
    llvm::raw_fd_ostream(file, error) << text;
    REQUIRE(!error);
  }
  auto buffer = llvm::MemoryBuffer::getFile(file);
  REQUIRE_MESSAGE(buffer, file);
  CHECK_MESSAGE((*buffer)->getBuffer() == text, path,
                " is not current: run the unit tests with LATHE_UPDATE_SNAPSHOTS=1");
}

} // namespace lathe::test
