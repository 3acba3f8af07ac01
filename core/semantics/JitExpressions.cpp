// Bodies: one value per point, in lanes, under guards.
#include "core/semantics/JitGenerator.h"

#include <algorithm>

using namespace lathe;
using namespace lathe::jit;
using llvm::Value;

// ---- lanes

Value *Generator::vector(const Lanes &lanes) {
  if (lanes.form == Lanes::Form::Varying)
    return lanes.value;
  Value *splat = b.CreateVectorSplat(plan.lanes, lanes.value);
  if (lanes.form == Lanes::Form::Uniform)
    return splat;
  llvm::SmallVector<llvm::Constant *> steps;
  for (unsigned lane = 0; lane < plan.lanes; ++lane)
    steps.push_back(b.getInt64(lane * lanes.stride));
  return b.CreateAdd(splat, llvm::ConstantVector::get(steps));
}

Lanes Generator::plus(const Lanes &x, const Lanes &y) {
  if (x.form == Lanes::Form::Varying || y.form == Lanes::Form::Varying)
    return varying(b.CreateAdd(vector(x), vector(y)));
  int64_t stride = x.stride + y.stride;
  return {b.CreateAdd(x.value, y.value), stride == 0 ? Lanes::Form::Uniform : Lanes::Form::Strided,
          stride};
}

Lanes Generator::times(const Lanes &x, Value *factor) {
  if (x.form == Lanes::Form::Uniform)
    return uniform(b.CreateMul(x.value, factor));
  auto *known = llvm::dyn_cast<llvm::ConstantInt>(factor);
  if (x.form == Lanes::Form::Strided && known) {
    int64_t stride = x.stride * known->getSExtValue();
    return {b.CreateMul(x.value, factor), stride == 0 ? Lanes::Form::Uniform : Lanes::Form::Strided,
            stride};
  }
  return varying(b.CreateMul(vector(x), b.CreateVectorSplat(plan.lanes, factor)));
}

/// Index arithmetic that keeps the distance between lanes known.
std::optional<Lanes> Generator::index(Op op, const Lanes &x, const Lanes &y) {
  if (op == Op::Add)
    return plus(x, y);
  if (op == Op::Sub)
    return plus(x, times(y, b.getInt64(-1)));
  if (op != Op::Mul)
    return std::nullopt;
  if (y.form == Lanes::Form::Uniform)
    return times(x, y.value);
  if (x.form == Lanes::Form::Uniform)
    return times(y, x.value);
  return std::nullopt;
}

Lanes Generator::both(const Lanes &x, const Lanes &y) {
  if (!x.value)
    return y;
  if (!y.value)
    return x;
  if (x.form == Lanes::Form::Uniform && y.form == Lanes::Form::Uniform)
    return uniform(b.CreateAnd(x.value, y.value));
  return varying(b.CreateAnd(vector(x), vector(y)));
}

Value *Generator::mask(const Point &point, bool guardNeeded) {
  if (!guardNeeded || !point.guard.value)
    return point.tail;
  Value *guard = vector(point.guard);
  return point.tail ? b.CreateAnd(guard, point.tail) : guard;
}

Value *Generator::anyLane(Value *condition) {
  return condition->getType()->isVectorTy() ? b.CreateOrReduce(condition) : condition;
}

// ---- evaluation

Generator::Values Generator::evaluate(const Expr &expr, const Points &points) {
  bool guarded = std::any_of(points.begin(), points.end(),
                             [](const Point &point) { return point.guard.value; });
  return guarded || points.size() == 1 ? evaluateEach(expr, points) : evaluateShared(expr, points);
}

/// Points of the tile that differ only in loops the expression does not mention share one value.
Generator::Values Generator::evaluateShared(const Expr &expr, const Points &points) {
  bool rows = plan.rowLoop && mentionsLoop(expr, *plan.rowLoop);
  bool columns = plan.laneLoop && mentionsLoop(expr, *plan.laneLoop);
  if (rows && columns)
    return evaluateEach(expr, points);
  std::map<std::pair<unsigned, unsigned>, unsigned> seen;
  Points different;
  llvm::SmallVector<unsigned> which;
  for (const Point &point : points) {
    auto [entry, isNew] = seen.try_emplace(
        std::pair(rows ? point.row : 0, columns ? point.column : 0), different.size());
    if (isNew)
      different.push_back(point);
    which.push_back(entry->second);
  }
  Values values = evaluateEach(expr, different), all;
  for (unsigned i : which)
    all.push_back(values[i]);
  return all;
}

Generator::Values Generator::evaluateEach(const Expr &expr, const Points &points) {
  Values values;
  switch (expr.op) {
  case Op::Constant:
    return constant(expr, points);
  case Op::Loop:
    for (const Point &point : points)
      values.push_back(point.loops[expr.id]);
    return values;
  case Op::Size:
    return Values(points.size(), uniform(sizeValues[expr.id]));
  case Op::Load:
    return load(expr, points);
  case Op::Lut:
    return lookUp(expr, points);
  case Op::Reduce:
    return reduce(expr, points);
  case Op::Select:
    return select(expr, points);
  case Op::LogicalAnd:
  case Op::LogicalOr:
    return logical(expr, points);
  case Op::Div:
  case Op::Mod:
    return divide(expr, points);
  default:
    return binary(expr, points);
  }
}

Generator::Values Generator::constant(const Expr &expr, const Points &points) {
  llvm::Type *type = arithmetic.registerType(expr.type);
  Value *value = expr.type.isFloat()
                     ? static_cast<Value *>(llvm::ConstantFP::get(type, expr.real))
                     : llvm::ConstantInt::get(type, static_cast<uint64_t>(expr.integer),
                                              /*IsSigned=*/false, /*ImplicitTrunc=*/true);
  return Values(points.size(), uniform(value));
}

/// Every operator that evaluates all its operands.
Generator::Values Generator::binary(const Expr &expr, const Points &points) {
  llvm::SmallVector<Values> operands;
  for (const ExprRef &operand : expr.operands)
    operands.push_back(evaluate(*operand, points));
  Values values;
  for (unsigned p = 0; p < points.size(); ++p) {
    llvm::SmallVector<Lanes> atPoint;
    for (const Values &operand : operands)
      atPoint.push_back(operand[p]);
    values.push_back(apply(expr, atPoint));
  }
  return values;
}

Lanes Generator::apply(const Expr &expr, llvm::ArrayRef<Lanes> operands) {
  if (expr.type.isIndex()) {
    if (expr.op == Op::Neg)
      return times(operands[0], b.getInt64(-1));
    if (operands.size() == 2)
      if (auto result = index(expr.op, operands[0], operands[1]))
        return *result;
  }
  bool allUniform = std::all_of(operands.begin(), operands.end(), [](const Lanes &lanes) {
    return lanes.form == Lanes::Form::Uniform;
  });
  llvm::SmallVector<Value *> v;
  for (const Lanes &operand : operands)
    v.push_back(allUniform ? operand.value : vector(operand));
  ElementType first = expr.operands[0]->type;
  auto result = [&]() -> Value * {
    switch (expr.op) {
    case Op::Convert:
      return arithmetic.convert(v[0], first, expr.type);
    case Op::Saturate:
      return arithmetic.saturate(v[0], first, expr.type);
    case Op::Shl:
    case Op::Shr:
    case Op::RoundShift:
    case Op::Bit:
      return arithmetic.shift(expr.op, v[0], first, v[1], expr.operands[1]->type);
    case Op::Popcount:
      return arithmetic.popcount(v[0], first, expr.type);
    case Op::Clamp:
      return arithmetic.binary(Op::Min, arithmetic.binary(Op::Max, v[0], v[1], first), v[2], first);
    default:
      return v.size() == 1 ? arithmetic.unary(expr.op, v[0], first)
                           : arithmetic.binary(expr.op, v[0], v[1], first);
    }
  }();
  return allUniform ? uniform(result) : varying(result);
}

Generator::Values Generator::divide(const Expr &expr, const Points &points) {
  if (expr.type.isFloat())
    return binary(expr, points);
  Values x = evaluate(*expr.operands[0], points), y = evaluate(*expr.operands[1], points), values;
  for (unsigned p = 0; p < points.size(); ++p) {
    bool scalar = x[p].form == Lanes::Form::Uniform && y[p].form == Lanes::Form::Uniform;
    Value *divisor = y[p].form == Lanes::Form::Uniform ? y[p].value : vector(y[p]);
    auto lanes = [&](Value *value) {
      return y[p].form == Lanes::Form::Uniform ? uniform(value) : varying(value);
    };
    Value *isZero = b.CreateIsNull(divisor);
    check(lanes(b.CreateNot(isZero)), uniform(b.getInt64(0)), points[p], "division by zero");
    // Lanes that take no part may still hold a zero.
    Value *one = arithmetic.integer(1, expr.type, divisor);
    Lanes safe = lanes(b.CreateSelect(isZero, one, divisor));
    Value *result = scalar ? arithmetic.binary(expr.op, x[p].value, safe.value, expr.type)
                           : arithmetic.binary(expr.op, vector(x[p]), vector(safe), expr.type);
    values.push_back(scalar ? uniform(result) : varying(result));
  }
  return values;
}

Generator::Points Generator::guarded(const Points &points, llvm::ArrayRef<Lanes> conditions,
                                     bool inverted) {
  Points result = points;
  for (unsigned p = 0; p < points.size(); ++p) {
    Lanes condition = conditions[p];
    if (inverted)
      condition.value = b.CreateNot(condition.value);
    result[p].guard = both(points[p].guard, condition);
  }
  return result;
}

/// True when evaluating `expr` where its guard is false could read outside of a tensor or divide by
/// zero.
bool Generator::mayFail(const Expr &expr) const {
  bool found = false;
  walk(expr, [&](const Expr &e) {
    bool divides = (e.op == Op::Div || e.op == Op::Mod) && !e.type.isFloat();
    found |= divides && (e.operands[1]->op != Op::Constant || e.operands[1]->integer == 0);
    found |= e.op == Op::Lut;
    found |= e.op == Op::Load && !alwaysInBounds(semantics, *current, e);
  });
  return found;
}

Generator::Values Generator::select(const Expr &expr, const Points &points) {
  Values chosen = evaluate(*expr.operands[0], points);
  auto side = [&](unsigned operand, bool inverted) {
    const Expr &expression = *expr.operands[operand];
    return evaluate(expression, mayFail(expression) ? guarded(points, chosen, inverted) : points);
  };
  Values yes = side(1, false), no = side(2, true), values;
  for (unsigned p = 0; p < points.size(); ++p) {
    bool scalar = yes[p].form == Lanes::Form::Uniform && no[p].form == Lanes::Form::Uniform &&
                  chosen[p].form == Lanes::Form::Uniform;
    if (scalar) {
      values.push_back(uniform(b.CreateSelect(chosen[p].value, yes[p].value, no[p].value)));
      continue;
    }
    Value *condition = chosen[p].form == Lanes::Form::Uniform ? chosen[p].value : vector(chosen[p]);
    values.push_back(varying(b.CreateSelect(condition, vector(yes[p]), vector(no[p]))));
  }
  return values;
}

/// The second condition is evaluated where the first has not decided.
Generator::Values Generator::logical(const Expr &expr, const Points &points) {
  Values first = evaluate(*expr.operands[0], points);
  Values second = evaluate(*expr.operands[1], guarded(points, first, expr.op == Op::LogicalOr)),
         values;
  for (unsigned p = 0; p < points.size(); ++p) {
    Lanes operands[] = {first[p], second[p]};
    values.push_back(apply(expr, operands));
  }
  return values;
}

Lanes Generator::scalarIndex(const Expr &expr) { return evaluate(expr, Points(1)).front(); }

// ---- loads

Generator::Values Generator::load(const Expr &expr, const Points &points) {
  llvm::SmallVector<Values> subscripts;
  for (const ExprRef &subscript : expr.operands)
    subscripts.push_back(evaluate(*subscript, points));
  bool guardNeeded = !current || !alwaysInBounds(semantics, *current, expr);
  Values values;
  for (unsigned p = 0; p < points.size(); ++p) {
    Values atPoint;
    for (const Values &subscript : subscripts)
      atPoint.push_back(subscript[p]);
    atPoint = checkedSubscripts(*current, expr.id, expr.operands, points[p], atPoint);
    values.push_back(loadAt(expr.id, atPoint, points[p], guardNeeded));
  }
  return values;
}

/// Subscripts that come from memory are compared with the tensor's shape as the code runs.
Generator::Values Generator::checkedSubscripts(const Statement &statement, unsigned tensor,
                                               llvm::ArrayRef<ExprRef> subscripts,
                                               const Point &point, llvm::ArrayRef<Lanes> values) {
  Values result(values.begin(), values.end());
  for (unsigned d = 0; d < subscripts.size(); ++d) {
    if (!containsLoad(*subscripts[d]))
      continue;
    ElementType type = subscripts[d]->type;
    Lanes &value = result[d];
    if (!type.isIndex()) {
      Lanes operand = value;
      value.value = arithmetic.convert(operand.value, type, ElementType::index());
    }
    Lanes size = scalarIndex(*semantics.tensors[tensor].shape[d]);
    bool scalar = value.form == Lanes::Form::Uniform;
    Value *position = scalar ? value.value : vector(value);
    Value *limit = scalar ? size.value : vector(size);
    Value *ok = b.CreateICmpULT(position, limit);
    check(scalar ? uniform(ok) : varying(ok), value, point,
          "subscript " + std::to_string(d + 1) + " of '" + semantics.tensors[tensor].name +
              "' is {0}, out of bounds");
  }
  return result;
}

Generator::Values Generator::lookUp(const Expr &expr, const Points &points) {
  unsigned table = expr.operands[0]->id;
  Values positions = evaluate(*expr.operands[1], points), values;
  for (unsigned p = 0; p < points.size(); ++p) {
    Lanes position = positions[p];
    ElementType type = expr.operands[1]->type;
    if (!type.isIndex())
      position.value = arithmetic.convert(position.value, type, ElementType::index());
    bool scalar = position.form == Lanes::Form::Uniform;
    Value *limit = scalarIndex(*semantics.tensors[table].shape[0]).value;
    Value *ok = b.CreateICmpULT(scalar ? position.value : vector(position),
                                scalar ? limit : b.CreateVectorSplat(plan.lanes, limit));
    check(scalar ? uniform(ok) : varying(ok), position, points[p],
          "index {0} is outside of table '" + semantics.tensors[table].name + "'");
    values.push_back(loadAt(table, {position}, points[p], /*guardNeeded=*/true));
  }
  return values;
}
