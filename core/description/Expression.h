// Arithmetic in YAML values: `2*DIM + 4`, `rows`, `spm.addresses / 2`.
#pragma once

#include "core/support/Diagnostic.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe {

/// base + sum of factor * variable.
struct Linear {
  int64_t base = 0;
  std::vector<std::pair<unsigned, int64_t>> terms; ///< (variable, factor), by variable, no zeros

  bool isNumber() const { return terms.empty(); }
};

/// What names mean. A number is folded; a variable stays a term.
class ExpressionScope {
public:
  void number(llvm::StringRef name, int64_t value) { names.push_back({name.str(), {value, {}}}); }
  void variable(llvm::StringRef name, unsigned id) {
    names.push_back({name.str(), {0, {{id, 1}}}});
  }
  const Linear *find(llvm::StringRef name) const;
  std::vector<llvm::StringRef> allNames() const;

private:
  std::vector<std::pair<std::string, Linear>> names;
};

/// Sums, differences, products and quotients (rounded down, of numbers only) of whole numbers and
/// names, with brackets. Mistakes are reported at their place in `text`, which begins at `loc`.
std::optional<Linear> parseExpression(llvm::StringRef text, llvm::SMLoc loc,
                                      const ExpressionScope &scope, Diagnostics &diagnostics);

} // namespace lathe
