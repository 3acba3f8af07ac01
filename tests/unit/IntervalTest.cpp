#include "core/semantics/Interval.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using lathe::test::Notation;

namespace {

struct Ranges {
  std::string range;
  bool neverWraps = false;
};

/// Of `y[i] = expression`, x: i8[N], u: u8[N], v: i32[N], N = 10, s: u5.
Ranges of(const std::string &expression, const std::string &type) {
  Notation notation;
  auto kernel = notation.bound("kernel f(x: i8[N], u: u8[N], v: i32[N], s: u5) -> y: " + type +
                                   "[N] { y[i] = " + expression + " }",
                               {{"N", 10}});
  INFO(notation.shown());
  REQUIRE(kernel);
  const Statement &statement = kernel->statements[0];
  return {toString(valueRange(*statement.value, statement, *kernel)),
          neverWraps(*statement.value, statement, *kernel)};
}

std::string range(const std::string &expression, const std::string &type) {
  return of(expression, type).range;
}

} // namespace

TEST_CASE("interval: operators on whole types, by hand") {
  CHECK(range("x[i] + x[i]", "i8") == "[-256, 254]");
  CHECK(range("x[i] - x[i]", "i8") == "[-255, 255]");
  CHECK(range("x[i] * x[i]", "i8") == "[-16256, 16384]");
  CHECK(range("u[i] * u[i]", "u8") == "[0, 65025]");
  CHECK(range("-x[i]", "i8") == "[-127, 128]");
  CHECK(range("abs(x[i])", "i8") == "[0, 128]");
  CHECK(range("~u[i]", "u8") == "[0, 255]");
  CHECK(range("x[i] / 2", "i8") == "[-64, 63]");
  CHECK(range("x[i] / x[i]", "i8") == "[-128, 128]");
  CHECK(range("x[i] % 10", "i8") == "[0, 9]");
  CHECK(range("u[i] & 15", "u8") == "[0, 15]");
  CHECK(range("max(x[i], 0)", "i8") == "[0, 127]");
  CHECK(range("clamp(x[i], -3, 5)", "i8") == "[-3, 5]");
  CHECK(range("x[i] << 1", "i8") == "[-256, 254]");
  CHECK(range("v[i] >> 7", "i32") == "[-16777216, 16777215]");
  CHECK(range("i32(x[i]) << s", "i32") == "[-274877906944, 272730423296]");
  CHECK(range("round_shift(i32(x[i]), 3)", "i32") == "[-16, 16]");
  CHECK(range("popcount(u[i])", "u8") == "[0, 8]");
  CHECK(range("sat_i8(v[i])", "i8") == "[-128, 127]");
  CHECK(range("wrap_i8(v[i])", "i8") == "[-2147483648, 2147483647]");
  CHECK(range("select(x[i] > 0, 3, -4)", "i8") == "[-4, 3]");
  CHECK(range("i32(bit(x[i], 2)) * 5", "i32") == "[0, 5]");
  CHECK(range("i32(i) * 2", "i32") == "[0, 18]");
}

TEST_CASE("interval: reductions count their points") {
  CHECK(range("sum(k) i32(x[k]) * i32(x[k])", "i32") == "[-162560, 163840]");
  CHECK(range("sum(k where k > 3) i32(u[k])", "i32") == "[0, 2550]");
  CHECK(range("max(k) x[k]", "i8") == "[-128, 127]");
  CHECK(range("argmax(k) x[k]", "i32") == "[0, 9]");
  CHECK(range("prod(k) i32(clamp(x[k], 1, 2))", "i32") == "[1, 1024]");
  CHECK(range("prod(k) i32(clamp(x[k], -2, 2))", "i32") == "[-1024, 1024]");
}

TEST_CASE("interval: what never wraps, and what may inside although it fits outside") {
  CHECK(of("i32(x[i]) * i32(x[i])", "i32").neverWraps);
  CHECK_FALSE(of("x[i] * x[i]", "i8").neverWraps);
  CHECK_FALSE(of("(x[i] + 1) / 2", "i8").neverWraps);
  CHECK(of("sat_i8(i32(x[i]) + 1)", "i8").neverWraps);
  CHECK(of("sum(k) i32(x[k])", "i32").neverWraps);
  CHECK_FALSE(of("round_shift(v[i], 3)", "i32").neverWraps);
  CHECK(of("round_shift(i32(x[i]), s)", "i32").neverWraps); // at most 127 + (1 << 30)
  CHECK_FALSE(of("round_shift(x[i], s)", "i8").neverWraps);
  CHECK(of("v[i] >> s", "i32").neverWraps);
  CHECK_FALSE(of("wrap_i8(v[i])", "i8").neverWraps);
}

TEST_CASE("interval: narrower data gives narrower results") {
  Notation notation;
  auto kernel = notation.bound("kernel f(x: i8[N], w: i8[N]) -> y: i16 {\n"
                               "  y = sum(k) i16(x[k]) * i16(w[k])\n"
                               "}",
                               {{"N", 100}});
  REQUIRE(kernel);
  const Statement &statement = kernel->statements[0];
  auto bits = [](unsigned) { return Interval{llvm::DynamicAPInt(0), llvm::DynamicAPInt(15)}; };
  CHECK(toString(valueRange(*statement.value, statement, *kernel, bits)) == "[0, 22500]");
  CHECK(neverWraps(*statement.value, statement, *kernel, bits));
  CHECK_FALSE(neverWraps(*statement.value, statement, *kernel));
}
