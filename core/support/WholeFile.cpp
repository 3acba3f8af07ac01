#include "core/support/WholeFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

std::unique_ptr<llvm::MemoryBuffer> lathe::readWhole(StringRef path, std::string &why) {
  fs::file_status status;
  std::error_code error = fs::status(path, status);
  if (!error && fs::is_directory(status))
    error = std::make_error_code(std::errc::is_a_directory);
  if (!error && !fs::is_regular_file(status)) {
    why = "not a regular file";
    return nullptr;
  }
  auto buffer = error ? error : llvm::MemoryBuffer::getFile(path, /*IsText=*/true);
  if (buffer)
    return std::move(*buffer);
  why = buffer.getError().message();
  return nullptr;
}

static std::error_code write(StringRef path, llvm::ArrayRef<StringRef> parts) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error);
  if (error)
    return error;
  for (StringRef part : parts)
    out << part;
  out.close();
  error = out.error();
  out.clear_error(); // reported by the caller; the stream would end the program
  return error;
}

// Renaming onto a link would replace the link, not the file that it names.
static std::string withoutLinks(StringRef path) {
  llvm::SmallString<256> real;
  return fs::real_path(path, real) ? path.str() : real.str().str();
}

// Beside the output, so that renaming stays inside one file system.
PartialFile::PartialFile(StringRef given) : path(withoutLinks(given)) {
  partial = path + "." + std::to_string(llvm::sys::Process::getProcessId()) + ".partial";
  llvm::sys::RemoveFileOnSignal(partial);
}

PartialFile::~PartialFile() {
  if (!isKept)
    (void)fs::remove(partial);
  llvm::sys::DontRemoveFileOnSignal(partial);
}

std::error_code PartialFile::keep() {
  std::error_code error = fs::rename(partial, path);
  isKept = !error;
  return error;
}

std::error_code lathe::writeWhole(StringRef path, llvm::ArrayRef<StringRef> parts) {
  fs::file_status status;
  bool exists = !fs::status(path, status) && fs::exists(status);
  if (exists && !fs::is_regular_file(status))
    return write(path, parts);
  PartialFile file(path);
  std::error_code error = write(file.name(), parts);
  return error ? error : file.keep();
}
