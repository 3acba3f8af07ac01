// Tests that follow from a plugin's library: each entry at some sizes, on every oracle.
#pragma once

#include "sdk/cli/TestFile.h"

namespace lathe::cli {

/// One for each entry of the plugin in `folder` and each of its test sizes, on its first machine.
/// Without RTL only on the functional model. An entry that cannot be assembled is reported.
std::vector<TestCase> libraryTests(Session &session, llvm::StringRef folder);

} // namespace lathe::cli
