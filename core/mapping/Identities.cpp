#include "core/mapping/Identities.h"

#include "core/semantics/Interval.h"
#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

bool isConstant(const ExprRef &expr) { return expr->op == Op::Constant; }

class Rewriter {
public:
  Rewriter(const Statement &statement, const Semantics &kernel)
      : statement(statement), kernel(kernel) {}

  /// `expr` with the first two identities applied wherever they hold; itself when nowhere.
  ExprRef arithmetic(const ExprRef &expr) const {
    if (expr->op == Op::Load)
      return expr;
    auto copy = std::make_shared<Expr>(*expr);
    bool changed = false;
    for (ExprRef &operand : copy->operands) {
      ExprRef rewritten = arithmetic(operand);
      changed |= rewritten != operand;
      operand = std::move(rewritten);
    }
    ExprRef result = changed ? ExprRef(copy) : expr;
    if (!expr->type.isInteger() || !expr->type.isSigned())
      return result;
    switch (expr->op) {
    case Op::Sub:
      return makeExpr(Op::Add, expr->type, {result->operands[0], negated(result->operands[1])},
                      expr->loc);
    case Op::Neg:
      return negated(result->operands[0]);
    case Op::Max:
    case Op::Min:
      return boundBeforeShift(result);
    default:
      return result;
    }
  }

private:
  static ExprRef negated(const ExprRef &expr) {
    if (isConstant(expr) && expr->integer != expr->type.min())
      return makeConstant(-expr->integer, expr->type, expr->loc);
    return makeExpr(Op::Mul, expr->type, {expr, makeConstant(-1, expr->type, expr->loc)},
                    expr->loc);
  }

  ExprRef boundBeforeShift(const ExprRef &expr) const {
    unsigned shifted = expr->operands[0]->op == Op::RoundShift ? 0 : 1;
    const ExprRef &shift = expr->operands[shifted], &bound = expr->operands[1 - shifted];
    if (shift->op != Op::RoundShift || !isConstant(bound) || !isConstant(shift->operands[1]))
      return expr;
    ElementType type = expr->type;
    int64_t amount = shift->operands[1]->integer;
    if (amount < 0 || amount >= type.bits || type.bits > 32)
      return expr;
    int64_t moved = bound->integer * (int64_t(1) << amount), half = (int64_t(1) << amount) >> 1;
    Interval values = valueRange(*shift->operands[0], statement, kernel);
    if (moved < type.min() || moved + half > type.max() || values.low < type.min() ||
        values.high + half > type.max())
      return expr;
    ExprRef inner = makeExpr(
        expr->op, type, {shift->operands[0], makeConstant(moved, type, bound->loc)}, expr->loc);
    return makeExpr(Op::RoundShift, type, {inner, shift->operands[1]}, shift->loc);
  }

  const Statement &statement;
  const Semantics &kernel;
};

/// `expr` in type `wide`, up to what saturation to its own type does; nothing when that is not of
/// the shape that the identity is about.
ExprRef widened(const ExprRef &expr, ElementType wide) {
  switch (expr->op) {
  case Op::Constant:
    return makeConstant(expr->integer, wide, expr->loc);
  case Op::Load:
    return makeExpr(Op::Convert, wide, {expr}, expr->loc);
  case Op::Saturate:
    return expr->operands[0]->type == wide ? expr->operands[0] : nullptr;
  case Op::Max:
  case Op::Min: {
    ExprRef a = widened(expr->operands[0], wide), b = widened(expr->operands[1], wide);
    return a && b ? makeExpr(expr->op, wide, {a, b}, expr->loc) : nullptr;
  }
  default:
    return nullptr;
  }
}

bool holdsAll(ElementType wide, ElementType narrow) {
  return wide.isInteger() && narrow.isInteger() && wide.isSigned() && wide.bits > narrow.bits;
}

bool hasLoad(const Expr &expr) {
  return expr.op == Op::Load ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return hasLoad(*operand); });
}

/// Products of tensor elements in `expr`, not looking inside subscripts.
void collectProducts(const ExprRef &expr, std::vector<ExprRef> &products) {
  if (expr->op == Op::Load)
    return;
  // Not of floats: 0 + -0.0 is 0.0.
  if (expr->op == Op::Mul && expr->type.isInteger() && hasLoad(*expr->operands[0]) &&
      hasLoad(*expr->operands[1]))
    products.push_back(expr);
  for (const ExprRef &operand : expr->operands)
    collectProducts(operand, products);
}

ExprRef replaced(const ExprRef &expr, const ExprRef &what, const ExprRef &with) {
  if (expr == what)
    return with;
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = replaced(operand, what, with);
  return copy;
}

/// The only product as a sum over one point, when there is no reduction yet.
ExprRef withUnitSum(const ExprRef &value) {
  bool several = false;
  std::vector<ExprRef> products;
  collectProducts(value, products);
  if (products.size() != 1 || findReduction(*value, several))
    return nullptr;
  auto sum = std::make_shared<Expr>();
  sum->op = Op::Reduce;
  sum->reduction = Reduction::Sum;
  sum->type = products[0]->type;
  sum->loc = products[0]->loc;
  sum->operands = {products[0]};
  return replaced(value, products[0], sum);
}

std::vector<ElementType> tileTypes(const Target &target) {
  std::vector<ElementType> types;
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const TileOperand &tile : intrinsic.tiles)
      if (!llvm::is_contained(types, tile.element))
        types.push_back(tile.element);
  return types;
}

std::vector<ExprRef> formsOf(const Statement &statement, const Semantics &kernel,
                             const Target &target) {
  std::vector<ExprRef> values{statement.value};
  auto add = [&](ExprRef form) {
    if (form && form != statement.value)
      values.push_back(std::move(form));
  };
  // Each identity also of the forms that the ones before it gave. Widening comes first: it makes a
  // bound of a saturated value one of the shifted value in it.
  for (ElementType wide : tileTypes(target))
    if (ElementType narrow = statement.value->type; holdsAll(wide, narrow))
      if (ExprRef value = widened(statement.value, wide))
        if (statement.value->op != Op::Saturate)
          add(makeExpr(Op::Saturate, narrow, {value}, value->loc));
  for (size_t i = 0, count = values.size(); i < count; ++i)
    if (ExprRef form = Rewriter(statement, kernel).arithmetic(values[i]); form != values[i])
      add(std::move(form));
  for (size_t i = 0, count = values.size(); i < count; ++i)
    add(withUnitSum(values[i]));
  values.erase(values.begin());
  return values;
}

} // namespace

std::vector<Group> lathe::withEquivalents(std::vector<Group> groups, const Semantics &kernel,
                                          const Target &target) {
  std::vector<Group> all;
  for (Group &group : groups) {
    std::vector<ExprRef> forms = formsOf(group.statement, kernel, target);
    all.push_back(std::move(group));
    const Group original = all.back();
    for (ExprRef &form : forms) {
      all.push_back(original);
      all.back().statement.value = std::move(form);
    }
  }
  return all;
}
