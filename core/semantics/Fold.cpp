#include "core/semantics/Fold.h"

#include "core/semantics/IndexRange.h"

using namespace lathe;

static ExprRef foldConversion(const Expr &expr, const ExprRef &operand) {
  bool isIndexConstant = operand->op == Op::Constant && operand->type.isIndex();
  bool isSmallFloat = expr.type == ElementType::f32() && std::abs(operand->integer) < (1 << 24);
  bool fits = expr.type.isInteger() && operand->integer >= expr.type.min() &&
              (operand->integer <= expr.type.max() || expr.type.max() < 0);
  if (!isIndexConstant || (!fits && !isSmallFloat))
    return nullptr;
  return makeConstant(operand->integer, expr.type, expr.loc);
}

static bool isConstant(const ExprRef &expr) { return expr->op == Op::Constant; }

/// The number of an index operator on constants.
static ExprRef foldIndex(const Expr &expr, const std::vector<ExprRef> &operands,
                         const Semantics &semantics) {
  if (!expr.type.isIndex() || operands.empty() || expr.op == Op::Load)
    return nullptr;
  for (const ExprRef &operand : operands)
    if (!isConstant(operand) || !operand->type.isIndex())
      return nullptr;
  auto number = evaluateSize(*makeExpr(expr.op, expr.type, operands), semantics);
  return number ? makeConstant(*number, expr.type, expr.loc) : nullptr;
}

ExprRef lathe::fold(const ExprRef &expr, const Semantics &semantics) {
  if (expr->op == Op::Size) {
    auto value = semantics.sizes[expr->id].value;
    return value ? makeConstant(*value, expr->type, expr->loc) : expr;
  }
  std::vector<ExprRef> operands;
  bool changed = false;
  for (const ExprRef &operand : expr->operands) {
    operands.push_back(fold(operand, semantics));
    changed |= operands.back() != operand;
  }
  if (ExprRef number = foldIndex(*expr, operands, semantics))
    return number;
  if (expr->op == Op::Convert || expr->op == Op::Saturate)
    if (ExprRef number = foldConversion(*expr, operands[0]))
      return number;
  if (!changed)
    return expr;
  auto copy = std::make_shared<Expr>(*expr);
  copy->operands = std::move(operands);
  return copy;
}
