// Statements whose intermediate results stay on chip, on the reference array.
#include "core/description/Plugin.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

struct Chained {
  Compilation compilation;
  Target target;
  std::string outcome; ///< against the reference

  unsigned deviceSteps() const {
    return llvm::count_if(compilation.program.steps, [](const ProgramStep &step) {
      return step.kind == ProgramStep::Kind::Device;
    });
  }
  /// "t in spm, s in acc".
  std::string stays() const {
    std::string text;
    for (const Placement &placement : compilation.placements)
      if (placement.stays)
        text += (text.empty() ? "" : ", ") + placement.result + " in " + placement.stays->space;
    return text;
  }
  int64_t calls(llvm::StringRef intrinsic) const {
    int64_t n = 0;
    for (const Placement &placement : compilation.placements)
      if (auto at = placement.calls.find(*target.findIntrinsic(intrinsic));
          at != placement.calls.end())
        n += at->second;
    return n;
  }
  int64_t hostBytes() const {
    int64_t n = 0;
    for (const Placement &placement : compilation.placements)
      n += placement.hostBytes;
    return n;
  }
};

Chained chained(const char *text, std::vector<std::pair<std::string, int64_t>> sizes) {
  Notation notation;
  Target target = referenceArray(notation.diagnostics);
  auto kernel = notation.bound(text, std::move(sizes));
  REQUIRE_MESSAGE(kernel, notation.shown());
  auto compilation = compile(*kernel, target, {}, notation.diagnostics);
  REQUIRE(compilation);
  Chained out{std::move(*compilation), std::move(target), ""};
  out.outcome = runBeside(*kernel, out.compilation, out.target, cornerInputs(*kernel, 7));
  return out;
}

constexpr const char *kTwoLayers =
    "kernel f(a: i8[N,K], b: i8[K,L], c: i8[L,W]) -> y: i8[N,W] {\n"
    "  t[i,j] = sat_i8(round_shift(sum(k) i32(a[i,k]) * i32(b[k,j]), 7))\n"
    "  y[i,j] = sat_i8(round_shift(sum(k) i32(t[i,k]) * i32(c[k,j]), 7))\n}";

} // namespace

TEST_CASE("chain: bytes between two products stay in the scratchpad") {
  Chained two = chained(kTwoLayers, {{"N", 512}, {"K", 16}, {"L", 16}, {"W", 16}});
  CHECK(two.outcome == "equal");
  CHECK(two.deviceSteps() == 1);
  CHECK(two.stays() == "t in spm");
  CHECK(two.compilation.program.find("t") == nullptr);
  // a and y once, b and c once, and a row of 16 words of zeros as the bias of each epilogue.
  CHECK(two.hostBytes() == 2 * 512 * 16 + 2 * 16 * 16 + 2 * 64);
}

TEST_CASE("chain: what stands behind a kept row's last element does not count") {
  // 5 of 16 lanes: the epilogue's floor is 3, so that the others hold threes, not zeros.
  const char *text = "kernel f(a: i8[N,K], b: i8[K,L], c: i8[L,W]) -> y: i32[N,W] {\n"
                     "  t[i,j] = sat_i8(max(sum(k) i32(a[i,k]) * i32(b[k,j]), 3))\n"
                     "  y[i,j] = sum(k) i32(t[i,k]) * i32(c[k,j])\n}";
  for (int64_t inner : {1, 5, 16, 21}) {
    Chained two = chained(text, {{"N", 37}, {"K", 7}, {"L", inner}, {"W", 19}});
    CHECK(two.outcome == "equal");
    CHECK(two.stays() == "t in spm");
  }
}

TEST_CASE("chain: a sum goes on where another ended") {
  const char *text = "kernel f(a: i8[N,K], b: i8[K,W], c: i8[K,W]) -> y: i8[N,W] {\n"
                     "  s[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n"
                     "  t[i,j] = sum(k) i32(a[i,k]) * i32(c[k,j])\n"
                     "  y[i,j] = sat_i8(round_shift(s[i,j] + t[i,j], 7))\n}";
  Chained sums = chained(text, {{"N", 100}, {"K", 40}, {"W", 40}});
  CHECK(sums.outcome == "equal");
  CHECK(sums.stays() == "s in acc");
  CHECK(sums.calls("VADD") == 0);
  CHECK(sums.calls("STORE_I32") == 0);
  CHECK(sums.calls("LOAD_ACC_I32") == 0);
  // Three chunks of 40 in each product; the second never starts anew.
  CHECK(sums.calls("MATMUL_ACC") == 5 * sums.calls("MATMUL"));
}

TEST_CASE("chain: windows read a tensor that is kept whole") {
  const char *text = "kernel f(x: i8[H,C], w: i8[R,C,K], v: i8[R,K,K]) -> z: i8[H-4,K] {\n"
                     "  y: i8[H-2,K]\n"
                     "  y[p,k] = sat_i8(round_shift(sum(r,c) i32(x[p+r,c]) * i32(w[r,c,k]), 7))\n"
                     "  z[p,k] = sat_i8(round_shift(sum(r,c) i32(y[p+r,c]) * i32(v[r,c,k]), 7))\n}";
  Chained two = chained(text, {{"H", 40}, {"C", 16}, {"R", 3}, {"K", 32}});
  CHECK(two.outcome == "equal");
  CHECK(two.stays() == "y in spm");
}

TEST_CASE("chain: a result that somebody else reads is stored as well") {
  const char *byHost = "kernel f(a: i8[N,K], b: i8[K,K]) -> (y: i8[N,K], z: i8[N,K]) {\n"
                       "  t[i,j] = sat_i8(sum(k) i32(a[i,k]) * i32(b[k,j]))\n"
                       "  y[i,j] = sat_i8(sum(k) i32(t[i,k]) * i32(b[k,j]))\n"
                       "  z[i,j] = t[i,j] ^ 5\n}";
  const char *asOutput = "kernel f(a: i8[N,K], b: i8[K,K]) -> (t: i8[N,K], y: i8[N,K]) {\n"
                         "  t[i,j] = sat_i8(sum(k) i32(a[i,k]) * i32(b[k,j]))\n"
                         "  y[i,j] = sat_i8(sum(k) i32(t[i,k]) * i32(b[k,j]))\n}";
  for (const char *text : {byHost, asOutput}) {
    Chained both = chained(text, {{"N", 20}, {"K", 16}});
    CHECK(both.outcome == "equal");
    CHECK(both.stays() == "t in spm");
    CHECK(both.compilation.placements.front().stays->stored);
    CHECK(both.deviceSteps() == 1);
    // a, b for each product, a row of zeros as the bias of each; t and y.
    CHECK(both.hostBytes() == 320 + 2 * (256 + 64) + 2 * 320);
  }
}

TEST_CASE("chain: a start that is loaded takes the place of an addition") {
  const char *text = "kernel f(a: i8[N,K], b: i8[K,W], c: i32[N,W]) -> y: i32[N,W] {\n"
                     "  y[i,j] = c[i,j] + sum(k) i32(a[i,k]) * i32(b[k,j])\n}";
  Chained one = chained(text, {{"N", 20}, {"K", 40}, {"W", 20}});
  CHECK(one.outcome == "equal");
  CHECK(one.calls("VADD") == 0);
  CHECK(one.calls("MATMUL") == 0);
  CHECK(one.calls("LOAD_ACC_I32") > 0);
}
