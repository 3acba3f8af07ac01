#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using lathe::test::Notation;

namespace {

constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);

using Sizes = std::vector<std::pair<std::string, int64_t>>;

/// The codes and places that binding `text` reports.
std::string reported(const std::string &text, Sizes sizes = {},
                     std::vector<ArrayShape> arrays = {}) {
  Notation notation;
  bool isBound = notation.bound(text, std::move(sizes), std::move(arrays)).has_value();
  INFO(notation.shown());
  CHECK(isBound == (notation.diagnostics.errorCount() == 0));
  return notation.codes();
}

const std::string kMatmul = "kernel f(a: i8[M,K], b: i8[K,N]) -> c: i32[M,N] {\n"
                            "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                            "}\n";

} // namespace

TEST_CASE("bind: sizes come from arrays, from numbers, and through expressions") {
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 3}, {"K", 4}}) == "");
  CHECK(reported(kMatmul, {{"M", 2}}, {{"b", {4, 3}, i8}}) == "");
  Notation notation;
  auto kernel = notation.bound("kernel f(x: i8[2*P+1], w: i8[R]) -> y: i8[2*P+2-R] {\n"
                               "  y[p] = sum(r) x[p+r] * w[r]\n"
                               "}",
                               {}, {{"x", {11}, i8}, {"w", {3}, i8}});
  REQUIRE(kernel);
  CHECK(kernel->sizes[0].value == 5);
  CHECK(kernel->tensors[2].sizes == std::vector<int64_t>{9});
  // A stride: (11 - 3) / 2 + 1 = 5 windows.
  auto strided = notation.bound("kernel f(x: i8[H], w: i8[R]) -> y: i8[(H-R)/2+1] {\n"
                                "  t[p] = sum(r) i32(x[2*p+r]) * i32(w[r])\n"
                                "  y[p] = sat_i8(t[p])\n"
                                "}",
                                {}, {{"x", {11}, i8}, {"w", {3}, i8}});
  INFO(notation.shown());
  REQUIRE(strided);
  CHECK(strided->statements[0].loops[0].size == 5);
  CHECK(
      print(*notation
                 .parse("kernel f(x: i8[H], w: i8[R]) -> y: i8[H] {\n"
                        "  t[p] = sum(r) x[2*p+r] * w[r]\n"
                        "  y[i] = t[i/2]\n"
                        "}")
                 ->front()
                 .tensors[3]
                 .shape[0],
            {},
            notation.parse("kernel f(x: i8[H], w: i8[R]) -> y: i8[H] { y[i] = x[i] }")->front()) ==
      "(H - R) / 2 + 1");
}

TEST_CASE("bind: numbers replace sizes in bodies too") {
  Notation notation;
  auto kernel = notation.bound("kernel f(x: i32[N]) -> y: i32[N] {\n"
                               "  y[i] = select(i < N/2, x[i] * i32(N), x[N-1-i])\n"
                               "}",
                               {{"N", 6}});
  REQUIRE(kernel);
  CHECK(print(kernel->statements[0], *kernel) == "y[i] = select(i < 3, x[i] * 6, x[5 - i])");
}

TEST_CASE("bind: what contradicts or is missing is reported at the shape") {
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 3}}) == "L0608 1:18");
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 0}, {"K", 4}}) == "L0602 1:30");
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 1}, {"N", 3}, {"K", 4}}) == "L0606 1:30");
  CHECK(reported(kMatmul, {{"M", 2}}, {{"a", {2, 5}, i8}, {"b", {4, 3}, i8}}) == "L0607 1:28");
  CHECK(reported(kMatmul, {}, {{"a", {2, 5, 1}, i8}}) == "L0604 1:10");
  CHECK(reported(kMatmul, {}, {{"a", {2, 5}, i32}, {"b", {5, 3}, i8}}) == "L0605 1:10");
  CHECK(reported("kernel f(x: i8[2*N]) -> y: i8[2*N] { y[i] = x[i] }", {}, {{"x", {7}, i8}}) ==
        "L0608 1:18");
}

TEST_CASE("bind: names of the command line have no place but a suggestion") {
  Notation notation;
  CHECK_FALSE(notation.bound(kMatmul, {{"k", 2}}, {{"bb", {1, 1}, i8}}));
  CHECK(notation.codes() == "L0601 0:0; L0603 0:0");
  CHECK(notation.diagnostics.all()[0].help == "did you mean 'K'?");
  CHECK(notation.diagnostics.all()[1].help == "did you mean 'b'?");
}

TEST_CASE("bind: empty and giant shapes") {
  CHECK(reported("kernel f(x: i8[N], w: i8[R]) -> y: i8[N-R+1] {\n"
                 "  y[p] = sum(r) x[p+r] * w[r]\n"
                 "}",
                 {{"N", 3}, {"R", 4}}) == "L0609 1:42");
  CHECK(reported("kernel f(x: i8[N,N]) -> y: i8[N,N] { y[i,j] = x[i,j] }", {{"N", 1 << 30}}) ==
        "L0610 1:10; L0610 1:25");
  CHECK(reported("kernel f(x: i8[N,N]) -> y: i8[N,N] { y[i,j] = x[i,j] }",
                 {{"N", int64_t(1) << 62}}) == "L0610 1:10; L0610 1:25");
  CHECK(reported("kernel f(x: i8[N], w: i8[R]) -> y: i8[1] {\n"
                 "  y[i] = sum(r) (max(p) x[p+r+2])*w[r]\n"
                 "}",
                 {{"N", 3}, {"R", 2}}) == "L0611 2:22");
}

TEST_CASE("bind: every subscript is proved, with both numbers when it is not") {
  Notation notation;
  CHECK_FALSE(notation.bound("kernel f(x: i8[H], w: i8[R]) -> y: i8[H] {\n"
                             "  y[p] = sum(r) x[p+r-1] * w[r]\n"
                             "}",
                             {{"H", 9}, {"R", 3}}));
  CHECK(notation.codes() == "L0613 2:22");
  CHECK(notation.diagnostics.all()[0].text ==
        "subscript 'p + r - 1' of 'x' reaches -1, dimension 1 has 9 elements");
  auto guarded = [](const std::string &condition) {
    return reported("kernel f(x: i8[H], w: i8[R]) -> y: i8[H] {\n"
                    "  y[p] = sum(r) x[p+r-1] * w[r] where " +
                        condition + "\n}",
                    {{"H", 9}, {"R", 3}});
  };
  CHECK(guarded("0 <= p+r-1 < H") == "");
  CHECK(guarded("0 <= p+r-1") == "L0614 2:22");
  CHECK(guarded("not (p+r == 0 or p+r-1 >= H)") == "");
  CHECK(guarded("p+r > 0, H > p+r-1") == "");
  CHECK(guarded("p+r != 0 and p+r != H+1") == "");
}

TEST_CASE("bind: guards of select, quotients, remainders, clamps") {
  auto body = [](const std::string &value) {
    return reported("kernel f(x: i8[N], t: i8[M]) -> y: i8[2*N] {\n  y[i] = " + value + "\n}",
                    {{"N", 7}, {"M", 3}});
  };
  CHECK(body("x[i/2]") == "");
  CHECK(body("x[i%7]") == "");
  CHECK(body("x[i%8]") == "L0613 2:13");
  CHECK(body("x[clamp(i-3, 0, N-1)]") == "");
  CHECK(body("x[min(i, N-1)]") == "");
  CHECK(body("select(i < N, x[min(i, 6)], x[i-N])") == "");
  CHECK(body("select(i < N, x[i], x[i-N])") == "");
  CHECK(body("select(i <= N, x[i], x[i-N])") == "L0614 2:27");
  CHECK(body("select(0 <= i-2 and i-2 < N, x[i-2], t[i%3])") == "");
  CHECK(body("x[(i+1)/2]") == "L0613 2:17");
  CHECK(body("select(i % 2 == 0 and x[i/2] > 0, t[2 - i%3], 0)") == "");
  CHECK(body("x[i32(i)/4*0]") == "L0615 2:20");
}

TEST_CASE("bind: loops that stand alone agree on their range") {
  CHECK(reported("kernel f(a: i8[M], b: i8[N]) -> c: i8[M] { c[i] = a[i] + b[i] }",
                 {{"M", 4}, {"N", 4}}) == "");
  CHECK(reported("kernel f(a: i8[M], b: i8[N]) -> c: i8[M] { c[i] = a[i] + b[i] }",
                 {{"M", 4}, {"N", 5}}) == "L0524 1:60");
  CHECK(reported("kernel f(a: i8[M], b: i8[N]) -> c: i8[M] { c[i] = a[i] + b[i+0] }",
                 {{"M", 4}, {"N", 5}}) == "");
  CHECK(reported("kernel f(a: i8[N+2]) -> c: i8[N] { c[i] = a[i] + a[i+2] }", {{"N", 5}}) == "");
  CHECK(reported("kernel f(a: i8[M], b: i8[N]) -> c: i8[M] { t[i] = a[i] + b[i]; c[i] = t[i] }",
                 {{"M", 4}, {"N", 5}}) == "L0524 1:60");
  CHECK(reported("kernel f(a: i8[N], b: i8[N+1]) -> c: i8 { c = sum(i) a[i] * b[i] }",
                 {{"N", 5}}) == "L0524 1:63");
  CHECK(reported("kernel f(a: i8[M], b: i8[N]) -> c: i8[M] {\n"
                 "  c[i] = select(i < N, b[i], a[i]) }",
                 {{"M", 4}, {"N", 3}}) == "");
}

TEST_CASE("bind: results and temporaries are written everywhere before they are read") {
  auto result = [](const std::string &body, int64_t n = 6) {
    return reported("kernel f(x: i8[N]) -> y: i8[N] {\n" + body + "\n}", {{"N", n}});
  };
  CHECK(result("y[i] = x[i]") == "");
  CHECK(result("y[0] = x[0]") == "L0612 1:23");
  CHECK(result("y[0] = x[0]", 1) == "");
  CHECK(result("y[2*i] = x[2*i]; y[2*i+1] = 0") == "");
  CHECK(result("y[2*i] = x[2*i]; y[2*i+1] = 0", 7) == "");
  CHECK(result("y[3*i] = x[2*i]; y[3*i+1] = 0") == "L0612 1:23");
  CHECK(result("t: i8[3,2]\nt[p,q] = x[p+q]\ny[2*p+q] = t[p,q]") == "");
  CHECK(result("t: i8[3,2]\nt[p,q] = x[p+q]\ny[5-2*p-q] = t[p,q]") == "");
  CHECK(result("t: i8[3,2]\nt[p,q] = x[p+q]\ny[3*p+q] = t[p,q]", 8) == "L0612 1:23");
  CHECK(result("y[i] = x[i] where i < 3; y[i] = 0 where i >= 3") == "");
  CHECK(result("y[i] = x[i] where i < 3; y[i] = 0 where not i < 4") == "L0612 1:23");
  CHECK(result("y[i] = x[i] where x[i] > 0") == "L0612 1:23");
  CHECK(result("y[i] = 0; y[i] = x[i] where x[i] > 0") == "");
  CHECK(result("y[i] = 0\ny[i] += x[i]") == "");
  CHECK(result("t: i8[N+2]\nt[i+1] = x[i]\ny[i] = t[i+2] + t[i]") == "L0612 4:8");
  CHECK(result("t: i8[N+2]\nt[i] = 0\nt[i+1] = x[i]\ny[i] = t[i+2] + t[i]") == "");
  auto square = [](const std::string &body) {
    return reported("kernel f(x: i8[N,N]) -> y: i8[N,N] {\n" + body + "\n}", {{"N", 4}});
  };
  CHECK(square("y[i,j] = x[i,j] where j <= i") == "L0612 1:25");
  CHECK(square("y[i,i] = x[i,i]") == "L0612 1:25");
  CHECK(square("y[i,j] = x[j,i]") == "");
  CHECK(square("y[i,0] = 1\ny[i,j+1] = x[i,j] where j < 3") == "");
  CHECK(square("y[0,j] = 1\ny[i+1,0] = 2 where i < 3\n"
               "y[i+1,j+1] = x[i,j] where i < 3, j < 3") == "");
}

TEST_CASE("bind: a sum that can leave its type is a warning") {
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 3}, {"K", 131071}}) == "");
  CHECK(reported(kMatmul, {{"M", 2}, {"N", 3}, {"K", 131072}}) == "L0616 2:12");
  CHECK(reported("kernel f(x: u8[N]) -> y: u8 { y = sum(i) x[i] }", {{"N", 99}}) == "");
}
