#include "core/mapping/Padding.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

constexpr const char *kGemm = "kernel gemm(a: i8[M,K], b: i8[K,N]) -> c: i32[M,N] {\n"
                              "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n}";
constexpr const char *kConv =
    "kernel conv(x: i8[N,H,W,C], w: i8[R,S,C,K]) -> y: i32[N,H-R+1,W-S+1,K] {\n"
    "  y[n,p,q,k] = sum(r,s,c) i32(x[n,p+r,q+s,c]) * i32(w[r,s,c,k])\n}";

struct Compiled {
  Semantics kernel;
  std::optional<Compilation> compilation;
  std::string outcome; ///< against the reference

  bool onTarget() const { return compilation->placements.front().onTarget; }
  std::string refusals(const Target &target) const {
    std::string text;
    for (const Refusal &refusal : compilation->placements.front().refusals)
      text += target.intrinsics[refusal.intrinsic].name + ": " + refusal.reason + "\n";
    return text;
  }
};

Compiled compileAndRun(const char *text, std::vector<std::pair<std::string, int64_t>> sizes,
                       const Target &target, CompileOptions options = {}) {
  Notation notation;
  auto kernel = notation.bound(text, std::move(sizes));
  REQUIRE_MESSAGE(kernel, notation.shown());
  Compiled out{*kernel, compile(*kernel, target, options, notation.diagnostics), ""};
  REQUIRE(out.compilation);
  out.outcome = runBeside(*kernel, *out.compilation, target, cornerInputs(*kernel, 7));
  return out;
}

} // namespace

TEST_CASE("mapping: padding that a product absorbs fills a last tile") {
  Target target = DenseUnit{}.load();
  Compiled gemm = compileAndRun(kGemm, {{"M", 3}, {"N", 5}, {"K", 7}}, target);
  CHECK(gemm.onTarget());
  CHECK(gemm.outcome == "equal");
}

TEST_CASE("mapping: one padded factor is enough") {
  Target target = DenseUnit{.padLoad = "0", .padHop = "9"}.load();
  Compiled gemm = compileAndRun(kGemm, {{"M", 3}, {"N", 5}, {"K", 7}}, target);
  CHECK(gemm.onTarget());
  CHECK(gemm.outcome == "equal");
}

TEST_CASE("mapping: padding that is not neutral is refused where a tile is partly filled") {
  Target target = DenseUnit{.padLoad = "1", .padHop = "1"}.load();
  Compiled ragged = compileAndRun(kGemm, {{"M", 3}, {"N", 5}, {"K", 7}}, target);
  CHECK_FALSE(ragged.onTarget());
  CHECK(ragged.outcome == "equal");
  CHECK(ragged.refusals(target).find("3 of 7 iterations are left for its last tile of 4, and what "
                                     "fills the rest is not neutral to 'sum'") !=
        std::string::npos);
  Compiled whole = compileAndRun(kGemm, {{"M", 3}, {"N", 5}, {"K", 8}}, target);
  CHECK(whole.onTarget());
  CHECK(whole.outcome == "equal");
}

TEST_CASE("mapping: the neutral number follows from the body") {
  // (a | w) under a minimum of u8: 255 is neutral and absorbs, 0 is not and does not.
  const char *kernel = "kernel f(a: u8[M,K], b: u8[K,N]) -> c: i32[M,N] {\n"
                       "  c[i,j] = min(k) max(i32(a[i,k]), i32(b[k,j]))\n}";
  for (const char *pad : {"0", "255"}) {
    DenseUnit unit{.padLoad = pad,
                   .padHop = pad,
                   .element = "u8",
                   .update = "min=",
                   .body = "min(k) max(i32(a[i,k]), i32(w[k,j]))"};
    Target target = unit.load();
    Compiled ragged = compileAndRun(kernel, {{"M", 3}, {"N", 5}, {"K", 7}}, target);
    CHECK_FALSE(ragged.onTarget()); // i32's largest is neutral, and no u8 is that
    CHECK(ragged.outcome == "equal");
    Compiled whole = compileAndRun(kernel, {{"M", 3}, {"N", 5}, {"K", 12}}, target);
    CHECK(whole.onTarget());
    CHECK(whole.outcome == "equal");
  }
  CHECK(constantUnder(*makeExpr(Op::Max, ElementType::integer(8),
                                {makeConstant(127, ElementType::integer(8)),
                                 makeLoad(0, ElementType::integer(8), {})}),
                      {}) == 127);
  CHECK_FALSE(constantUnder(
      *makeExpr(Op::Mul, ElementType::f32(),
                {makeReal(0, ElementType::f32()), makeLoad(0, ElementType::f32(), {})}),
      {}));
}

TEST_CASE("mapping: an update that does not go on with the reduction is not used to split it") {
  // acc += max(k) ... over several calls would be a sum of maxima.
  const char *kernel = "kernel f(a: i8[M,K], b: i8[K,N]) -> c: i32[M,N] {\n"
                       "  c[i,j] = max(k) i32(a[i,k]) * i32(b[k,j])\n}";
  for (auto [update, maps] : {std::pair{"+=", false}, std::pair{"max=", true}}) {
    DenseUnit unit{.update = update, .body = "max(k) i32(a[i,k]) * i32(w[k,j])"};
    Target target = unit.load();
    Compiled long_ = compileAndRun(kernel, {{"M", 3}, {"N", 5}, {"K", 12}}, target);
    CHECK(long_.onTarget() == maps);
    CHECK(long_.outcome == "equal");
  }
}

TEST_CASE("mapping: a store of whole rows is refused for shorter ones") {
  Target target = DenseUnit{.storeColumns = false}.load();
  Compiled ragged = compileAndRun(kGemm, {{"M", 3}, {"N", 5}, {"K", 8}}, target);
  CHECK_FALSE(ragged.onTarget());
  CHECK(ragged.outcome == "equal");
  CHECK(ragged.refusals(target).find("STORE writes whole rows of 4 elements, 'c' has rows of 5") !=
        std::string::npos);
  Compiled whole = compileAndRun(kGemm, {{"M", 3}, {"N", 8}, {"K", 7}}, target);
  CHECK(whole.onTarget());
  CHECK(whole.outcome == "equal");
}

TEST_CASE("mapping: every mapping of a convolution computes it") {
  Target target = DenseUnit{}.load();
  std::vector<std::pair<std::string, int64_t>> sizes = {{"N", 2}, {"H", 4}, {"W", 5}, {"C", 3},
                                                        {"K", 5}, {"R", 2}, {"S", 3}};
  Compiled best = compileAndRun(kConv, sizes, target, {.priceAll = true});
  size_t mappings = best.compilation->placements.front().mappings.size();
  // n, p, q onto rows and r, s, c onto depth: 7 * 7 choices, with either operand stationary.
  CHECK(mappings == 98);
  CHECK(best.refusals(target) == "");
  for (unsigned n = 0; n < mappings; ++n) {
    Compiled one = compileAndRun(kConv, sizes, target, {.only = n});
    CHECK_MESSAGE(one.outcome == "equal",
                  one.compilation->placements.front().mappings.front().mapping.text);
  }
}
