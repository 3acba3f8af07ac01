// Whole files, written or not at all.
#pragma once

#include "sdk/cli/Session.h"

namespace lathe::cli {

/// Writes beside `path` and renames; an interrupted run leaves nothing. Reports and returns false
/// when it cannot.
bool writeFile(Session &session, llvm::StringRef path, llvm::StringRef contents);

} // namespace lathe::cli
