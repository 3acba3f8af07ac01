// The text of the protocols' modules, carried by the library.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace lathe {

/// The file simulators/rtl/bridge/MODULE.sv.
llvm::StringRef bridgeSource(llvm::StringRef module);

} // namespace lathe
