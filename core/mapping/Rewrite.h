// Applies the table of identities to expressions of a statement.
#pragma once

#include "core/mapping/Algebra.h"

#include "llvm/ADT/SetVector.h"

namespace lathe {

/// What an expression may be rewritten with, and what for.
struct RewriteScope {
  const Semantics &kernel;
  const Statement &statement; ///< whose loops the expression is over
  Algebra &algebra;
  /// The machine's operand type, for rules of use Operand.
  std::optional<ElementType> machine = std::nullopt;
};

/// Names of the rules used, in order of first use.
using RuleNames = llvm::SmallSetVector<llvm::StringRef, 8>;

/// Every expression that one application of a rule of `use` to `expr` itself gives, in the table's
/// order. Sums and products are matched in any order and grouping (floats: grouping only where the
/// kernel allows it). A rule's condition must be shown by interval analysis. `names` gets one name
/// each.
std::vector<ExprRef> rewritesOf(const ExprRef &expr, RewriteRule::Use use,
                                const RewriteScope &scope,
                                std::vector<llvm::StringRef> *names = nullptr);

/// `expr` with rules of `use`, and units, applied everywhere until none does: outermost first. A
/// Body use leaves reductions as they are.
ExprRef normalised(const ExprRef &expr, RewriteRule::Use use, const RewriteScope &scope,
                   RuleNames &names);

/// The factors of a product, or the expression alone.
std::vector<ExprRef> factorsOf(const ExprRef &expr);
ExprRef productOf(llvm::ArrayRef<ExprRef> factors);

/// True when `expr` mentions any of `loops`.
bool mentionsAny(const Expr &expr, llvm::ArrayRef<unsigned> loops);

} // namespace lathe
