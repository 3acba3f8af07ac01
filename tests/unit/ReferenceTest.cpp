#include "simulators/reference/Reference.h"
#include "core/semantics/Compare.h"
#include "tests/unit/HandBuilt.h"

#include <cmath>
#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

/// t[i] = x[i] + 1, y[i] = t[i] * s
static Semantics twoStatements() {
  Builder b;
  unsigned x = b.tensor("x", i32, {3}, Role::Input), s = b.tensor("s", i32, {}, Role::Input),
           y = b.tensor("y", i32, {3}, Role::Output), t = b.tensor("t", i32, {3}, Role::Temporary);
  b.statement(t, {loop(0)}, add(b.load(x, {loop(0)}), makeConstant(1, i32)), {3}, 1);
  b.statement(y, {loop(0)}, mul(b.load(t, {loop(0)}), b.load(s, {})), {3}, 1);
  return b.semantics;
}

TEST_CASE("reference: statements run in order, and scalars are arrays of one element") {
  auto jit = llvm::cantFail(Jit::create(""));
  Arrays arrays{{"x", array<int32_t>(i32, {3}, {1, 2, -3})}, {"s", array<int32_t>(i32, {}, {10})}};
  REQUIRE(!evaluate(twoStatements(), arrays, *jit));
  CHECK(values<int32_t>(arrays.at("y")) == std::vector<int32_t>{20, 30, -20});
  CHECK(values<int32_t>(arrays.at("t")) == std::vector<int32_t>{2, 3, -2});
}

TEST_CASE("reference: a missing array and a wrong shape are sentences with both shapes") {
  auto jit = llvm::cantFail(Jit::create(""));
  Arrays arrays{{"x", array<int32_t>(i32, {3}, {1, 2, -3})}};
  CHECK(evaluate(twoStatements(), arrays, *jit) == "no array is given for 's'");
  arrays["s"] = array<int32_t>(i32, {}, {10});
  arrays["x"] = array<int32_t>(i32, {2, 2}, {1, 2, -3, 4});
  CHECK(evaluate(twoStatements(), arrays, *jit) == "'x' is i32[3], not i32[2,2]");
}

TEST_CASE("compare: the first of all differences, with its index") {
  Array a = array<int8_t>(i8, {2, 3}, {1, 2, 3, 4, 5, 6}), b = a;
  CHECK(!compare(a, b));
  b.setInteger(4, -5);
  b.setInteger(5, -6);
  auto mismatch = compare(a, b);
  REQUIRE(mismatch);
  CHECK(indexText(mismatch->index) == "[1,1]");
  CHECK(mismatch->expected == "5");
  CHECK(mismatch->got == "-5");
  CHECK(mismatch->count == 2);
}

TEST_CASE("compare: floats within a bound; zeros, infinities and NaN as values") {
  ElementType f32 = ElementType::f32();
  Array a = array<float>(f32, {4}, {1.0f, 0.0f, NAN, INFINITY});
  Array b = array<float>(f32, {4}, {1.25f, -0.0f, -NAN, INFINITY});
  CHECK(compare(a, b)->count == 1);
  CHECK(!compare(a, b, 0.25));
  b.setReal(3, -INFINITY);
  CHECK(indexText(compare(a, b, 1e30)->index) == "[3]");
}
