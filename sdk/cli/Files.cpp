#include "sdk/cli/Files.h"

#include "core/support/WholeFile.h"

using namespace lathe;

bool lathe::cli::writeFile(Session &session, llvm::StringRef path, llvm::StringRef contents) {
  std::error_code error = writeWhole(path, contents);
  if (error)
    session.diagnostics.report(Message::FileUnwritable, Place{}, path, error.message());
  return !error;
}
