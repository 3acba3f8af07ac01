#include "core/mapping/Unroll.h"

#include <map>
#include <optional>

using namespace lathe;

using Point = std::map<unsigned, int64_t>; ///< loops with a value

/// a + 0, a - 0 and a product of constants, of indices.
static ExprRef simplified(ExprRef expr) {
  if (!expr->type.isIndex() || expr->operands.size() != 2)
    return expr;
  const ExprRef &a = expr->operands[0], &b = expr->operands[1];
  auto isNumber = [](const ExprRef &operand) { return operand->op == Op::Constant; };
  if ((expr->op == Op::Add || expr->op == Op::Sub) && isNumber(b) && b->integer == 0)
    return a;
  if (expr->op == Op::Add && isNumber(a) && a->integer == 0)
    return b;
  if (expr->op == Op::Mul && isNumber(a) && isNumber(b))
    return makeConstant(a->integer * b->integer, expr->type, expr->loc);
  return expr;
}

static ExprRef termAt(const ExprRef &expr, const Point &point) {
  if (expr->op == Op::Loop) {
    auto found = point.find(expr->id);
    return found == point.end() ? expr : makeConstant(found->second, expr->type, expr->loc);
  }
  std::vector<ExprRef> operands;
  for (const ExprRef &operand : expr->operands)
    operands.push_back(termAt(operand, point));
  if (operands == expr->operands)
    return expr;
  auto copy = std::make_shared<Expr>(*expr);
  copy->operands = std::move(operands);
  return simplified(std::move(copy));
}

static std::optional<Op> operatorOf(Reduction reduction) {
  switch (reduction) {
  case Reduction::Max:
    return Op::Max;
  case Reduction::Min:
    return Op::Min;
  default:
    return std::nullopt;
  }
}

static bool isSmall(const Expr &reduction, const Statement &statement) {
  int64_t points = 1;
  for (unsigned loop : reduction.loops) {
    points *= statement.loops[loop].size;
    if (points > kMostTerms)
      return false;
  }
  return points >= 2 && reduction.operands.size() == 1 && reduction.type.isInteger();
}

/// The next point in loop order, the last loop fastest; false after the last one.
static bool advance(Point &point, const Expr &reduction, const Statement &statement) {
  for (size_t i = reduction.loops.size(); i-- > 0;) {
    unsigned loop = reduction.loops[i];
    if (++point[loop] < statement.loops[loop].size)
      return true;
    point[loop] = 0;
  }
  return false;
}

ExprRef lathe::writtenOut(const ExprRef &expr, const Statement &statement) {
  std::vector<ExprRef> operands;
  for (const ExprRef &operand : expr->operands)
    operands.push_back(writtenOut(operand, statement));
  ExprRef whole = expr;
  if (operands != expr->operands) {
    auto copy = std::make_shared<Expr>(*expr);
    copy->operands = std::move(operands);
    whole = copy;
  }
  auto op = whole->op == Op::Reduce ? operatorOf(whole->reduction) : std::nullopt;
  if (!op || !isSmall(*whole, statement))
    return whole;
  Point point;
  for (unsigned loop : whole->loops)
    point[loop] = 0;
  ExprRef terms = termAt(whole->operands[0], point);
  while (advance(point, *whole, statement))
    terms = makeExpr(*op, whole->type, {terms, termAt(whole->operands[0], point)}, whole->loc);
  return terms;
}
