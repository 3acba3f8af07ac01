#include "sdk/cli/Files.h"

#include "llvm/Support/FileSystem.h"

using namespace lathe;

static llvm::Error writeWhole(llvm::StringRef path, llvm::StringRef contents) {
  // The temporary file is removed by LLVM's signal handler as well.
  auto file = llvm::sys::fs::TempFile::create(path + ".tmp-%%%%%%");
  if (!file)
    return file.takeError();
  llvm::raw_fd_ostream out(file->FD, /*shouldClose=*/false);
  out << contents;
  out.flush();
  if (std::error_code error = out.error()) {
    out.clear_error();
    return llvm::joinErrors(llvm::errorCodeToError(error), file->discard());
  }
  return file->keep(path);
}

bool lathe::cli::writeFile(Session &session, llvm::StringRef path, llvm::StringRef contents) {
  llvm::Error error = writeWhole(path, contents);
  if (!error)
    return true;
  session.diagnostics.report(Message::FileUnwritable, Place{}, path,
                             llvm::toString(std::move(error)));
  return false;
}
