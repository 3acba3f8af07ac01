#include "simulators/functional/Undefined.h"

#include <algorithm>

using namespace lathe;

namespace {
constexpr ElementType kCondition = ElementType::condition();

ElementType shadowType(ElementType type) { return ElementType::integer(8 * type.bytes(), false); }

ExprRef either(ExprRef x, ExprRef y) {
  if (!x || !y)
    return x ? x : y;
  return makeExpr(Op::LogicalOr, kCondition, {std::move(x), std::move(y)});
}

bool readsMemory(const Expr &expr) {
  return expr.op == Op::Load || expr.op == Op::Lut ||
         std::any_of(expr.operands.begin(), expr.operands.end(),
                     [](const ExprRef &operand) { return readsMemory(*operand); });
}

/// Writes the shadow of expressions. A null ExprRef means: always defined.
class Tracker {
public:
  explicit Tracker(const Semantics &semantics) : semantics(semantics) {}

  /// u1: the value of `expr` is undefined.
  ExprRef undefined(const Expr &expr);
  /// `expr` with subscripts and divisors that are harmless when they are undefined.
  ExprRef harmless(const ExprRef &expr);
  ExprRef shadowOf(unsigned tensor, std::vector<ExprRef> subscripts) const;
  ExprRef bitsOf(unsigned tensor, std::vector<ExprRef> subscripts) const;
  ExprRef anyUndefined(llvm::ArrayRef<ExprRef> expressions);
  std::vector<ExprRef> allHarmless(llvm::ArrayRef<ExprRef> expressions);
  Statement shadow(const Statement &statement);
  Statement data(const Statement &statement);

private:
  ExprRef undefinedReduce(const Expr &expr);
  ExprRef undefinedSelect(const Expr &expr);
  ExprRef undefinedLogical(const Expr &expr);
  ExprRef undefinedLoad(const Expr &expr);
  ExprRef undefinedBit(const Expr &expr);
  ExprRef insteadOfUndefined(const ExprRef &expr, int64_t value);

  const Semantics &semantics;
};
} // namespace

ExprRef Tracker::anyUndefined(llvm::ArrayRef<ExprRef> expressions) {
  ExprRef result;
  for (const ExprRef &expr : expressions)
    result = either(result, undefined(*expr));
  return result;
}

ExprRef Tracker::bitsOf(unsigned tensor, std::vector<ExprRef> subscripts) const {
  ElementType type = shadowType(semantics.tensors[tensor].type);
  return makeLoad(semantics.tensors.size() + tensor, type, std::move(subscripts));
}

ExprRef Tracker::shadowOf(unsigned tensor, std::vector<ExprRef> subscripts) const {
  ExprRef bits = bitsOf(tensor, std::move(subscripts));
  return makeExpr(Op::NotEqual, kCondition, {bits, makeConstant(0, bits->type)});
}

ExprRef Tracker::undefined(const Expr &expr) {
  switch (expr.op) {
  case Op::Load:
  case Op::Lut:
    return undefinedLoad(expr);
  case Op::Bit:
    return undefinedBit(expr);
  case Op::Reduce:
    return undefinedReduce(expr);
  case Op::Select:
    return undefinedSelect(expr);
  case Op::LogicalAnd:
  case Op::LogicalOr:
    return undefinedLogical(expr);
  default:
    return anyUndefined(expr.operands);
  }
}

/// A shadow is a mask: of an element in memory, one bit alone.
ExprRef Tracker::undefinedBit(const Expr &expr) {
  const Expr &load = *expr.operands[0];
  if (load.op != Op::Load || load.type.isFloat() ||
      llvm::any_of(load.operands, [](const ExprRef &s) { return readsMemory(*s); }) ||
      readsMemory(*expr.operands[1]))
    return anyUndefined(expr.operands);
  // In the element's own type, so that beyond its width the sign's bit counts, or none.
  ExprRef bits = bitsOf(load.id, load.operands);
  if (bits->type != load.type)
    bits = makeExpr(Op::Convert, load.type, {bits});
  return makeExpr(Op::Bit, kCondition, {bits, expr.operands[1]});
}

ExprRef Tracker::undefinedLoad(const Expr &expr) {
  llvm::ArrayRef<ExprRef> subscripts = expr.operands;
  unsigned tensor = expr.op == Op::Lut ? expr.operands[0]->id : expr.id;
  if (expr.op == Op::Lut)
    subscripts = subscripts.drop_front();
  ExprRef byWhere = anyUndefined(subscripts);
  std::vector<ExprRef> where;
  for (const ExprRef &subscript : subscripts) {
    ExprRef position = readsMemory(*subscript) ? insteadOfUndefined(subscript, 0) : subscript;
    bool isIndex = position->type.isIndex();
    where.push_back(isIndex ? position : makeExpr(Op::Convert, ElementType::index(), {position}));
  }
  return either(byWhere, shadowOf(tensor, std::move(where)));
}

/// any(loops where conditions) undefined(body), or a condition that is undefined itself.
ExprRef Tracker::undefinedReduce(const Expr &expr) {
  ExprRef body = undefined(*expr.operands[0]);
  llvm::ArrayRef<ExprRef> conditions = llvm::ArrayRef(expr.operands).drop_front();
  auto overLoops = [&](ExprRef what, std::vector<ExprRef> where) -> ExprRef {
    if (!what)
      return nullptr;
    auto any = std::make_shared<Expr>(expr);
    any->type = kCondition;
    any->reduction = Reduction::Any;
    any->operands = {std::move(what)};
    any->operands.insert(any->operands.end(), where.begin(), where.end());
    return any;
  };
  return either(overLoops(body, allHarmless(conditions)), overLoops(anyUndefined(conditions), {}));
}

ExprRef Tracker::undefinedSelect(const Expr &expr) {
  ExprRef yes = undefined(*expr.operands[1]), no = undefined(*expr.operands[2]), side;
  if (yes || no)
    side = makeExpr(Op::Select, kCondition,
                    {harmless(expr.operands[0]), yes ? yes : makeConstant(0, kCondition),
                     no ? no : makeConstant(0, kCondition)});
  return either(undefined(*expr.operands[0]), side);
}

ExprRef Tracker::undefinedLogical(const Expr &expr) {
  ExprRef second = undefined(*expr.operands[1]);
  if (second) {
    ExprRef goesOn = harmless(expr.operands[0]);
    if (expr.op == Op::LogicalOr)
      goesOn = makeExpr(Op::Not, kCondition, {goesOn});
    second = makeExpr(Op::LogicalAnd, kCondition, {goesOn, second});
  }
  return either(undefined(*expr.operands[0]), second);
}

ExprRef Tracker::insteadOfUndefined(const ExprRef &expr, int64_t value) {
  ExprRef defined = harmless(expr), isUndefined = undefined(*expr);
  if (!isUndefined)
    return defined;
  return makeExpr(Op::Select, expr->type, {isUndefined, makeConstant(value, expr->type), defined});
}

ExprRef Tracker::harmless(const ExprRef &expr) {
  auto result = std::make_shared<Expr>(*expr);
  result->operands = allHarmless(expr->operands);
  bool divides = (expr->op == Op::Div || expr->op == Op::Mod) && !expr->type.isFloat();
  if (divides || expr->op == Op::Lut)
    result->operands[1] = insteadOfUndefined(expr->operands[1], divides ? 1 : 0);
  if (expr->op == Op::Load)
    for (unsigned d = 0; d < expr->operands.size(); ++d)
      if (readsMemory(*expr->operands[d]))
        result->operands[d] = insteadOfUndefined(expr->operands[d], 0);
  return result;
}

std::vector<ExprRef> Tracker::allHarmless(llvm::ArrayRef<ExprRef> expressions) {
  std::vector<ExprRef> result;
  for (const ExprRef &expr : expressions)
    result.push_back(harmless(expr));
  return result;
}

Statement Tracker::data(const Statement &statement) {
  Statement result = statement;
  result.subscripts = allHarmless(statement.subscripts);
  result.value = harmless(statement.value);
  result.conditions = allHarmless(statement.conditions);
  return result;
}

/// Where a condition is undefined, so is the element.
Statement Tracker::shadow(const Statement &statement) {
  Statement result = data(statement);
  ElementType type = shadowType(semantics.tensors[statement.tensor].type);
  ExprRef byCondition = anyUndefined(statement.conditions);
  ExprRef isUndefined = either(byCondition, undefined(*statement.value));
  if (statement.assign != Assign::Set)
    isUndefined = either(isUndefined, shadowOf(statement.tensor, result.subscripts));
  if (byCondition)
    for (ExprRef &condition : result.conditions)
      condition = either(condition, byCondition);
  result.tensor += semantics.tensors.size();
  result.assign = Assign::Set;
  ExprRef zero = makeConstant(0, type);
  result.value =
      isUndefined ? makeExpr(Op::Select, type, {isUndefined, makeConstant(-1, type), zero}) : zero;
  return result;
}

Semantics lathe::trackUndefined(const Semantics &semantics) {
  Tracker tracker(semantics);
  Semantics result = semantics;
  for (const Tensor &tensor : semantics.tensors) {
    Tensor shadow = tensor;
    shadow.type = shadowType(tensor.type);
    result.tensors.push_back(std::move(shadow));
  }
  result.statements.clear();
  for (const Statement &statement : semantics.statements) {
    result.statements.push_back(tracker.shadow(statement));
    result.statements.push_back(tracker.data(statement));
  }
  return result;
}
