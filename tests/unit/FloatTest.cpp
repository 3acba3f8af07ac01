// Floats: conversions, order, NaN and the accuracy that docs/reference/notation.md states, on the
// interpreter and the JIT, against computations of their own.
#include "core/semantics/Interpreter.h"
#include "core/semantics/Jit.h"
#include "simulators/reference/Reference.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <random>

using namespace lathe;
using lathe::test::Notation;

namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

/// "y" of a kernel of x: f32[N], or f32[M,N] with M = rows, on both evaluators, which must agree.
std::vector<double> run(const std::string &text, const std::vector<float> &x, int64_t rows = 1) {
  Notation notation;
  std::vector<int64_t> shape = {int64_t(x.size()) / rows};
  if (text.find("[M,N]") != std::string::npos)
    shape.insert(shape.begin(), rows);
  auto kernel = notation.bound(text, {}, {{"x", shape, ElementType::f32()}});
  REQUIRE_MESSAGE(kernel, notation.shown());
  Array array = Array::zeros(ElementType::f32(), kernel->tensors[0].sizes);
  for (size_t i = 0; i < x.size(); ++i)
    array.setReal(i, x[i]);
  Arrays compiled{{"x", array}}, interpreted{{"x", array}};
  auto jit = llvm::cantFail(Jit::create(""));
  REQUIRE(!evaluate(*kernel, compiled, *jit));
  REQUIRE(!interpret(*kernel, interpreted));
  const Array &y = compiled.at("y"), &other = interpreted.at("y");
  std::vector<double> values;
  for (int64_t i = 0; i < y.elements(); ++i) {
    bool isFloat = y.type.isFloat();
    double value = isFloat ? y.realAt(i) : double(y.integerAt(i));
    double second = isFloat ? other.realAt(i) : double(other.integerAt(i));
    bool same = std::isnan(value) ? std::isnan(second)
                                  : value == second && std::signbit(value) == std::signbit(second);
    CHECK_MESSAGE(same, "element ", i, ": ", value, " compiled, ", second, " interpreted");
    values.push_back(value);
  }
  return values;
}

std::vector<float> spread(unsigned count, double low, double high, bool logarithmic) {
  std::mt19937_64 random(count);
  std::vector<float> values;
  for (unsigned i = 0; i < count; ++i) {
    double share = double(random() >> 11) / double(1ull << 53);
    values.push_back(logarithmic ? low * std::pow(high / low, share) : low + share * (high - low));
  }
  return values;
}

/// Units in the last place of a format with `digits` bits of mantissa at x.
double ulp(double x, int digits, int least) {
  return std::ldexp(1.0, std::max(std::ilogb(x) - digits + 1, least));
}

struct Function {
  const char *name;
  long double (*exact)(long double);
  double low, high;
  bool logarithmic;
};

} // namespace

TEST_CASE("floats: exp, log, tanh, erf, rsqrt and recip are within 0.51 units in the last place") {
  const Function functions[] = {
      {"exp", expl, -87, 88, false},
      {"log", logl, 1e-37, 1e38, true},
      {"tanh", tanhl, -9, 9, false},
      {"erf", erfl, -4, 4, false},
      {"sqrt", sqrtl, 1e-37, 1e38, true},
      {"rsqrt", [](long double x) { return 1 / sqrtl(x); }, 1e-37, 1e38, true},
      {"recip", [](long double x) { return 1 / x; }, 1e-37, 1e37, true}};
  struct Format {
    const char *name;
    int digits, least;
    double largest;
  };
  for (Format format : {Format{"f32", 24, -149, FLT_MAX}, Format{"bf16", 8, -133, 3e38},
                        Format{"f16", 11, -24, 65000}})
    for (const Function &f : functions) {
      std::vector<float> x = spread(2000, f.low, f.high, f.logarithmic);
      std::string kernel = std::string("kernel f(x: f32[N]) -> y: f32[N] {\n  h[i] = ") +
                           format.name + "(x[i])\n  y[i] = f32(" + f.name + "(h[i]))\n}";
      std::string held = std::string("kernel f(x: f32[N]) -> y: f32[N] {\n  y[i] = f32(") +
                         format.name + "(x[i]))\n}";
      std::vector<double> given = run(held, x), got = run(kernel, x);
      double worst = 0;
      for (size_t i = 0; i < x.size(); ++i) {
        long double exact = f.exact(given[i]);
        if (exact == 0 || std::isinf(given[i]) || given[i] == 0 || fabsl(exact) > format.largest)
          continue;
        double error = double(fabsl(got[i] - exact)) / ulp(exact, format.digits, format.least);
        worst = std::max(worst, error);
      }
      CAPTURE(format.name);
      CAPTURE(f.name);
      CHECK(worst <= 0.51);
      CHECK(worst > 0.2); // of thousands, some lie near the middle
    }
}

/// x in a format and back, as a kernel.
static std::string through(const std::string &format) {
  return "kernel f(x: f32[N]) -> y: f32[N] {\n  y[i] = f32(" + format + "(x[i]))\n}";
}

TEST_CASE("floats: narrowing takes the nearest, even of two, and what fits is kept") {
  struct Format {
    std::string name;
    int digits, least;
    double overflow;
  };
  for (const Format &format :
       {Format{"f16", 11, -24, 65520.0}, Format{"bf16", 8, -133, 0x1.ffp127}}) {
    std::vector<float> x = spread(4000, 1e-8, 7e4, true);
    for (float value : spread(500, 1e-40, 3.4e38, true))
      x.push_back(-value);
    for (int i = 0; i < 2000; ++i) { // ties, and their neighbours
      float tie = std::ldexp(float(2 * i + 1), i % 12 - format.digits);
      x.insert(x.end(), {tie, std::nextafter(tie, 0.0f), std::nextafter(tie, kInfinity)});
    }
    std::vector<double> got = run(through(format.name), x);
    for (size_t i = 0; i < x.size(); ++i) {
      double unit = ulp(x[i], format.digits, format.least);
      // Doubles round to nearest, ties to even.
      double wanted = std::nearbyint(double(x[i]) / unit) * unit;
      if (std::fabs(x[i]) >= format.overflow)
        wanted = std::copysign(INFINITY, x[i]);
      CHECK_MESSAGE(got[i] == wanted, format.name, " of ", x[i]);
    }
    CHECK(run(through(format.name), std::vector<float>(got.begin(), got.end())) == got);
  }
}

TEST_CASE("floats: max and min are NaN when any is, in either place, and -0 is below +0") {
  std::vector<float> x = {1, kNaN, kNaN, 1, -0.0f, 0.0f, 0.0f, -0.0f, -kInfinity, 3, 2, 2};
  auto pairs = [&](const char *function) {
    return run(std::string("kernel f(x: f32[M,N]) -> y: f32[M] {\n  y[i] = ") + function +
                   "(x[i,0], x[i,1])\n}",
               x, int64_t(x.size()) / 2);
  };
  std::vector<double> largest = pairs("max"), smallest = pairs("min");
  for (size_t i : {0, 1})
    CHECK((std::isnan(largest[i]) && std::isnan(smallest[i])));
  for (size_t i : {2, 3})
    CHECK((!std::signbit(largest[i]) && std::signbit(smallest[i])));
  CHECK(largest[4] == 3);
  CHECK(smallest[4] == -INFINITY);
  CHECK(largest[5] == 2);
}

TEST_CASE("floats: a maximum over NaN is NaN, and argmax says where the first one is") {
  std::vector<float> x = {1, 5, kNaN, 9, kNaN, kNaN, 2, 1, 3, 3, 7, 7};
  CHECK(run("kernel f(x: f32[M,N]) -> y: i32[M] {\n  y[i] = argmax(j) x[i,j]\n}", x, 3) ==
        std::vector<double>{2, 0, 2});
  CHECK(run("kernel f(x: f32[M,N]) -> y: i32[M] {\n  y[i] = argmin(j) x[i,j]\n}", x, 3) ==
        std::vector<double>{2, 0, 0});
  std::vector<double> most =
      run("kernel f(x: f32[M,N]) -> y: f32[M] {\n  y[i] = max(j) x[i,j]\n}", x, 3);
  CHECK(std::isnan(most[0]));
  CHECK(std::isnan(most[1]));
  CHECK(most[2] == 7);
  std::vector<double> least = run("kernel f(x: f32[M,N]) -> y: f32[M] {\n  y[i] = inf\n"
                                  "  y[i] min= x[i,j]\n}",
                                  x, 3);
  CHECK(std::isnan(least[0]));
  CHECK(least[2] == 3);
}

TEST_CASE("floats: sums go in the order of the loops, each step rounded, products apart") {
  std::vector<float> x = spread(6 * 35, -1e4, 1e4, false);
  for (auto [type, digits] : {std::pair{std::string("f32"), 24}, std::pair{std::string("bf16"), 8},
                              std::pair{std::string("f16"), 11}}) {
    auto rounded = [&, digits = digits](double value) {
      if (value == 0)
        return value;
      double unit = std::ldexp(1.0, std::ilogb(value) - digits + 1);
      return std::nearbyint(value / unit) * unit;
    };
    std::string kernel = std::string("kernel f(x: f32[M,N]) -> y: f32[M] {\n  h[i,j] = ") + type +
                         "(x[i,j] * 0.0009765625)\n  s[i] = sum(j) h[i,j] * h[i,j]\n"
                         "  y[i] = f32(s[i])\n}";
    std::vector<double> got = run(kernel, x, 6);
    for (int i = 0; i < 6; ++i) {
      double sum = 0;
      for (int j = 0; j < 35; ++j) {
        double h = rounded(rounded(double(x[i * 35 + j]) * 0.0009765625));
        double product = rounded(h * h);
        sum = rounded(sum + product);
      }
      CHECK_MESSAGE(got[i] == sum, type);
    }
  }
  // The first loop of a reduction is the outer one.
  std::vector<double> nested =
      run("kernel f(x: f32[M,N]) -> y: f32 {\n  y = sum(j,i) x[i,j]\n}", x, 6);
  float sum = 0;
  for (int j = 0; j < 35; ++j)
    for (int i = 0; i < 6; ++i)
      sum += x[i * 35 + j];
  CHECK(nested[0] == sum);
}

TEST_CASE("floats: integers from them truncate or saturate, NaN gives 0") {
  std::vector<float> x = {2.7f, -2.7f, 300, -300, kNaN, kInfinity, -kInfinity, 2.5f, 3.5f};
  CHECK(run("kernel f(x: f32[N]) -> y: i8[N] {\n  y[i] = sat_i8(x[i])\n}", x) ==
        std::vector<double>{2, -2, 127, -128, 0, 127, -128, 2, 3});
  CHECK(run("kernel f(x: f32[N]) -> y: i32[N] {\n  y[i] = i32(round_even(x[i]))\n}",
            {2.5f, 3.5f, -2.5f, 0.5f, kNaN}) == std::vector<double>{2, 4, -2, 0, 0});
  // 2^24 + 1 and 2^24 + 3 lie in the middle of two floats.
  std::vector<double> wide = run("kernel f(x: f32[N]) -> y: f32[N] {\n"
                                 "  y[i] = f32(i32(x[i]) * 2 + 1)\n}",
                                 {8388608, 8388609});
  CHECK(wide == std::vector<double>{16777216, 16777220});
}
