// The text that TableGen may see: an ISA's main file, what it includes of its own folder, and the
// SDK's vocabulary. The child gets this text and no file system.
#pragma once

#include "core/support/Diagnostic.h"

namespace lathe {

/// The text of lathe/Isa.td, which every description includes.
llvm::StringRef isaVocabulary();

struct IsaSource {
  std::string virtualPath; ///< what the child calls it
  unsigned file = 0;       ///< in Sources
};

struct IsaSources {
  std::vector<IsaSource> files; ///< the main one first, the vocabulary last
  std::vector<std::string> includeDirs;

  /// The child's input (its format: tablegen/IsaReaderMain.cpp).
  std::string message(const Sources &sources) const;
};

/// Reads `path` and, transitively, every file of `folder` that an `include` may mean. Files outside
/// the folder are not opened, whatever the text says or links point at; TableGen reports the
/// include.
std::optional<IsaSources> collectIsaSources(llvm::StringRef folder, llvm::StringRef path,
                                            Diagnostics &diagnostics);

} // namespace lathe
