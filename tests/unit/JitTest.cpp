#include "simulators/reference/Reference.h"
#include "tests/unit/HandBuilt.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <cmath>
#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

static Jit &jitOfTests() {
  static std::unique_ptr<Jit> jit = llvm::cantFail(Jit::create("", JitAim::Speed));
  return *jit;
}

static ElementType u(unsigned bits) { return ElementType::integer(bits, false); }
static ElementType s(unsigned bits) { return ElementType::integer(bits); }
static const ElementType f32 = ElementType::f32(), f16 = ElementType::f16(),
                         bf16 = ElementType::bf16();

/// Numbers from 2^63 on stand for u64's bit patterns.
static int64_t asInteger(double value) {
  return value < 9223372036854775808.0 ? static_cast<int64_t>(value)
                                       : static_cast<int64_t>(static_cast<uint64_t>(value));
}

static Array column(ElementType type, const std::vector<double> &values, int64_t repeated) {
  Array array = Array::zeros(type, {static_cast<int64_t>(values.size()) * repeated});
  for (int64_t i = 0; i < array.elements(); ++i) {
    double value = values[i % values.size()];
    if (type.isFloat())
      array.setReal(i, value);
    else
      array.setInteger(i, asInteger(value));
  }
  return array;
}

using Body = llvm::function_ref<ExprRef(std::vector<ExprRef>)>;

/// y[i] = body(x0[i], x1[i], ...), once alone and once in lanes with a rest.
static void checkElements(ElementType result, std::vector<ElementType> types,
                          std::vector<std::vector<double>> columns, Body body,
                          std::vector<double> expected) {
  for (int64_t repeated : {1, 29}) {
    Builder b;
    int64_t count = expected.size() * repeated;
    Arrays arrays;
    std::vector<ExprRef> operands;
    for (unsigned i = 0; i < types.size(); ++i) {
      std::string name = "x" + std::to_string(i);
      operands.push_back(b.load(b.tensor(name, types[i], {count}, Role::Input), {loop(0)}));
      arrays[name] = column(types[i], columns[i], repeated);
    }
    unsigned y = b.tensor("y", result, {count}, Role::Output);
    b.statement(y, {loop(0)}, body(operands), {count}, 1);
    auto problem = evaluate(b.semantics, arrays, jitOfTests());
    REQUIRE_MESSAGE(!problem, problem.value_or(""));
    const Array &got = arrays.at("y");
    for (int64_t i = 0; i < count; ++i) {
      double want = expected[i % expected.size()];
      CAPTURE(i);
      if (result.isFloat() && std::isnan(want))
        CHECK(std::isnan(got.realAt(i)));
      else if (result.isFloat())
        CHECK(got.realAt(i) == want);
      else
        CHECK(got.integerAt(i) == asInteger(want));
    }
  }
}

static void checkBinary(Op which, ElementType type, std::vector<double> x, std::vector<double> y,
                        std::vector<double> expected) {
  bool compares =
      which == Op::Less || which == Op::LessEqual || which == Op::Equal || which == Op::NotEqual;
  ElementType result = compares ? u(1) : type;
  checkElements(
      result, {type, type}, {x, y}, [&](std::vector<ExprRef> v) { return op(which, result, v); },
      expected);
}
static void checkUnary(Op which, ElementType from, ElementType to, std::vector<double> x,
                       std::vector<double> expected) {
  checkElements(
      to, {from}, {x}, [&](std::vector<ExprRef> v) { return op(which, to, v); }, expected);
}

TEST_CASE("jit: integer arithmetic wraps at the stated width") {
  checkBinary(Op::Add, s(8), {127, -128, 1}, {1, -1, 2}, {-128, 127, 3});
  checkBinary(Op::Add, s(4), {7, -8, 3}, {1, -1, 2}, {-8, 7, 5});
  checkBinary(Op::Add, u(3), {7, 4, 1}, {1, 4, 2}, {0, 0, 3});
  checkBinary(Op::Add, u(1), {1, 1, 0}, {1, 0, 0}, {0, 1, 0});
  checkBinary(Op::Sub, s(32), {-2147483648.0, 5}, {1, 7}, {2147483647.0, -2});
  checkBinary(Op::Sub, u(16), {0, 5}, {1, 7}, {65535, 65534});
  checkBinary(Op::Mul, s(5), {7, -16, 15}, {7, -16, 15}, {49 - 64 + 0, 0, 225 - 224});
  checkBinary(Op::Mul, s(16), {256, -32768}, {128, -1}, {-32768, -32768});
  checkBinary(Op::Mul, s(64), {4611686018427387904.0, 3}, {2, -3}, {-9223372036854775808.0, -9});
  checkUnary(Op::Neg, s(8), s(8), {-128, 1, 0}, {-128, -1, 0});
  checkUnary(Op::Neg, u(7), u(7), {1, 0, 127}, {127, 0, 1});
  checkUnary(Op::Abs, s(8), s(8), {-128, -5, 5}, {-128, 5, 5});
  checkUnary(Op::Abs, u(8), u(8), {255, 5}, {255, 5});
}

TEST_CASE("jit: division floors, also where the processor's would trap") {
  checkBinary(Op::Div, s(32), {7, -7, 7, -7, -2147483648.0}, {2, 2, -2, -2, -1},
              {3, -4, -4, 3, -2147483648.0});
  checkBinary(Op::Mod, s(32), {7, -7, 7, -7, -2147483648.0}, {2, 2, -2, -2, -1}, {1, 1, -1, -1, 0});
  checkBinary(Op::Div, s(3), {-4, 3}, {-1, -2}, {-4, -2});
  checkBinary(Op::Div, u(8), {255, 200}, {2, 201}, {127, 0});
  checkBinary(Op::Mod, u(8), {255, 200}, {2, 201}, {1, 200});
}

TEST_CASE("jit: division by zero is a fault, but not where a guard excludes it") {
  Builder b;
  unsigned x = b.tensor("x", i32, {20}, Role::Input), y = b.tensor("y", i32, {20}, Role::Output);
  ExprRef at = b.load(x, {loop(0)});
  ExprRef quotient = op(Op::Div, i32, {makeConstant(60, i32), at});
  b.statement(y, {loop(0)}, quotient, {20}, 1);
  std::vector<int32_t> divisors(20, 7);
  divisors[17] = 0;
  Arrays arrays{{"x", array(i32, {20}, divisors)}};
  CHECK(evaluate(b.semantics, arrays, jitOfTests()) == "division by zero");
  ExprRef nonZero = op(Op::NotEqual, u(1), {at, makeConstant(0, i32)});
  b.semantics.statements[0].value = op(Op::Select, i32, {nonZero, quotient, makeConstant(-1, i32)});
  CHECK(!evaluate(b.semantics, arrays, jitOfTests()));
  CHECK(arrays.at("y").integerAt(17) == -1);
  CHECK(arrays.at("y").integerAt(18) == 8);
  ExprRef never = op(Op::Less, u(1), {loop(0), number(0)});
  b.semantics.statements[0].value = op(
      Op::Select, i32, {never, op(Op::Div, i32, {at, makeConstant(0, i32)}), makeConstant(5, i32)});
  CHECK(!evaluate(b.semantics, arrays, jitOfTests()));
}

TEST_CASE("jit: minimum, maximum and clamp know their signs") {
  checkBinary(Op::Min, s(8), {-128, 127}, {1, -1}, {-128, -1});
  checkBinary(Op::Min, u(8), {128, 127}, {1, 255}, {1, 127});
  checkBinary(Op::Max, s(8), {-128, 127}, {1, -1}, {1, 127});
  checkBinary(Op::Max, u(64), {9223372036854775808.0, 1}, {1, 2}, {9223372036854775808.0, 2});
  checkElements(s(8), {s(8), s(8), s(8)}, {{-128, 127, 3}, {-5, -5, -5}, {5, 5, 5}},
                [](std::vector<ExprRef> v) { return op(Op::Clamp, i8, v); }, {-5, 5, 3});
  checkBinary(Op::Min, f32, {1.5, -0.5}, {1.25, 3}, {1.25, -0.5});
  checkBinary(Op::Max, f32, {1.5, -0.5}, {1.25, 3}, {1.5, 3});
}

TEST_CASE("jit: bits") {
  checkBinary(Op::And, s(8), {-1, 12}, {-128, 10}, {-128, 8});
  checkBinary(Op::Or, s(8), {-128, 12}, {1, 10}, {-127, 14});
  checkBinary(Op::Xor, u(8), {255, 12}, {1, 10}, {254, 6});
  checkUnary(Op::Not, s(8), s(8), {0, -1, 5}, {-1, 0, -6});
  checkUnary(Op::Not, u(4), u(4), {0, 15, 5}, {15, 0, 10});
  checkUnary(Op::Not, u(1), u(1), {0, 1}, {1, 0});
  checkUnary(Op::Popcount, s(8), s(8), {-1, 0, 5}, {8, 0, 2});
  checkUnary(Op::Popcount, s(5), s(5), {-1, -16, 5}, {5, 1, 2});
  checkElements(u(1), {s(8), s(8)}, {{-128, -128, 5, 5}, {7, 0, 0, 1}},
                [](std::vector<ExprRef> v) { return op(Op::Bit, u(1), v); }, {1, 0, 1, 0});
  checkElements(u(1), {s(4), s(32)}, {{-8, 7}, {9, 9}},
                [](std::vector<ExprRef> v) { return op(Op::Bit, u(1), v); }, {1, 0});
}

TEST_CASE("jit: shifts by as much as the width and more") {
  auto shift = [](Op which, ElementType type, std::vector<double> x, std::vector<double> amount,
                  std::vector<double> expected) {
    checkElements(
        type, {type, i32}, {x, amount}, [&](std::vector<ExprRef> v) { return op(which, type, v); },
        expected);
  };
  shift(Op::Shl, s(8), {1, 1, 1, 3, -1}, {7, 8, 300, 6, 1}, {-128, 0, 0, -64, -2});
  shift(Op::Shl, s(4), {1, 1, 3}, {3, 4, 2}, {-8, 0, -4});
  shift(Op::Shr, s(8), {-128, -128, 127, 127, -1}, {7, 8, 6, 300, 1}, {-1, -1, 1, 0, -1});
  shift(Op::Shr, u(8), {255, 255, 128}, {7, 8, 1}, {1, 0, 64});
  shift(Op::Shr, s(64), {-4611686018427387904.0, 8}, {64, 3}, {-1, 1});
  shift(Op::RoundShift, s(32), {5, 6, -5, -6, 7, 2147483647.0}, {1, 1, 1, 2, 0, 1},
        {3, 3, -2, -1, 7, -1073741824.0});
  shift(Op::RoundShift, s(32), {-2147483648.0, 1, -1, -1073741825.0}, {32, 32, 40, 31},
        {0, -1, -1, -1});
}

TEST_CASE("jit: comparisons and selection") {
  checkBinary(Op::Less, s(8), {-1, 1, 1}, {1, -1, 1}, {1, 0, 0});
  checkBinary(Op::Less, u(8), {255, 1, 1}, {1, 255, 1}, {0, 1, 0});
  checkBinary(Op::LessEqual, s(16), {-1, 1, 1}, {1, -1, 1}, {1, 0, 1});
  checkBinary(Op::Equal, u(64), {18446744073709549568.0, 1}, {18446744073709549568.0, 2}, {1, 0});
  checkBinary(Op::NotEqual, s(3), {-4, 3}, {-4, -1}, {0, 1});
  checkBinary(Op::Less, f32, {1, NAN, 2}, {2, 1, NAN}, {1, 0, 0});
  checkBinary(Op::NotEqual, f32, {1, NAN}, {1, NAN}, {0, 1});
  checkBinary(Op::LogicalAnd, u(1), {0, 0, 1, 1}, {0, 1, 0, 1}, {0, 0, 0, 1});
  checkBinary(Op::LogicalOr, u(1), {0, 0, 1, 1}, {0, 1, 0, 1}, {0, 1, 1, 1});
  checkElements(i32, {u(1), i32, i32}, {{0, 1}, {10, 20}, {30, 40}},
                [](std::vector<ExprRef> v) { return op(Op::Select, i32, v); }, {30, 20});
}

TEST_CASE("jit: conversions wrap, saturation clamps") {
  checkUnary(Op::Convert, s(32), s(8), {128, -129, 255, 7}, {-128, 127, -1, 7});
  checkUnary(Op::Convert, s(8), u(8), {-1, -128, 7}, {255, 128, 7});
  checkUnary(Op::Convert, u(8), s(32), {255, 128}, {255, 128});
  checkUnary(Op::Convert, s(8), s(64), {-1, 127}, {-1, 127});
  checkUnary(Op::Convert, s(8), u(3), {-1, 12}, {7, 4});
  checkUnary(Op::Convert, u(1), s(32), {1, 0}, {1, 0});
  checkUnary(Op::Convert, s(32), u(1), {2, 3}, {0, 1});
  checkUnary(Op::Saturate, s(32), s(8), {128, -129, 5, -5}, {127, -128, 5, -5});
  checkUnary(Op::Saturate, s(32), u(8), {300, -1, 5}, {255, 0, 5});
  checkUnary(Op::Saturate, u(32), s(8), {4294967295.0, 127, 5}, {127, 127, 5});
  checkUnary(Op::Saturate, s(8), u(64), {-1, 127}, {0, 127});
  checkUnary(Op::Saturate, u(64), s(32), {9223372036854775808.0, 9}, {2147483647, 9});
  checkUnary(Op::Saturate, s(8), s(4), {8, -9, 7}, {7, -8, 7});
  checkUnary(Op::Saturate, u(1), s(1), {1, 0}, {0, 0});
  checkUnary(Op::Saturate, f32, s(8), {200.5, -200.5, 3.75, -3.75}, {127, -128, 3, -3});
  checkUnary(Op::Convert, f32, s(32), {3.99, -3.99, 0}, {3, -3, 0});
}

TEST_CASE("jit: floats round to nearest even, once") {
  checkUnary(Op::Convert, s(32), f32, {16777217, 16777219, -16777217},
             {16777216, 16777220, -16777216});
  checkUnary(Op::Convert, s(32), f16, {2049, 2051, 70000}, {2048, 2052, INFINITY});
  checkUnary(Op::Convert, s(32), bf16, {257, 259, 65281}, {256, 260, 65280});
  // 2^32 + 2^24 is a tie of bf16; one more is not, though f32 cannot tell.
  checkUnary(Op::Convert, s(64), bf16, {4311744512.0, 4311744513.0}, {4294967296.0, 4328521728.0});
  checkUnary(Op::Convert, f32, bf16, {1.00390625, 1.01171875, 1.0041}, {1, 1.015625, 1.0078125});
  checkUnary(Op::Convert, f32, f16, {1.00048828125, 65519, 65520}, {1, 65504, INFINITY});
  checkBinary(Op::Add, f32, {16777216, 0.1f}, {1, 0.2f}, {16777216, 0.1f + 0.2f});
  checkBinary(Op::Add, bf16, {256, 1}, {1, 0.00390625}, {256, 1});
  checkBinary(Op::Mul, bf16, {1.0078125, 3}, {1.0078125, 0.5}, {1.015625, 1.5});
  checkBinary(Op::Add, f16, {2048, 1}, {1, 0.00048828125}, {2048, 1});
  checkBinary(Op::Div, f32, {1, 1, -1}, {3, 0, 0}, {1.0f / 3.0f, INFINITY, -INFINITY});
  checkUnary(Op::Sqrt, f32, f32, {2, 4, -1}, {std::sqrt(2.0f), 2, NAN});
  checkUnary(Op::Recip, f32, f32, {3, 4}, {1.0f / 3.0f, 0.25});
  checkUnary(Op::Rsqrt, f32, f32, {4, 3}, {0.5, static_cast<float>(1 / std::sqrt(3.0))});
  checkUnary(Op::Floor, f32, f32, {1.5, -1.5}, {1, -2});
  checkUnary(Op::RoundEven, f32, f32, {0.5, 1.5, -2.5, 2.51f}, {0, 2, -2, 3});
  checkUnary(Op::Exp, f32, f32, {0, 1}, {1, static_cast<float>(std::exp(1.0))});
  checkUnary(Op::Log, f32, f32, {1, 10}, {0, static_cast<float>(std::log(10.0))});
  checkUnary(Op::Tanh, f32, f32, {0, 0.5}, {0, static_cast<float>(std::tanh(0.5))});
  checkUnary(Op::Erf, f32, f32, {0, 0.5}, {0, static_cast<float>(std::erf(0.5))});
  checkUnary(Op::Neg, f32, f32, {1, -2}, {-1, 2});
  checkUnary(Op::Abs, bf16, bf16, {1, -2}, {1, 2});
}

TEST_CASE("jit: gathers and tables are checked as the code runs") {
  Builder b;
  unsigned x = b.tensor("x", i32, {5}, Role::Input), at = b.tensor("at", i8, {19}, Role::Input);
  unsigned y = b.tensor("y", i32, {19}, Role::Output);
  b.statement(y, {loop(0)}, b.load(x, {convert(ElementType::index(), b.load(at, {loop(0)}))}), {19},
              1);
  std::vector<int8_t> where(19);
  for (int i = 0; i < 19; ++i)
    where[i] = (3 * i) % 5;
  Arrays arrays{{"x", array<int32_t>(i32, {5}, {10, 11, 12, 13, 14})},
                {"at", array(i8, {19}, where)}};
  REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
  CHECK(arrays.at("y").integerAt(18) == 10 + (3 * 18) % 5);
  where[18] = 5;
  arrays["at"] = array(i8, {19}, where);
  CHECK(evaluate(b.semantics, arrays, jitOfTests()) == "subscript 1 of 'x' is 5, out of bounds");
  where[18] = -1;
  arrays["at"] = array(i8, {19}, where);
  CHECK(evaluate(b.semantics, arrays, jitOfTests()) == "subscript 1 of 'x' is -1, out of bounds");
  b.semantics.statements[0].value = op(Op::Lut, i32, {b.load(x, {}), b.load(at, {loop(0)})});
  CHECK(evaluate(b.semantics, arrays, jitOfTests()) == "index -1 is outside of table 'x'");
}

TEST_CASE("jit: a guard keeps loads inside of their tensor") {
  // y[i] = select(2 <= i, x[i-2], 7), z[i] = sum(r where 0 <= i+r-1 < 20) x[i+r-1]
  Builder b;
  unsigned x = b.tensor("x", i32, {20}, Role::Input), y = b.tensor("y", i32, {20}, Role::Output),
           z = b.tensor("z", i32, {20}, Role::Output);
  ExprRef inside = op(Op::LessEqual, u(1), {number(2), loop(0)});
  b.statement(
      y, {loop(0)},
      op(Op::Select, i32, {inside, b.load(x, {add(loop(0), number(-2))}), makeConstant(7, i32)}),
      {20}, 1);
  ExprRef p = add(add(loop(0), loop(1)), number(-1));
  b.statement(
      z, {loop(0)},
      reduce(Reduction::Sum, {1}, b.load(x, {p}),
             {op(Op::LessEqual, u(1), {number(0), p}), op(Op::Less, u(1), {p, number(20)})}),
      {20, 3}, 1);
  std::vector<int32_t> data(20);
  for (int i = 0; i < 20; ++i)
    data[i] = i * i;
  Arrays arrays{{"x", array(i32, {20}, data)}};
  REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
  for (int i = 0; i < 20; ++i) {
    CHECK(arrays.at("y").integerAt(i) == (i < 2 ? 7 : (i - 2) * (i - 2)));
    int sum = i * i + (i > 0 ? (i - 1) * (i - 1) : 0) + (i < 19 ? (i + 1) * (i + 1) : 0);
    CHECK(arrays.at("z").integerAt(i) == sum);
  }
}

TEST_CASE("jit: a statement's condition leaves other elements alone") {
  Builder b;
  unsigned x = b.tensor("x", i8, {3, 21}, Role::Input),
           y = b.tensor("y", i8, {3, 21}, Role::Output);
  ExprRef lower = op(Op::LessEqual, u(1), {loop(1), mul(loop(0), number(9))});
  b.statement(y, {loop(0), loop(1)}, b.load(x, {loop(0), loop(1)}), {3, 21}, 2).conditions = {
      lower};
  Arrays arrays{{"x", array(i8, {3, 21}, std::vector<int8_t>(63, 5))}};
  REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 21; ++j)
      CHECK(arrays.at("y").integerAt(21 * i + j) == (j <= 9 * i ? 5 : 0));
}

TEST_CASE("jit: every reduction, along rows and along columns") {
  // Seven values a row, so that lanes have a rest: 3, -4, 9, 9, -4, 0, 2, then each plus the row.
  const int rows = 19;
  std::vector<int32_t> data;
  for (int r = 0; r < rows; ++r)
    for (int v : {3, -4, 9, 9, -4, 0, 2})
      data.push_back(v + r);
  struct Case {
    Reduction reduction;
    int64_t first; ///< of row 0
  } cases[] = {{Reduction::Sum, 15},    {Reduction::Max, 9},    {Reduction::Min, -4},
               {Reduction::Product, 0}, {Reduction::ArgMax, 2}, {Reduction::ArgMin, 1}};
  for (const Case &c : cases)
    for (bool transposed : {false, true}) {
      Builder b;
      std::vector<int32_t> input = data;
      if (transposed)
        for (int r = 0; r < rows; ++r)
          for (int k = 0; k < 7; ++k)
            input[k * rows + r] = data[r * 7 + k];
      std::vector<int64_t> shape =
          transposed ? std::vector<int64_t>{7, rows} : std::vector<int64_t>{rows, 7};
      unsigned x = b.tensor("x", i32, shape, Role::Input),
               y = b.tensor("y", i32, {rows}, Role::Output);
      ExprRef body = transposed ? b.load(x, {loop(1), loop(0)}) : b.load(x, {loop(0), loop(1)});
      b.statement(y, {loop(0)}, reduce(c.reduction, {1}, body), {rows, 7}, 1);
      Arrays arrays{{"x", array(i32, shape, input)}};
      REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
      CAPTURE(static_cast<int>(c.reduction));
      CHECK(arrays.at("y").integerAt(0) == c.first);
      bool moves = c.reduction == Reduction::Max || c.reduction == Reduction::Min;
      if (c.reduction != Reduction::Product)
        CHECK(arrays.at("y").integerAt(18) == c.first + (moves                           ? 18
                                                         : c.reduction == Reduction::Sum ? 18 * 7
                                                                                         : 0));
      else
        CHECK(arrays.at("y").integerAt(5) == 8 * 1 * 14 * 14 * 1 * 5 * 7);
    }
}

TEST_CASE("jit: a long sum over one dimension, in lanes with a rest") {
  Builder b;
  unsigned x = b.tensor("x", i8, {1003}, Role::Input), y = b.tensor("y", i32, {}, Role::Output);
  b.statement(y, {}, reduce(Reduction::Sum, {0}, convert(i32, b.load(x, {loop(0)}))), {1003}, 0);
  std::vector<int8_t> data(1003);
  int expected = 0;
  for (int i = 0; i < 1003; ++i)
    expected += data[i] = static_cast<int8_t>(i * 37);
  Arrays arrays{{"x", array(i8, {1003}, data)}};
  REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
  CHECK(arrays.at("y").integerAt(0) == expected);
}

TEST_CASE("jit: floats are summed in the order of the notation") {
  const int n = 300;
  Builder b;
  unsigned a = b.tensor("a", f32, {5, n}, Role::Input),
           w = b.tensor("w", f32, {n, 17}, Role::Input),
           c = b.tensor("c", f32, {5, 17}, Role::Output);
  b.statement(c, {loop(0), loop(1)},
              reduce(Reduction::Sum, {2},
                     mul(b.load(a, {loop(0), loop(2)}), b.load(w, {loop(2), loop(1)}))),
              {5, 17, n}, 2);
  std::vector<float> av(5 * n), wv(n * 17);
  for (size_t i = 0; i < av.size(); ++i)
    av[i] = std::sin(0.37f * i) * std::exp2(static_cast<int>(i % 40) - 20);
  for (size_t i = 0; i < wv.size(); ++i)
    wv[i] = std::cos(0.11f * i);
  Arrays arrays{{"a", array(f32, {5, n}, av)}, {"w", array(f32, {n, 17}, wv)}};
  REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 17; ++j) {
      volatile float sum = 0;
      for (int k = 0; k < n; ++k) {
        volatile float product = av[i * n + k] * wv[k * 17 + j];
        sum = sum + product;
      }
      CHECK(arrays.at("c").realAt(i * 17 + j) == sum);
    }
}

/// c[i,j] op= sum(k) i32(a[i,k]) * i32(w[k,j]) for sizes around the register tile.
TEST_CASE("jit: contractions of all sizes agree with three loops") {
  for (int m : {1, 5, 13})
    for (int n : {1, 3, 17, 64, 83})
      for (int k : {1, 7, 40}) {
        Builder b;
        unsigned a = b.tensor("a", i8, {m, k}, Role::Input),
                 w = b.tensor("w", i8, {k, n}, Role::Input),
                 c = b.tensor("c", i32, {m, n}, Role::Output);
        b.statement(c, {loop(0), loop(1)},
                    reduce(Reduction::Sum, {2},
                           mul(convert(i32, b.load(a, {loop(0), loop(2)})),
                               convert(i32, b.load(w, {loop(2), loop(1)})))),
                    {m, n, k}, 2, Assign::Add);
        std::vector<int8_t> av(m * k), wv(k * n);
        for (int i = 0; i < m * k; ++i)
          av[i] = i % 5 == 0 ? -128 : 31 * i;
        for (int i = 0; i < n * k; ++i)
          wv[i] = i % 7 == 0 ? -128 : 57 * i;
        Arrays arrays{{"a", array(i8, {m, k}, av)},
                      {"w", array(i8, {k, n}, wv)},
                      {"c", array(i32, {m, n}, std::vector<int32_t>(m * n, 1000))}};
        REQUIRE(!evaluate(b.semantics, arrays, jitOfTests()));
        std::vector<int32_t> got = values<int32_t>(arrays.at("c"));
        bool same = true;
        for (int i = 0; i < m; ++i)
          for (int j = 0; j < n; ++j) {
            int32_t sum = 1000;
            for (int q = 0; q < k; ++q)
              sum += av[i * k + q] * wv[q * n + j];
            same &= got[i * n + j] == sum;
          }
        CHECK_MESSAGE(same, m, "x", n, "x", k);
      }
}

TEST_CASE("jit: run-time extents and steps") {
  // acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j]), i < rows, a's rows two apart
  Builder b;
  b.semantics.bound = false;
  Size &rows = b.semantics.sizes.emplace_back();
  rows.name = "rows";
  rows.max = 64;
  unsigned a = b.tensor("a", i8, {0, 16}, Role::Input),
           w = b.tensor("w", i8, {16, 16}, Role::Input),
           acc = b.tensor("acc", i32, {0, 16}, Role::Output);
  b.semantics.tensors[a].shape[0] = b.semantics.tensors[acc].shape[0] = size(0);
  Statement &statement = b.statement(acc, {loop(0), loop(1)},
                                     reduce(Reduction::Sum, {2},
                                            mul(convert(i32, b.load(a, {loop(0), loop(2)})),
                                                convert(i32, b.load(w, {loop(2), loop(1)})))),
                                     {0, 16, 16}, 2, Assign::Add);
  statement.loops[0].extent = size(0);
  JitLayout stepped;
  stepped.steppedFirst = true;
  auto function =
      llvm::cantFail(jitOfTests().compile(b.semantics, {stepped, JitLayout(), stepped}));
  std::vector<int8_t> av(64 * 32), wv(256);
  for (size_t i = 0; i < av.size(); ++i)
    av[i] = static_cast<int8_t>(i * 11);
  for (size_t i = 0; i < wv.size(); ++i)
    wv[i] = static_cast<int8_t>(i * 29);
  for (int64_t count : {1, 3, 4, 7, 64}) {
    std::vector<int32_t> sums(64 * 16, 3);
    void *bases[] = {av.data(), wv.data(), sums.data()};
    int64_t steps[] = {32, 0, 64}, sizes[] = {count};
    REQUIRE(!function(bases, steps, sizes));
    for (int i = 0; i < 64; ++i)
      for (int j = 0; j < 16; ++j) {
        int32_t expected = 3;
        for (int k = 0; i < count && k < 16; ++k)
          expected += av[i * 32 + k] * wv[k * 16 + j];
        CHECK(sums[i * 16 + j] == expected);
      }
  }
}

TEST_CASE("jit: what was compiled once is loaded, and a damaged file is compiled again") {
  llvm::SmallString<128> folder;
  REQUIRE(!llvm::sys::fs::createUniqueDirectory("lathe-jit", folder));
  Builder b;
  unsigned x = b.tensor("x", i32, {4}, Role::Input), y = b.tensor("y", i32, {4}, Role::Output);
  b.statement(y, {loop(0)}, mul(b.load(x, {loop(0)}), makeConstant(3, i32)), {4}, 1);
  auto run = [&](unsigned optimised, unsigned loaded) {
    auto jit = llvm::cantFail(Jit::create(folder.str().str()));
    Arrays arrays{{"x", array<int32_t>(i32, {4}, {1, 2, 3, 4})}};
    REQUIRE(!evaluate(b.semantics, arrays, *jit));
    CHECK(arrays.at("y").integerAt(3) == 12);
    CHECK(jit->statistics().optimised == optimised);
    CHECK(jit->statistics().loaded == loaded);
  };
  run(1, 0);
  run(0, 1);
  std::error_code error;
  for (llvm::sys::fs::directory_iterator i(folder, error), end; i != end && !error;
       i.increment(error)) {
    int file;
    REQUIRE(!llvm::sys::fs::openFileForWrite(i->path(), file, llvm::sys::fs::CD_OpenExisting));
    llvm::raw_fd_ostream out(file, /*shouldClose=*/true);
    out << "damaged";
  }
  run(1, 0);
  run(0, 1);
  llvm::sys::fs::remove_directories(folder);
}
