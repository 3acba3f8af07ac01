// Files of a plugin: read with a size limit, found only inside the plugin's folder.
#pragma once

#include "core/support/Diagnostic.h"

namespace lathe {

constexpr size_t kLargestDescription = 1 << 20; ///< bytes of one .td or .yaml

/// Reads a regular file of at most `kLargestDescription` bytes; `at` is where it was asked for (an
/// invalid location: the file itself is blamed).
std::optional<unsigned> readDescription(llvm::StringRef path, llvm::SMLoc at,
                                        Diagnostics &diagnostics);

/// folder/relative with links and dots resolved, or nothing when that is missing or outside
/// `folder`.
std::optional<std::string> pathInside(llvm::StringRef folder, llvm::StringRef relative);

/// True when `relative` is absolute or climbs out of its folder, whether or not it exists.
bool leavesFolder(llvm::StringRef relative);

} // namespace lathe
