// The table of identities (Rewrites.def), given types: what a form of a statement may be derived
// by.
#pragma once

#include "core/semantics/Semantics.h"

#include <map>

namespace lathe {

/// One line of the table; texts as they stand there.
struct RewriteRule {
  enum class Use : uint8_t { Order, Unit, Body, Sum, Split, Operand };
  enum class Floats : uint8_t { Never, Exact, Reassociate };
  llvm::StringRef name;
  Use use;
  Floats floats;
  llvm::StringRef types, variables, pattern, replacement, condition;
};

llvm::ArrayRef<RewriteRule> rewriteRules();

/// The letters of a rule.
struct RuleTypes {
  std::optional<ElementType> t, n, p, m;

  auto key() const {
    auto number = [](const std::optional<ElementType> &type) {
      return type ? int(type->kind) << 8 | type->bits : -1;
    };
    return std::array<int, 4>{number(t), number(n), number(p), number(m)};
  }
};

/// A rule with types: `left` equals `right` wherever all of `holds` do. A Load of a tensor without
/// subscripts is a variable; with subscripts, one that may depend on these loops of a reduction.
/// Loops of both sides are the same when they have one name.
struct RuleInstance {
  Semantics semantics;
  const Statement *left = nullptr, *right = nullptr; ///< of semantics
  std::vector<ExprRef> holds;

  RuleInstance() = default;
  RuleInstance(const RuleInstance &) = delete;
  RuleInstance &operator=(const RuleInstance &) = delete;
};

/// The rule in index notation: a kernel of results `left`, `right` and, with a condition, `holds`.
/// Nothing when the rule has no instance of these types: a letter that it needs is not known, or
/// its conditions on types do not hold.
std::optional<std::string> instanceText(const RewriteRule &rule, const RuleTypes &types);

/// Instances, parsed once each.
class Algebra {
public:
  /// Null when there is none, or its notation has no meaning in these types (a literal that does
  /// not fit, a conversion that would lose values).
  const RuleInstance *instance(const RewriteRule &rule, const RuleTypes &types);

private:
  std::map<std::pair<const RewriteRule *, std::array<int, 4>>, std::unique_ptr<RuleInstance>> known;
};

} // namespace lathe
