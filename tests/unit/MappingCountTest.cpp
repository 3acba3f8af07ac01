#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

struct Counted {
  const char *name, *kernel;
  unsigned views, all;
};

// Published by AMOS (ISCA 2022) for a matrix unit: without gathers; with gathers, any sets.
const Counted kCounts[] = {
    {"gemv",
     "kernel f(a: i8[5,7], x: i8[7]) -> y: i32[5] { y[i] = sum(k) i32(a[i,k]) * i32(x[k]) }", 1, 1},
    {"gemm",
     "kernel f(a: i8[5,7], b: i8[7,6]) -> c: i32[5,6] {"
     " c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j]) }",
     1, 1},
    {"conv1d",
     "kernel f(x: i8[2,7,3], w: i8[3,3,5]) -> y: i32[2,5,5] {"
     " y[n,p,k] = sum(r,c) i32(x[n,p+r,c]) * i32(w[r,c,k]) }",
     6, 9},
    {"conv2d",
     "kernel f(x: i8[2,5,6,3], w: i8[2,3,3,5]) -> y: i32[2,4,4,5] {"
     " y[n,p,q,k] = sum(r,s,c) i32(x[n,p+r,q+s,c]) * i32(w[r,s,c,k]) }",
     35, 49},
    {"conv3d",
     "kernel f(x: i8[2,3,4,5,3], w: i8[2,2,3,3,5]) -> y: i32[2,2,3,3,5] {"
     " y[n,d,p,q,k] = sum(t,r,s,c) i32(x[n,d+t,p+r,q+s,c]) * i32(w[t,r,s,c,k]) }",
     180, 225},
    {"depthwise",
     "kernel f(x: i8[2,5,6,3], w: i8[2,3,3]) -> y: i32[2,4,4,3] {"
     " y[n,p,q,c] = sum(r,s) i32(x[n,p+r,q+s,c]) * i32(w[r,s,c]) }",
     11, 21},
    {"capsule",
     "kernel f(x: i8[2,5,6,3], w: i8[2,3,3,5,2]) -> y: i32[2,4,4,5,2] {"
     " y[n,p,q,k,m] = sum(r,s,c) i32(x[n,p+r,q+s,c]) * i32(w[r,s,c,k,m]) }",
     105, 147},
};

} // namespace

TEST_CASE("mapping count: the published numbers, each mapping proved and run" *
          doctest::test_suite("slow")) {
  Target target = DenseUnit{}.load();
  Rules rules = deriveRules(target);
  for (const Counted &counted : kCounts) {
    CAPTURE(counted.name);
    Notation notation;
    auto kernel = notation.bound(counted.kernel);
    REQUIRE_MESSAGE(kernel, notation.shown());
    std::vector<Refusal> refusals;
    auto mappings =
        enumerateMappings(*kernel, groupsFrom(*kernel, 0).front(), target, rules, refusals);
    auto counts = countMappings(mappings);
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].views == counted.views);
    CHECK(counts[0].all == counted.all);
    // Each of them proved (the compiler takes no other), with one operand or the other stationary.
    auto all = compile(*kernel, target, {.priceAll = true}, notation.diagnostics);
    REQUIRE(all);
    CHECK(all->placements.front().refusals.empty());
    CHECK(all->placements.front().mappings.size() == mappings.size());
    Arrays inputs = cornerInputs(*kernel, 3);
    for (unsigned n = 0; n < mappings.size(); ++n) {
      auto one = compile(*kernel, target, {.only = n}, notation.diagnostics);
      REQUIRE(one);
      CHECK_MESSAGE(runBeside(*kernel, *one, target, inputs) == "equal",
                    one->placements.front().mappings.front().mapping.text);
    }
  }
}
