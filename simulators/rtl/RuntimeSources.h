// The text of runtime/: what is compiled together with every model.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace lathe {

struct RuntimeSource {
  llvm::StringLiteral name;
  llvm::StringLiteral text;
};
llvm::ArrayRef<RuntimeSource> runtimeSources();

} // namespace lathe
