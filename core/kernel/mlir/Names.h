// Names for tensors, sizes and loops: one set, none twice, none reserved.
#pragma once

#include "core/semantics/ReservedWords.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <string>

namespace lathe::mlirreader {

class NameSet {
public:
  /// `wanted`, made a name of the notation; with `_2`, `_3`, ... when it is taken.
  std::string fresh(llvm::StringRef wanted) {
    std::string base;
    for (char c : wanted.take_front(100))
      base += llvm::isAlnum(c) ? c : '_';
    if (base.empty() || llvm::isDigit(base[0]) || base[0] == '_')
      base = "v" + base;
    std::string name = base;
    for (unsigned n = 2; isTaken(name); ++n)
      name = base + "_" + std::to_string(n);
    taken.insert(name);
    return name;
  }
  bool isTaken(llvm::StringRef name) const { return taken.contains(name) || isReservedWord(name); }

private:
  llvm::StringSet<> taken;
};

} // namespace lathe::mlirreader
