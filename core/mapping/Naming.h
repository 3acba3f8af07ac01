// Gives subexpressions names, until every statement has one reduction of stored operands.
#pragma once

#include "core/mapping/Rewrite.h"
#include "core/mapping/Rules.h"

namespace lathe {

/// Collects the statements of a form.
///
/// before:  y[i] = sum(k) i32(wrap_i8(x[i,k] ^ 128)) * i32(w[k]) + sum(k) i32(w[k])
/// after:   x_i8[a,b] = wrap_i8(x[a,b] ^ 128)
///          y_part = sum(k) i32(w[k])
///          y[i] = sum(k) i32(x_i8[i,k]) * i32(w[k]) + y_part
class Namer {
public:
  /// With `apart`, what surrounds a reduction in the statement added first is a statement too:
  ///
  /// before:  y[i] = (sum(k) i32(x[i,k])) / 20
  /// after:   y_part[i] = sum(k) i32(x[i,k])
  ///          y[i] = y_part[i] / 20
  Namer(const Semantics &kernel, const Target &target, const Rules &rules, bool apart = false)
      : kernel(kernel), target(target), rules(rules), firstTensor(kernel.tensors.size()),
        apart(apart) {}

  /// Appends `statement`, and before it what it needs.
  void add(Statement statement);

  bool failed = false; ///< a subexpression may only be evaluated under a condition
  RuleNames names;     ///< what naming did
  std::vector<Statement> statements;
  std::vector<Tensor> tensors() const {
    return {kernel.tensors.begin() + firstTensor, kernel.tensors.end()};
  }

private:
  ExprRef nameReductions(const ExprRef &expr, const Expr *kept, const Statement &statement);
  ExprRef nameInner(const ExprRef &reduction, const Statement &statement);
  ExprRef nameOperands(const ExprRef &reduction, const Statement &statement);
  ExprRef name(const ExprRef &expr, const Statement &statement, bool guarded);
  /// Over the loops that `expr` mentions.
  Statement overLoops(const ExprRef &expr, const Statement &statement,
                      std::vector<ExprRef> &subscripts) const;
  /// Over the only tensor that `expr` reads, when it reads one element.
  std::optional<Statement> overTensor(const ExprRef &expr, std::vector<ExprRef> &subscripts) const;
  ExprRef define(Statement statement, std::vector<ExprRef> subscripts, llvm::StringRef base);
  std::string fresh(const std::string &base) const;

  Semantics kernel; ///< with the temporaries so far
  const Target &target;
  const Rules &rules;
  size_t firstTensor;
  bool apart;
  unsigned result = 0; ///< of the statement added first
};

} // namespace lathe
