#include "core/semantics/JitCache.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe::jit;

static constexpr size_t kDigestDigits = 64;

std::string lathe::jit::digest(llvm::ArrayRef<llvm::StringRef> parts) {
  llvm::BLAKE3 hasher;
  for (llvm::StringRef part : parts) {
    uint64_t size = part.size();
    hasher.update(llvm::StringRef(reinterpret_cast<const char *>(&size), sizeof size));
    hasher.update(part);
  }
  return llvm::toHex(hasher.final<32>(), /*LowerCase=*/true);
}

ObjectFolder::ObjectFolder(std::string folder) : folder(std::move(folder)) {
  // Without a folder nothing is kept, and that is all.
  if (!this->folder.empty() && llvm::sys::fs::create_directories(this->folder))
    this->folder.clear();
}

std::string ObjectFolder::path(llvm::StringRef key) const {
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, key + ".o");
  return std::string(path);
}

std::unique_ptr<llvm::MemoryBuffer> ObjectFolder::find(llvm::StringRef key) const {
  if (folder.empty())
    return nullptr;
  auto file = llvm::MemoryBuffer::getFile(path(key), /*IsText=*/false,
                                          /*RequiresNullTerminator=*/false);
  if (!file || (*file)->getBufferSize() < kDigestDigits)
    return nullptr;
  llvm::StringRef content = (*file)->getBuffer().drop_back(kDigestDigits);
  if (digest({content}) != (*file)->getBuffer().take_back(kDigestDigits))
    return nullptr;
  return llvm::MemoryBuffer::getMemBufferCopy(content, key);
}

void ObjectFolder::keep(llvm::StringRef key, llvm::StringRef object) const {
  if (folder.empty())
    return;
  auto file = llvm::sys::fs::TempFile::create(path(key) + ".%%%%%%%%");
  if (!file)
    return llvm::consumeError(file.takeError());
  llvm::raw_fd_ostream out(file->FD, /*shouldClose=*/false);
  out << object << digest({object});
  out.flush();
  bool written = !out.has_error();
  out.clear_error();
  llvm::consumeError(written ? file->keep(path(key)) : file->discard());
}
