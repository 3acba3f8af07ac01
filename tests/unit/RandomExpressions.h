// Random typed statements: every operator on every type, in lanes, under guards, inside reductions,
// through gathers.
#pragma once

#include "tests/unit/HandBuilt.h"

#include <random>

namespace lathe::test {

inline const std::vector<ElementType> kTypes = {ElementType::integer(8),
                                                ElementType::integer(8, false),
                                                ElementType::integer(32),
                                                ElementType::integer(32, false),
                                                ElementType::integer(4),
                                                ElementType::integer(5, false),
                                                ElementType::integer(16),
                                                ElementType::integer(64),
                                                ElementType::integer(64, false),
                                                ElementType::integer(33),
                                                ElementType::integer(1, false),
                                                ElementType::integer(1),
                                                ElementType::f32(),
                                                ElementType::f16(),
                                                ElementType::bf16()};
inline const ElementType kCondition = ElementType::condition();

/// y[i,j] (op)= expr where condition over tensors x<type>[rows, columns], v<type>[columns] and
/// at[rows]: i8.
class RandomKernel {
public:
  explicit RandomKernel(uint64_t seed) : random(seed) {
    rows = pick<int64_t>({1, 3, 8, 13});
    columns = pick<int64_t>({1, 2, 16, 21, 67});
    for (ElementType type : kTypes) {
      matrices.push_back(b.tensor("x_" + name(type), type, {rows, columns}, Role::Input));
      vectors.push_back(b.tensor("v_" + name(type), type, {columns}, Role::Input));
    }
    positions = b.tensor("at", i8, {rows}, Role::Input);
  }

  Semantics build() {
    ElementType type = pick(kTypes);
    unsigned y = b.tensor("y", type, {rows, columns}, Role::Output);
    bool numeric = type != kCondition;
    Assign assign =
        numeric && chance(4) ? pick<Assign>({Assign::Add, Assign::Max, Assign::Min}) : Assign::Set;
    ExprRef value = expression(type, 4);
    Statement &statement = b.statement(y, {loop(0), loop(1)}, value,
                                       {rows, columns, pick<int64_t>({1, 5, 19}), 2}, 2, assign);
    if (chance(4))
      statement.conditions.push_back(expression(kCondition, 2));
    return b.semantics;
  }

  Arrays inputs() {
    Arrays arrays;
    for (const Tensor &tensor : b.semantics.tensors) {
      if (tensor.role != Role::Input)
        continue;
      Array array = Array::zeros(tensor.type, tensor.sizes);
      for (int64_t i = 0; i < array.elements(); ++i)
        if (tensor.name == "at")
          array.setInteger(i, random() % columns);
        else if (tensor.type.isFloat())
          array.setReal(i, pick<double>({0, -0.0, 1, -1.5, 3.25, 1e-3, -7, 100, 65504}));
        else
          array.setInteger(i, integer(tensor.type));
      arrays[tensor.name] = std::move(array);
    }
    return arrays;
  }

private:
  template <typename T> T pick(const std::vector<T> &from) { return from[random() % from.size()]; }
  bool chance(unsigned oneIn) { return random() % oneIn == 0; }
  ElementType integerType() {
    ElementType type = pick(kTypes);
    return type.isInteger() && type.bits > 1 ? type : integerType();
  }

  int64_t integer(ElementType type) {
    int64_t value = pick<int64_t>({type.min(), type.max(), 0, 1, -1, 2, -3, 7});
    if (chance(3))
      value = static_cast<int64_t>(random());
    unsigned unused = 64 - type.bits;
    uint64_t low = static_cast<uint64_t>(value) << unused;
    return type.isSigned() ? static_cast<int64_t>(low) >> unused
                           : static_cast<int64_t>(low >> unused);
  }

  ExprRef constant(ElementType type) {
    if (type.isFloat())
      return makeReal(pick<double>({0, 1, -2, 0.5, 3}), type);
    return makeConstant(integer(type), type);
  }

  ExprRef leaf(ElementType type) {
    unsigned which = 0;
    while (kTypes[which] != type)
      ++which;
    switch (random() % 5) {
    case 0:
      return constant(type);
    case 1:
      return b.load(vectors[which], {loop(1)});
    case 2: // a gather
      return b.load(matrices[which],
                    {loop(0), convert(ElementType::index(), b.load(positions, {loop(0)}))});
    case 3: // backwards
      return b.load(matrices[which], {loop(0), add(number(columns - 1), mul(number(-1), loop(1)))});
    default:
      return b.load(matrices[which], {loop(0), loop(1)});
    }
  }

  ExprRef condition(unsigned depth) {
    if (depth == 0)
      return leaf(kCondition);
    switch (random() % 6) {
    case 0:
      return op(Op::Less, kCondition, {loop(1), number(random() % (columns + 1))});
    case 1:
      return op(Op::LessEqual, kCondition, {loop(0), loop(1)});
    case 2: {
      Op which = chance(2) ? Op::LogicalAnd : Op::LogicalOr;
      return op(which, kCondition, {condition(depth - 1), condition(depth - 1)});
    }
    case 3:
      return op(Op::Bit, kCondition, {expression(integerType(), depth - 1), constant(i8)});
    default: {
      ElementType type = pick(kTypes);
      Op which = pick<Op>({Op::Less, Op::LessEqual, Op::Equal, Op::NotEqual});
      return op(which, kCondition, {expression(type, depth - 1), expression(type, depth - 1)});
    }
    }
  }

  ExprRef reduction(ElementType type, unsigned depth) {
    inReduction = true;
    Reduction which =
        pick<Reduction>({Reduction::Sum, Reduction::Product, Reduction::Max, Reduction::Min});
    ExprRef body = expression(type, depth - 1);
    if (chance(2)) // moves with the reduction: x[k % rows, j]
      body =
          op(Op::Add, type,
             {body, b.load(matrixOf(type),
                           {op(Op::Mod, ElementType::index(), {loop(2), number(rows)}), loop(1)})});
    std::vector<ExprRef> conditions;
    if (chance(2))
      conditions.push_back(op(Op::NotEqual, kCondition, {loop(2), number(random() % 5)}));
    std::vector<unsigned> loops =
        chance(3) ? std::vector<unsigned>{2, 3} : std::vector<unsigned>{2};
    inReduction = false;
    return reduce(which, loops, body, conditions);
  }
  unsigned matrixOf(ElementType type) {
    for (unsigned i = 0; i < kTypes.size(); ++i)
      if (kTypes[i] == type)
        return matrices[i];
    return matrices[0];
  }

  ExprRef conversion(ElementType type, unsigned depth) {
    ElementType from = pick(kTypes);
    bool saturates = type.isInteger() && chance(2);
    return op(saturates ? Op::Saturate : Op::Convert, type, {expression(from, depth - 1)});
  }

  ExprRef expression(ElementType type, unsigned depth) {
    if (depth == 0)
      return leaf(type);
    if (chance(8) && !inReduction)
      return reduction(type, depth);
    if (chance(6))
      return conversion(type, depth);
    if (chance(6))
      return op(Op::Select, type,
                {condition(depth), expression(type, depth - 1), expression(type, depth - 1)});
    if (type == kCondition)
      return chance(3) ? op(Op::Not, type, {condition(depth)}) : condition(depth);
    return type.isFloat() ? floating(type, depth) : integral(type, depth);
  }

  ExprRef floating(ElementType type, unsigned depth) {
    auto x = [&] { return expression(type, depth - 1); };
    Op which = pick<Op>({Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Mod, Op::Min, Op::Max, Op::Clamp,
                         Op::Neg, Op::Abs, Op::Sqrt, Op::Rsqrt, Op::Recip, Op::Floor, Op::RoundEven,
                         Op::Exp, Op::Log, Op::Tanh, Op::Erf});
    if (which == Op::Clamp)
      return op(which, type, {x(), x(), x()});
    if (which <= Op::Mod || which == Op::Min || which == Op::Max)
      return op(which, type, {x(), x()});
    return op(which, type, {x()});
  }

  ExprRef integral(ElementType type, unsigned depth) {
    auto x = [&] { return expression(type, depth - 1); };
    switch (random() % 8) {
    case 0:
      return op(pick<Op>({Op::Neg, Op::Abs, Op::Not, Op::Popcount}), type, {x()});
    case 1:
      return op(pick<Op>({Op::Shl, Op::Shr, Op::RoundShift}), type,
                {x(), chance(2) ? constant(i8) : expression(integerType(), depth - 1)});
    case 2: { // never by zero
      ExprRef divisor =
          op(Op::Or, type, {x(), makeConstant(type.bits == 1 && type.isSigned() ? -1 : 1, type)});
      return op(chance(2) ? Op::Div : Op::Mod, type, {x(), divisor});
    }
    case 3: { // by zero only where it is not chosen
      ExprRef divisor = leaf(type), dividend = x();
      ExprRef isZero = op(Op::Equal, kCondition, {divisor, makeConstant(0, type)});
      return op(Op::Select, type, {isZero, x(), op(Op::Div, type, {dividend, divisor})});
    }
    case 4:
      return op(Op::Clamp, type, {x(), x(), x()});
    default:
      return op(pick<Op>({Op::Add, Op::Sub, Op::Mul, Op::Min, Op::Max, Op::And, Op::Or, Op::Xor}),
                type, {x(), x()});
    }
  }

  std::mt19937_64 random;
  Builder b;
  int64_t rows, columns;
  std::vector<unsigned> matrices, vectors;
  unsigned positions;
  bool inReduction = false;
};

} // namespace lathe::test
