// Messages as their reader sees them: for `lathe help CODE` and docs/reference/messages.md.
#pragma once

#include "core/support/Diagnostic.h"

namespace lathe {

/// `pattern` with "..." where a message names something.
std::string readablePattern(llvm::StringRef pattern);

/// "files and arrays": what the messages whose codes begin like `code` ("L01") are about.
llvm::StringRef messageArea(llvm::StringRef code);

/// A markdown page: one part an area, one heading a code.
std::string messageReference();

} // namespace lathe
