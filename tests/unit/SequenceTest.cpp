// Statements that depend on each other, on the reference array: what is grouped, and where it runs.
#include "core/description/Plugin.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

struct Sequence {
  Compilation compilation;
  std::string outcome; ///< against the reference

  /// "t0 t2 | host t1": results in order, each group's statements, and what the host does.
  std::string order() const {
    std::string text;
    for (const Placement &placement : compilation.placements) {
      text += text.empty() ? "" : " | ";
      text += placement.onTarget ? "" : "host ";
      for (unsigned statement : placement.statements)
        text += std::to_string(statement);
    }
    return text;
  }
};

Sequence compileAndRun(const char *text, std::vector<std::pair<std::string, int64_t>> sizes) {
  Notation notation;
  Target target = referenceArray(notation.diagnostics);
  auto kernel = notation.bound(text, std::move(sizes));
  REQUIRE_MESSAGE(kernel, notation.shown());
  auto compilation = compile(*kernel, target, {}, notation.diagnostics);
  REQUIRE(compilation);
  Sequence out{std::move(*compilation), ""};
  out.outcome = runBeside(*kernel, out.compilation, target, cornerInputs(*kernel, 7));
  return out;
}

} // namespace

TEST_CASE("sequence: a reduction that its consumer reads twice is left to itself") {
  // In place, t + t would be a sum of what the first reader left.
  Sequence twice = compileAndRun("kernel f(a: i8[M,K], b: i8[K,N], c: i32[M,N]) -> y: i8[M,N] {\n"
                                 "  t[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                                 "  y[i,j] = sat_i8(max(t[i,j] + c[i,j], t[i,j]))\n}",
                                 {{"M", 3}, {"N", 5}, {"K", 7}});
  CHECK(twice.order() == "0 | 1");
  CHECK(twice.outcome == "equal");
}

TEST_CASE("sequence: a consumer stays behind what it reads") {
  Sequence late = compileAndRun("kernel f(a: i8[M,K], b: i8[K,N], c: i32[M,N]) -> y: i32[M,N] {\n"
                                "  t[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                                "  u[i,j] = c[i,j] ^ 5\n"
                                "  y[i,j] = t[i,j] + u[i,j]\n}",
                                {{"M", 3}, {"N", 5}, {"K", 7}});
  CHECK(late.order() == "0 | host 1 | 2");
  CHECK(late.outcome == "equal");
}

TEST_CASE("sequence: an update stays behind those who read what it changes") {
  Sequence update = compileAndRun("kernel f(a: i8[M,K], b: i8[K,N], c: i32[M,N]) -> (y: i32[M,N], "
                                  "z: i32[M,N]) {\n"
                                  "  y[i,j] = c[i,j] ^ 3\n"
                                  "  t[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                                  "  z[i,j] = y[i,j] % 7\n"
                                  "  y[i,j] += t[i,j]\n}",
                                  {{"M", 3}, {"N", 5}, {"K", 7}});
  CHECK(update.order() == "host 0 | 1 | host 2 | 3");
  CHECK(update.outcome == "equal");
}

TEST_CASE("sequence: of two reductions that one statement adds, it goes with one") {
  Sequence both = compileAndRun("kernel f(a: i8[M,K], b: i8[K,N]) -> y: i32[M,N] {\n"
                                "  t[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                                "  u[i,j] = sum(k) i32(b[k,j]) * i32(a[i,k])\n"
                                "  y[i,j] = t[i,j] + u[i,j]\n}",
                                {{"M", 3}, {"N", 5}, {"K", 7}});
  CHECK(both.order() == "0 | 12");
  CHECK(both.outcome == "equal");
}
