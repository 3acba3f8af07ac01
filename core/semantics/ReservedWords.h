// Words of the notation that cannot be names.
#pragma once

#include "llvm/ADT/StringRef.h"

namespace lathe {

/// `where`, `and`, `sum`, `select`, `i32`, ...: what cannot be a tensor's, size's or loop's name.
bool isReservedWord(llvm::StringRef word);
/// `sum`, `max`, `argmin`, ...
bool isReductionWord(llvm::StringRef word);

} // namespace lathe
