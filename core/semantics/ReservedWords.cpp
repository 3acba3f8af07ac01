#include "core/semantics/ReservedWords.h"

#include "core/semantics/ElementType.h"

#include "llvm/ADT/StringSwitch.h"

using llvm::StringRef;

bool lathe::isReductionWord(StringRef word) {
  return llvm::StringSwitch<bool>(word)
      .Cases({"sum", "prod", "max", "min", "any", "all", "argmax", "argmin"}, true)
      .Default(false);
}

bool lathe::isReservedWord(StringRef word) {
  return lathe::isReductionWord(word) || lathe::parseElementType(word) ||
         llvm::StringSwitch<bool>(word)
             .Cases({"kernel", "where", "and", "or", "not", "sparse", "inf", "nan"}, true)
             .Cases({"abs", "clamp", "select", "lut", "bit", "popcount"}, true)
             .Cases({"round_shift", "round_even", "floor", "recip", "rsqrt", "sqrt"}, true)
             .Cases({"exp", "log", "tanh", "erf"}, true)
             .Default(false);
}
