// Files read and written whole: neither a device that never ends nor a file half written.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorOr.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>
#include <system_error>

namespace lathe {

/// The bytes of a regular file, terminated by a zero byte behind them. What is no regular file (a
/// folder, a device, a pipe) is refused: it may never end. The reason stands in `why`.
std::unique_ptr<llvm::MemoryBuffer> readWhole(llvm::StringRef path, std::string &why);

/// Writes `parts` after each other to a file beside `path` and renames it to `path`. A run that is
/// interrupted or finds the disk full leaves nothing; one that is killed leaves `path` as it was.
/// A device or a pipe is written to as it is.
std::error_code writeWhole(llvm::StringRef path, llvm::ArrayRef<llvm::StringRef> parts);

/// A file that others write under `name()`, beside `path`: keep() renames it to `path`, else it is
/// removed at the end, or when the run is interrupted.
class PartialFile {
public:
  explicit PartialFile(llvm::StringRef path);
  ~PartialFile();
  PartialFile(const PartialFile &) = delete;
  PartialFile &operator=(const PartialFile &) = delete;

  const std::string &name() const { return partial; }
  std::error_code keep();

private:
  std::string path, partial;
  bool isKept = false;
};

} // namespace lathe
