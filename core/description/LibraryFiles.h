// The hand-written programs of a plugin: `library/NAME.lathe` with `library/NAME.lasm`.
#pragma once

#include "core/support/Diagnostic.h"
#include "core/target/Target.h"

namespace lathe {

/// Reads the folder `library` of the plugin in `folder`, if there is one: every kernel with its
/// program, by name. What is wrong with the kernels, and a file without its partner, is reported;
/// the programs are assembled where sizes are known.
std::vector<LibraryEntry> readLibrary(llvm::StringRef folder, Diagnostics &diagnostics);

} // namespace lathe
