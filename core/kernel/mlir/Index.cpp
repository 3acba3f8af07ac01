#include "core/kernel/mlir/Index.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

ExprRef mlirreader::indexConstant(int64_t value) {
  return makeConstant(value, ElementType::index());
}

std::optional<int64_t> mlirreader::constantOf(const ExprRef &expr) {
  if (expr->op == Op::Constant && !expr->type.isFloat())
    return expr->integer;
  return std::nullopt;
}

static int64_t floorDiv(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static std::optional<int64_t> fold(Op op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
  case Op::Add:
    return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  case Op::Sub:
    return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  case Op::Mul:
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
  case Op::Div:
    return b <= 0 ? std::nullopt : std::optional(floorDiv(a, b));
  case Op::Mod:
    return b <= 0 ? std::nullopt : std::optional(a - floorDiv(a, b) * b);
  case Op::Min:
    return std::min(a, b);
  case Op::Max:
    return std::max(a, b);
  default:
    return std::nullopt;
  }
}

/// n / B * B + n % B
static ExprRef joined(const Expr &a, const Expr &b) {
  if (a.op != Op::Mul || b.op != Op::Mod || a.operands[0]->op != Op::Div)
    return nullptr;
  const Expr &quotient = *a.operands[0];
  bool same = equal(*quotient.operands[0], *b.operands[0]) &&
              equal(*quotient.operands[1], *a.operands[1]) &&
              equal(*quotient.operands[1], *b.operands[1]);
  return same ? b.operands[0] : nullptr;
}

ExprRef mlirreader::indexOp(Op op, ExprRef a, ExprRef b) {
  auto left = constantOf(a), right = constantOf(b);
  if (left && right)
    if (auto value = fold(op, *left, *right))
      return indexConstant(*value);
  if (left && !right && (op == Op::Add || op == Op::Mul)) {
    std::swap(a, b);
    std::swap(left, right);
  }
  if (right == 0 && (op == Op::Add || op == Op::Sub))
    return a;
  if (right == 1 && (op == Op::Mul || op == Op::Div))
    return a;
  if ((right == 0 && op == Op::Mul) || (right == 1 && op == Op::Mod))
    return indexConstant(0);
  if (op == Op::Add && right && *right < 0 && *right != INT64_MIN)
    return makeExpr(Op::Sub, ElementType::index(), {a, indexConstant(-*right)});
  if (op == Op::Sub && right && *right < 0 && *right != INT64_MIN)
    return makeExpr(Op::Add, ElementType::index(), {a, indexConstant(-*right)});
  if (op == Op::Add)
    if (ExprRef whole = joined(*a, *b))
      return whole;
  return makeExpr(op, ElementType::index(), {std::move(a), std::move(b)});
}

bool mlirreader::isNonNegative(const Expr &expr) {
  switch (expr.op) {
  case Op::Loop:
  case Op::Size:
    return true;
  case Op::Constant:
    return expr.integer >= 0;
  case Op::Max:
    return isNonNegative(*expr.operands[0]) || isNonNegative(*expr.operands[1]);
  case Op::Add:
  case Op::Mul:
  case Op::Div:
  case Op::Mod:
  case Op::Min:
    return isNonNegative(*expr.operands[0]) && isNonNegative(*expr.operands[1]);
  default:
    return false;
  }
}

bool mlirreader::isLinear(const Expr &expr) {
  switch (expr.op) {
  case Op::Loop:
  case Op::Size:
  case Op::Constant:
    return expr.type.isIndex();
  case Op::Add:
  case Op::Sub:
    return isLinear(*expr.operands[0]) && isLinear(*expr.operands[1]);
  case Op::Mul:
    return isLinear(*expr.operands[0]) && expr.operands[1]->op == Op::Constant;
  default:
    return false;
  }
}

ExprRef mlirreader::substituteLoops(const ExprRef &expr, const std::vector<ExprRef> &loops) {
  if (expr->op == Op::Loop)
    return loops[expr->id];
  if (expr->operands.empty())
    return expr;
  std::vector<ExprRef> operands;
  for (const ExprRef &operand : expr->operands)
    operands.push_back(substituteLoops(operand, loops));
  bool isIndexArithmetic =
      expr->type.isIndex() && operands.size() == 2 && expr->op >= Op::Add && expr->op <= Op::Mod;
  if (isIndexArithmetic)
    return indexOp(expr->op, operands[0], operands[1]);
  auto copy = std::make_shared<Expr>(*expr);
  copy->operands = std::move(operands);
  return copy;
}

size_t mlirreader::treeSize(const Expr &expr, size_t limit) {
  size_t size = 1;
  for (const ExprRef &operand : expr.operands) {
    if (size >= limit)
      return limit;
    size += treeSize(*operand, limit - size);
  }
  return std::min(size, limit);
}
