#include "core/semantics/Interpreter.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace lathe;
using lathe::test::Notation;

namespace {

Array integers(ElementType type, std::vector<int64_t> sizes, std::vector<int64_t> values) {
  Array array = Array::zeros(type, std::move(sizes));
  for (size_t i = 0; i < values.size(); ++i)
    array.setInteger(i, values[i]);
  return array;
}

Array reals(ElementType type, std::vector<double> values) {
  Array array = Array::zeros(type, {int64_t(values.size())});
  for (size_t i = 0; i < values.size(); ++i)
    array.setReal(i, values[i]);
  return array;
}

constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);
constexpr ElementType u8 = ElementType::integer(8, false);

/// Binds and runs `text` over `arrays`; the sentence it fails with, or "".
std::string run(const std::string &text, Arrays &arrays) {
  Notation notation;
  std::vector<ArrayShape> shapes;
  for (const auto &[name, array] : arrays)
    shapes.push_back({name, array.sizes, array.type});
  auto kernel = notation.bound(text, {}, shapes);
  INFO(notation.shown());
  REQUIRE(kernel);
  return interpret(*kernel, arrays).value_or("");
}

std::vector<int64_t> values(const Array &array) {
  std::vector<int64_t> result;
  for (int64_t i = 0; i < array.elements(); ++i)
    result.push_back(array.integerAt(i));
  return result;
}

/// y[i] = expression of x[i], for each of `x`.
std::vector<int64_t> mapped(ElementType from, ElementType to, const std::string &expression,
                            std::vector<int64_t> x) {
  Arrays arrays;
  arrays["x"] = integers(from, {int64_t(x.size())}, x);
  std::string text =
      "kernel f(x: " + name(from) + "[N]) -> y: " + name(to) + "[N] { y[i] = " + expression + " }";
  CHECK(run(text, arrays) == "");
  return values(arrays["y"]);
}

using Numbers = std::vector<int64_t>;

} // namespace

TEST_CASE("interpreter: integers wrap, floor and saturate") {
  Numbers corners = {-128, -127, -1, 0, 1, 126, 127};
  CHECK(mapped(i8, i8, "x[i] + 1", corners) == Numbers{-127, -126, 0, 1, 2, 127, -128});
  CHECK(mapped(i8, i8, "x[i] * x[i]", corners) == Numbers{0, 1, 1, 0, 1, 4, 1});
  CHECK(mapped(i8, i8, "-x[i]", corners) == Numbers{-128, 127, 1, 0, -1, -126, -127});
  CHECK(mapped(i8, i8, "abs(x[i])", corners) == Numbers{-128, 127, 1, 0, 1, 126, 127});
  CHECK(mapped(i8, i8, "x[i] / 10", corners) == Numbers{-13, -13, -1, 0, 0, 12, 12});
  CHECK(mapped(i8, i8, "x[i] % 10", corners) == Numbers{2, 3, 9, 0, 1, 6, 7});
  CHECK(mapped(i8, i8, "x[i] / -1", corners) == Numbers{-128, 127, 1, 0, -1, -126, -127});
  CHECK(mapped(i8, i8, "x[i] >> 2", corners) == Numbers{-32, -32, -1, 0, 0, 31, 31});
  CHECK(mapped(i8, i8, "x[i] << 1", corners) == Numbers{0, 2, -2, 0, 2, -4, -2});
  CHECK(mapped(i8, u8, "wrap_u8(x[i])", corners) == Numbers{128, 129, 255, 0, 1, 126, 127});
  CHECK(mapped(i8, u8, "sat_u8(x[i])", corners) == Numbers{0, 0, 0, 0, 1, 126, 127});
  CHECK(mapped(i32, i8, "sat_i8(x[i])", {-129, -128, 127, 128, 1 << 30}) ==
        Numbers{-128, -128, 127, 127, 127});
  CHECK(mapped(i32, i8, "wrap_i8(x[i])", {-129, -128, 127, 128, 256}) ==
        Numbers{127, -128, 127, -128, 0});
  CHECK(mapped(u8, u8, "x[i] / 10", {255, 128, 9}) == Numbers{25, 12, 0});
  CHECK(mapped(u8, u8, "x[i] >> 1", {255, 128}) == Numbers{127, 64});
  CHECK(mapped(i8, i8, "clamp(x[i], -5, 5)", corners) == Numbers{-5, -5, -1, 0, 1, 5, 5});
}

TEST_CASE("interpreter: a rounding shift rounds half up and wraps like the hardware") {
  // (v + 2) >> 2
  CHECK(mapped(i32, i32, "round_shift(x[i], 2)", {-7, -6, -5, -2, 1, 2, 5, 6}) ==
        Numbers{-2, -1, -1, 0, 0, 1, 1, 2});
  CHECK(mapped(i32, i32, "round_shift(x[i], 0)", {-7, 6}) == Numbers{-7, 6});
  // 2^31 - 1 + 2 wraps to -2^31 + 1
  CHECK(mapped(i32, i32, "round_shift(x[i], 2)", {2147483647}) == Numbers{-536870912});
}

TEST_CASE("interpreter: bits") {
  CHECK(mapped(i8, i8, "x[i] & 15", {-1, 16}) == Numbers{15, 0});
  CHECK(mapped(i8, i8, "x[i] ^ -1", {5}) == Numbers{-6});
  CHECK(mapped(i8, i8, "~x[i] | 1", {5}) == Numbers{-5});
  CHECK(mapped(i8, i8, "popcount(x[i])", {-1, 5, 0}) == Numbers{8, 2, 0});
  CHECK(mapped(i8, i32, "i32(bit(x[i], 7))", {-1, 5, -128}) == Numbers{1, 0, 1});
  CHECK(mapped(i8, i8, "x[i] << x[i]", {1, 3, 8, -1}) == Numbers{2, 24, 0, 0});
  CHECK(mapped(i8, i8, "x[i] >> x[i]", {1, 9, -128}) == Numbers{0, 0, -1});
}

TEST_CASE("interpreter: conditions") {
  CHECK(mapped(i8, i8, "select(x[i] > 3 or x[i] == -1, 1, 0)", {4, 3, -1}) == Numbers{1, 0, 1});
  CHECK(mapped(i8, i8, "select(0 <= x[i] < 3, 1, 0)", {-1, 0, 2, 3}) == Numbers{0, 1, 1, 0});
  CHECK(mapped(i8, i8, "select(not x[i] != 3, 1, 0)", {3, 4}) == Numbers{1, 0});
}

TEST_CASE("interpreter: every reduction, and over nothing") {
  Arrays arrays;
  arrays["x"] = integers(i8, {2, 4}, {3, -5, 3, 2, -1, -7, -7, -2});
  CHECK(run("kernel r(x: i8[M,K]) -> (s: i8[M], p: i8[M], hi: i8[M], lo: i8[M], a: i32[M], "
            "b: i32[M], some: u1[M], every: u1[M], none: i8[M], low: i8[M]) {\n"
            "  s[i] = sum(k) x[i,k]\n"
            "  p[i] = prod(k) x[i,k]\n"
            "  hi[i] = max(k) x[i,k]\n"
            "  lo[i] = min(k) x[i,k]\n"
            "  a[i] = argmax(k) x[i,k]\n"
            "  b[i] = argmin(k) x[i,k]\n"
            "  some[i] = any(k) (x[i,k] > 0)\n"
            "  every[i] = all(k) (x[i,k] < 0)\n"
            "  none[i] = sum(k where x[i,k] > 100) x[i,k]\n"
            "  low[i] = max(k) x[i,k] where x[i,k] > 100\n"
            "}",
            arrays) == "");
  CHECK(values(arrays["s"]) == Numbers{3, -17});
  CHECK(values(arrays["p"]) == Numbers{-90, 98});
  CHECK(values(arrays["hi"]) == Numbers{3, -1});
  CHECK(values(arrays["lo"]) == Numbers{-5, -7});
  CHECK(values(arrays["a"]) == Numbers{0, 0});
  CHECK(values(arrays["b"]) == Numbers{1, 1});
  CHECK(values(arrays["some"]) == Numbers{1, 0});
  CHECK(values(arrays["every"]) == Numbers{0, 1});
  CHECK(values(arrays["none"]) == Numbers{0, 0});
  CHECK(values(arrays["low"]) == Numbers{-128, -128});
}

TEST_CASE("interpreter: accumulation, shortest paths and a causal mask") {
  Arrays arrays;
  arrays["a"] = integers(i32, {2, 2}, {0, 5, 9, 1});
  arrays["b"] = integers(i32, {2, 2}, {4, 2, 1, 8});
  CHECK(run("kernel f(a: i32[M,K], b: i32[K,N]) -> (c: i32[M,N], m: i32[M,M]) {\n"
            "  c[i,j] = 100\n"
            "  c[i,j] min= a[i,k] + b[k,j]\n"
            "  m[i,j] = 0\n"
            "  m[i,j] += a[i,k] * a[j,k] where j <= i\n"
            "}",
            arrays) == "");
  CHECK(values(arrays["c"]) == Numbers{4, 2, 2, 9});
  CHECK(values(arrays["m"]) == Numbers{25, 0, 5, 82});
}

TEST_CASE("interpreter: padding by a guarded sum equals numpy's convolution") {
  Arrays arrays;
  arrays["x"] = integers(i8, {5}, {1, -2, 3, -4, 5});
  arrays["w"] = integers(i8, {3}, {2, -1, 3});
  CHECK(run("kernel conv(x: i8[H], w: i8[R]) -> y: i32[H] {\n"
            "  y[p] = sum(r where 0 <= p+r-1 < H) i32(x[p+r-1]) * i32(w[r])\n"
            "}",
            arrays) == "");
  // numpy.correlate([1,-2,3,-4,5], [2,-1,3], 'same')
  CHECK(values(arrays["y"]) == Numbers{-7, 13, -19, 25, -13});
}

TEST_CASE("interpreter: gathers and tables are checked when they run") {
  Arrays arrays;
  arrays["x"] = integers(i8, {3, 2}, {1, 2, 3, 4, 5, 6});
  arrays["at"] = integers(i32, {2}, {2, 0});
  arrays["t"] = integers(i8, {4}, {10, 20, 30, 40});
  const char *kernel = "kernel g(x: i8[N,C], at: i32[M], t: i8[T]) -> (y: i8[M,C], z: i8[M]) {\n"
                       "  y[i,j] = x[at[i], j]\n"
                       "  z[i] = lut(t, at[i] + 1)\n"
                       "}";
  CHECK(run(kernel, arrays) == "");
  CHECK(values(arrays["y"]) == Numbers{5, 6, 1, 2});
  CHECK(values(arrays["z"]) == Numbers{40, 20});
  arrays["at"].setInteger(1, 3);
  CHECK(run(kernel, arrays) == "subscript 1 of 'x' is 3, the dimension has 3 elements");
  arrays["at"].setInteger(1, -1);
  CHECK(run(kernel, arrays) == "subscript 1 of 'x' is -1, the dimension has 3 elements");
}

TEST_CASE("interpreter: a zero divisor is a sentence, unless a guard excludes it") {
  Arrays arrays;
  arrays["x"] = integers(i8, {2}, {5, 0});
  CHECK(run("kernel d(x: i8[N]) -> y: i8[N] { y[i] = 100 / x[i] }", arrays) == "division by zero");
  CHECK(run("kernel d(x: i8[N]) -> y: i8[N] { y[i] = select(x[i] == 0, 0, 100 / x[i]) }", arrays) ==
        "");
  CHECK(values(arrays["y"]) == Numbers{20, 0});
}

TEST_CASE("interpreter: floats round to nearest even after each operation") {
  Arrays arrays;
  // 1 + 2^-8 is half way between two bf16; 1 + 3 * 2^-8 as well.
  arrays["x"] = reals(ElementType::f32(), {1 + std::ldexp(1, -8), 1 + 3 * std::ldexp(1, -8), 1e39});
  CHECK(run("kernel f(x: f32[N]) -> (y: bf16[N], h: f16[N], s: bf16) {\n"
            "  y[i] = bf16(x[i])\n"
            "  h[i] = f16(x[i] * 65270.0)\n"
            "  s = sum(i where i < 2) bf16(x[i]) * 256.0\n"
            "}",
            arrays) == "");
  CHECK(arrays["y"].realAt(0) == 1);
  CHECK(arrays["y"].realAt(1) == 1.015625);
  CHECK(std::isinf(arrays["y"].realAt(2)));
  CHECK(std::isinf(arrays["h"].realAt(0)));
  CHECK(arrays["s"].realAt(0) == 516); // 256 + 260
}

TEST_CASE("interpreter: sums of f16 and functions of f32 as numpy has them") {
  Arrays arrays;
  arrays["x"] = reals(ElementType::f16(), {0.1, 0.2, 0.3, 1000});
  arrays["v"] = reals(ElementType::f32(), {0.3, -1.7, 2.5});
  CHECK(run("kernel f(x: f16[N], v: f32[M]) -> (s: f16, p: f16, e: f32[M], t: f32[M], q: f32[M], "
            "r: f32[M], n: i32[M]) {\n"
            "  s = sum(i) x[i]\n"
            "  p = prod(i) x[i]\n"
            "  e[i] = exp(v[i])\n"
            "  t[i] = tanh(v[i])\n"
            "  q[i] = sqrt(abs(v[i]))\n"
            "  r[i] = round_even(v[i]) + floor(v[i])\n"
            "  n[i] = i32(v[i])\n"
            "}",
            arrays) == "");
  // numpy.float16: ((0.1 + 0.2) + 0.3) + 1000, each step rounded
  CHECK(arrays["s"].realAt(0) == 1000.5);
  CHECK(arrays["p"].realAt(0) == doctest::Approx(6.0).epsilon(0.002));
  // exp, tanh and sqrt of the f32 inputs in double precision, rounded to f32
  CHECK(arrays["e"].realAt(0) == 1.3498588800430298);
  CHECK(arrays["e"].realAt(1) == 0.18268351256847382);
  CHECK(arrays["t"].realAt(2) == 0.9866142868995667);
  CHECK(arrays["q"].realAt(1) == 1.3038405179977417);
  CHECK(arrays["r"].realAt(0) == 0);
  CHECK(arrays["r"].realAt(1) == -4);
  CHECK(arrays["r"].realAt(2) == 4); // 2 + 2: half to even
  CHECK(values(arrays["n"]) == Numbers{0, -1, 2});
}

TEST_CASE("interpreter: the digits network gives numpy's logits") {
  Notation notation;
  std::string folder = LATHE_SOURCE_DIR "/targets/systolic_array/tests/digits/";
  auto load = [&](const std::string &file) {
    auto array = readNpy(folder + file + ".npy", std::nullopt, notation.diagnostics);
    REQUIRE(array);
    return *array;
  };
  Array images = load("images"), logits = load("dense_logits");
  Array few = Array::zeros(i8, {2, 784});
  std::copy_n(images.bytes.begin(), few.bytes.size(), few.bytes.begin());
  Arrays arrays{{"x", few},
                {"w1", load("dense_w1")},
                {"b1", load("dense_b1")},
                {"w2", load("dense_w2")},
                {"b2", load("dense_b2")}};
  CHECK(run("kernel dense(x: i8[N,D], w1: i8[D,H], b1: i32[H], w2: i8[H,C], b2: i32[C]) -> "
            "y: i32[N,C] {\n"
            "  a1[n,h] = b1[h] + sum(d) i32(x[n,d]) * i32(w1[d,h])\n"
            "  h1[n,h] = sat_i8(round_shift(max(a1[n,h], 0), 11))\n"
            "  y[n,c] = b2[c] + sum(h) i32(h1[n,h]) * i32(w2[h,c])\n"
            "}",
            arrays) == "");
  Numbers expected = values(logits);
  expected.resize(20);
  CHECK(values(arrays["y"]) == expected);
}
