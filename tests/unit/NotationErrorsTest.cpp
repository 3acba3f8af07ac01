#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using lathe::test::Notation;

// Each mistake: its code and the exact column.

namespace {

std::string parsed(const std::string &text) {
  Notation notation;
  bool isValid = notation.parse(text).has_value();
  CHECK(isValid == !notation.diagnostics.hasErrors());
  return notation.codes();
}

/// The body stands on line 2, from column 3 on, in a kernel with these parameters.
std::string body(const std::string &statements) {
  return parsed(
      "kernel f(x: i8[N], w: i8[N,M], v: i32[N], s: i32, q: f32[N], u: u8[N]) -> y: i8[N] {\n"
      "  " +
      statements + "\n}");
}

std::string help(const std::string &statement) {
  Notation notation;
  notation.parse("kernel f(x: i8[N], v: i32[N], q: f32[N], u: u8[N], h: f16[N]) -> y: i8[N] {\n  " +
                 statement + "\n}");
  return notation.diagnostics.all().empty() ? "" : notation.diagnostics.all()[0].help;
}

} // namespace

TEST_CASE("notation errors: characters, numbers, names") {
  CHECK(body("y[i] = x[i] $ 1") == "L0501 2:15; L0504 2:17");
  CHECK(body("y[i] = \xce\xb1 x[i]") == "L0501 2:10");
  CHECK(body("y[i] = 99999999999999999999") == "L0502 2:10");
  CHECK(body("y[i] = 0x1g") == "L0502 2:10");
  CHECK(body("y[i] = 12ab") == "L0502 2:10");
  CHECK(body("y[i] = x[i] + (18446744073709551615 + 1)") == "L0502 2:39");
  CHECK(body(std::string(300, 'a') + " = x[0]; y[i] = x[i]") == "L0503 2:3; L0522 2:3");
  CHECK(body("y[i] = select") == "L0506 2:10");
  CHECK(body("sum[i] = x[i]; y[i] = x[i]") == "L0506 2:3");
}

TEST_CASE("notation errors: grammar") {
  CHECK(body("y[i] = x[i") == "L0504 3:1");
  CHECK(body("y[i = x[i]") == "L0504 2:7");
  CHECK(body("y[i] x[i]") == "L0504 2:8");
  CHECK(body("y[i] = ") == "L0504 3:1");
  CHECK(body("y[i] = x[i] x[i]") == "L0504 2:15");
  CHECK(body("y[i] = (x[i] + 1") == "L0504 3:1");
  CHECK(body("y[i] = + x[i]") == "L0504 2:10");
  CHECK(body("= x[i]") == "L0504 2:3");
  CHECK(body("y[i] max x[i]") == "L0504 2:12");
  CHECK(parsed("") == "L0541 1:1");
  CHECK(parsed("kernel") == "L0504 1:7");
  CHECK(parsed("kernel f(x) -> y: i8 {}") == "L0504 1:11");
  CHECK(parsed("kernel f(x: 8) -> y: i8 {}") == "L0504 1:13");
  CHECK(parsed("kernel f(x: i8) y: i8 {}") == "L0504 1:17");
  CHECK(parsed("kernel f(x: i8) -> y: i8 { y = x") == "L0504 1:33");
  CHECK(parsed("y = x") == "L0504 1:1");
}

TEST_CASE("notation errors: one run reports all, and one mistake is said once") {
  CHECK(body("a[i] = foo[i]\n  b[i] = a[i] + bar\n  y[i] = q[i]") ==
        "L0509 2:10; L0509 3:17; L0540 4:8");
  CHECK(body("t[i] = x[i] +\n  t[i] = )\n  y[i] = t[i] + unknown") == "L0504 3:8; L0509 4:17");
}

TEST_CASE("notation errors: declarations") {
  CHECK(parsed("kernel f(x: i65[N]) -> y: i8[N] { y[i] = 1 }") == "L0507 1:13");
  CHECK(parsed("kernel f(x: i8[N], x: i8[N]) -> y: i8[N] { y[i] = 1 }") == "L0508 1:20");
  CHECK(parsed("kernel f(N: i8[N]) -> y: i8[N] { y[i] = 1 }") == "L0508 1:10");
  CHECK(parsed("kernel f(x: i8[N+M*q.r]) -> y: i8[f(N)] { y[i] = 1 }") == "L0535 1:35");
  CHECK(parsed("kernel f(x: i8[N/0]) -> y: i8[N] { y[i] = 1 }") == "L0533 1:18");
  CHECK(parsed("kernel f(x: i8[N] sparse(N: packed)) -> y: i8[N] { y[i] = 1 }") == "L0536 1:29");
  CHECK(parsed("kernel f(x: i8[N] sparse(N: structured[5,4])) -> y: i8[N] { y[i] = 1 }") ==
        "L0537 1:40");
  CHECK(parsed("kernel f(x: i8[N] sparse(M: dense)) -> y: i8[N] { y[i] = 1 }") == "L0538 1:26");
  CHECK(parsed("kernel f(x: i8[N]) -> y: i8[N] { y[i] = x[i] }\n"
               "kernel f(x: i8[N]) -> y: i8[N] { y[i] = x[i] }") == "L0508 2:8");
  CHECK(parsed("kernel f(x: i8[N]) -> (y: i8[N], z: i8[N]) { y[i] = x[i] }") == "L0521 1:34");
}

TEST_CASE("notation errors: names and subscripts") {
  CHECK(body("y[i] = z[i]") == "L0509 2:10");
  CHECK(body("y[i] = x[i] + z") == "L0509 2:17");
  CHECK(body("y[i] = x[k]") == "L0525 2:12");
  CHECK(body("y[i] = x[i,i]") == "L0512 2:10");
  CHECK(body("y[i] = x") == "L0512 2:10");
  CHECK(body("y[i,j] = w[i,j]") == "L0512 2:3");
  CHECK(body("y[i] = i[0]") == "L0528 2:10");
  CHECK(body("y[i] = N[0]") == "L0528 2:10");
  CHECK(body("y[i] = x(i)") == "L0531 2:10");
  CHECK(body("y[i] = foo(x[i])") == "L0510 2:10");
  CHECK(body("y[i] = x[q[i]]") == "L0517 2:12");
  CHECK(body("y[N] = x[0]") == "L0526 2:5");
  CHECK(body("y[x] = x[0]") == "L0526 2:5");
  CHECK(body("y[i] = sum(i) x[i]") == "L0526 2:14");
  CHECK(body("y[i] = sum(x) x[x]") == "L0526 2:14");
  CHECK(body("x[i] = 1; y[i] = x[i]") == "L0519 2:3");
  CHECK(body("N = 1; y[i] = x[i]") == "L0519 2:3");
  CHECK(body("y[i] = t[i]; t[i] = x[i]") == "L0509 2:10");
  CHECK(body("t: i8[N]; y[i] = t[i]; t[i] = x[i]") == "L0520 2:20");
  CHECK(body("y[i] += x[i]") == "L0520 2:3");
  CHECK(body("t[i] += x[i]; y[i] = x[i]") == "L0520 2:3");
  CHECK(body("t[i] = x[i]; y[i] = x[i]") == "L0522 2:3");
  CHECK(body("t[i+1] = x[i]; y[i] = t[i]") == "L0527 2:6");
  CHECK(body("t[i,i] = x[i]; y[i] = t[i,i]") == "L0527 2:7");
  CHECK(body("y[i] = x[i]; y[i] = y[N-1-i]") == "L0539 2:23");
  CHECK(body("t[p] = sum(r where 0 <= p+r < N) x[p+r] * w[r,0]; y[i] = t[i]") == "L0523 2:5");
  CHECK(body("y[i] = lut(w, x[i])") == "L0532 2:14");
  CHECK(body("y[i] = lut(3, x[i])") == "L0532 2:14");
}

TEST_CASE("notation errors: types") {
  CHECK(body("y[i] = x[i] + v[i]") == "L0513 2:15");
  CHECK(body("y[i] = max(x[i], u[i])") == "L0513 2:10");
  CHECK(body("y[i] = select(x[i] < v[i], 1, 0)") == "L0513 2:22");
  CHECK(body("y[i] = v[i]") == "L0540 2:8");
  CHECK(body("y[i] = i8(v[i])") == "L0514 2:10");
  CHECK(body("y[i] = i8(u[i])") == "L0514 2:10");
  CHECK(body("y[i] = x[i] + 128") == "L0515 2:17");
  CHECK(body("y[i] = -129") == "L0515 2:10");
  CHECK(body("y[i] = 1.5") == "L0515 2:10");
  CHECK(body("y[i] = x[i] / (1/3)") == "L0518 2:19");
  CHECK(body("y[i] = i") == "L0540 2:8");
  CHECK(body("y[i] = sat_i8(3)") == "L0516 2:17");
  CHECK(body("t[i] = select(x[i] > 0, 1, 0); y[i] = x[i]") == "L0516 2:27");
  CHECK(body("y[i] = exp(x[i])") == "L0517 2:14");
  CHECK(body("y[i] = wrap_i8(q[i])") == "L0517 2:18");
  CHECK(body("y[i] = popcount(q[i])") == "L0517 2:19");
  CHECK(body("y[i] = select(x[i], 1, 0)") == "L0517 2:17");
  CHECK(body("y[i] = x[i] where x[i]") == "L0517 2:21");
  CHECK(body("y[i] = bit(x[i], 2) + bit(x[i], 1)") == "L0517 2:23");
  CHECK(body("y[i] = x[i] and x[i]") == "L0517 2:10; L0517 2:19");
  CHECK(body("y[i] = q[i] & q[i]") == "L0517 2:15");
  CHECK(body("y[i] = sum(k) k") == "L0517 2:17");
  CHECK(body("y[i] = argmax(j, k) w[j,k]") == "L0530 2:20");
  CHECK(body("y[i] = clamp(x[i], 1)") == "L0511 2:10");
  CHECK(body("y[i] = max(x[i])") == "L0511 2:10");
  CHECK(body("y[i] = i8(x[i], 1)") == "L0511 2:10");
  CHECK(body("y[i] = x[i] << 8") == "L0534 2:18");
  CHECK(body("y[i] = wrap_i8(bit(x[i], -1))") == "L0534 2:28");
  CHECK(body("y[i] = x[i] / 0") == "L0533 2:17");
  CHECK(body("y[i] = x[i / i]") == "L0533 2:16");
  CHECK(body("y[i] = x[i] where i / v[i] > 0") == "L0513 2:23");
  CHECK(body("y[i] = sum(j) x[j] + sum(k) x[k] where j < k") == "L0529 2:44");
}

TEST_CASE("notation errors: the help names what would be right") {
  CHECK(help("y[i] = sat_i8(x[i] + v[i])") == "write 'i32(...)' around the i8");
  CHECK(help("y[i] = sat_i8(v[i] * x[i])") == "write 'i32(...)' around the i8");
  CHECK(help("y[i] = sat_i8(u[i] + x[i])") == "write 'i16(...)' around both");
  CHECK(help("y[i] = sat_i8(q[i] + x[i])") == "write 'f32(...)' around the i8");
  CHECK(help("y[i] = sat_i8(q[i] + h[i])") == "write 'f32(...)' around the f16");
  CHECK(help("y[i] = sat_i8(i + v[i])") == "write 'i32(...)' around the index");
  CHECK(help("y[i] = i8(v[i])") ==
        "write 'wrap_i8(...)' to keep the low bits or 'sat_i8(...)' to saturate");
  CHECK(help("y[i] = v[i]") ==
        "write 'sat_i8(...)' to saturate or 'wrap_i8(...)' to keep the low bits");
  CHECK(help("y[i] = sqat(q[i])") == "did you mean 'sqrt'?");
  CHECK(help("yy[i] = x[i]; y[i] = x[i]") == "did you mean 'y'?");
  CHECK(help("y[i] = x[k]") == "write 'sum(k) ...' or another reduction, or put it on the left");
}

TEST_CASE("notation errors: deep nesting is a message, not a crash") {
  std::string open(100000, '('), close(100000, ')');
  CHECK(body("y[i] = " + open + "x[i]" + close) == "L0505 2:310");
  CHECK(body("y[i] = " + std::string(100000, '-') + "x[i]") == "L0505 2:310");
  std::string brackets;
  for (int i = 0; i < 100000; ++i)
    brackets += "x[";
  CHECK(llvm::StringRef(body("y[i] = " + brackets)).starts_with("L0505 2:"));
  std::string sum = "x[i]", chain = "0", calls = "max(x[i]";
  for (int i = 0; i < 100000; ++i) {
    sum += " + x[i]";
    chain += " < i";
    calls += ", x[i]";
  }
  CHECK(llvm::StringRef(body("y[i] = " + sum)).starts_with("L0505 2:"));
  CHECK(llvm::StringRef(body("y[i] = x[i] where " + chain)).starts_with("L0505 2:"));
  CHECK(llvm::StringRef(body("y[i] = " + calls + ")")).starts_with("L0505 2:"));
  std::string reductions;
  for (int i = 0; i < 100000; ++i)
    reductions += "sum(k" + std::to_string(i) + ") ";
  CHECK(llvm::StringRef(body("y[i] = " + reductions + "x[i]")).starts_with("L0505 2:"));
}

TEST_CASE("notation errors: a text of mistakes gives a bounded number of messages") {
  std::string statements;
  for (int i = 0; i < 100000; ++i)
    statements += "y[i] = q[i];";
  Notation notation;
  CHECK_FALSE(notation.parse("kernel f(q: f32[N]) -> y: i8[N] {" + statements + "}"));
  CHECK(notation.diagnostics.errorCount() == 100);
}

TEST_CASE("notation: every example of the reference parses and binds") {
  Notation notation;
  std::string why;
  auto file = notation.sources.read(LATHE_SOURCE_DIR "/docs/reference/notation.md", why);
  REQUIRE(file);
  llvm::StringRef rest = notation.sources.text(*file);
  int examples = 0;
  while (true) {
    size_t begin = rest.find("```lathe\n");
    if (begin == llvm::StringRef::npos)
      break;
    rest = rest.drop_front(begin + 9);
    llvm::StringRef example = rest.take_front(rest.find("```"));
    auto kernels = notation.parse(example);
    INFO(notation.shown());
    REQUIRE(kernels);
    for (const Semantics &kernel : *kernels) {
      std::vector<std::pair<std::string, int64_t>> sizes;
      for (const Size &size : kernel.sizes)
        sizes.push_back({size.name, size.name == "R" || size.name == "S" ? 3 : 5});
      bool isBound = lathe::bind(kernel, sizes, {}, notation.diagnostics).has_value();
      INFO(notation.shown());
      CHECK(isBound);
    }
    ++examples;
  }
  CHECK(examples == 9);
}
