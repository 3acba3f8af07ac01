// Object files of compiled functions, by the digest of what they were compiled from.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>
#include <string>

namespace lathe::jit {

/// Many processes may use one folder: files are written beside their name and renamed. A file that
/// cannot be read, or whose checksum is wrong, counts as missing; one that cannot be written is not
/// kept.
class ObjectFolder {
public:
  /// Empty: finds nothing and keeps nothing.
  explicit ObjectFolder(std::string folder);
  std::unique_ptr<llvm::MemoryBuffer> find(llvm::StringRef key) const;
  void keep(llvm::StringRef key, llvm::StringRef object) const;

private:
  std::string path(llvm::StringRef key) const;
  std::string folder;
};

/// BLAKE3 in hexadecimal digits.
std::string digest(llvm::ArrayRef<llvm::StringRef> parts);

} // namespace lathe::jit
