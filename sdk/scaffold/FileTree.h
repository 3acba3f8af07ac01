// A folder of text files in memory.
#pragma once

#include "core/support/Diagnostic.h"

#include <map>
#include <string>

namespace lathe {

/// Contents by path relative to the tree's folder, with '/'.
using FileTree = std::map<std::string, std::string>;

/// `text` with `by` wherever `word` stands.
std::string replaced(llvm::StringRef text, llvm::StringRef word, llvm::StringRef by);

/// Every file below `folder`, with `word` replaced by `by` in contents and paths. Reported and
/// nothing when there is none or one cannot be read.
std::optional<FileTree> readTemplate(llvm::StringRef folder, llvm::StringRef word,
                                     llvm::StringRef by, Diagnostics &diagnostics);

/// Writes the tree as the new folder `folder`, whose parent exists: beside its place, then renamed,
/// so that a failure leaves nothing. What is at `folder` already stays as it is, and is reported,
/// like every other failure.
bool writeNewFolder(llvm::StringRef folder, const FileTree &tree, Diagnostics &diagnostics);

} // namespace lathe
