#include "core/mapping/Band.h"
#include "core/mapping/Validate.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

/// A kernel of one statement and its band forms on a unit of 4 x 4.
struct Banded {
  Target target = DenseUnit{}.load();
  Rules rules = deriveRules(target);
  Notation notation;
  Semantics kernel;
  Group group;
  std::vector<std::shared_ptr<const BandForm>> forms;

  explicit Banded(const char *text) {
    auto bound = notation.bound(text);
    REQUIRE_MESSAGE(bound, notation.shown());
    kernel = *bound;
    group = groupsFrom(kernel, 0).front();
    bool several = false;
    forms = bandForms(kernel, group, *findReduction(*group.statement.value, several), rules);
  }

  /// Runs every mapping of a form beside the reference; how many there are.
  unsigned run() {
    std::vector<Refusal> refusals;
    auto mappings = enumerateMappings(kernel, group, target, rules, refusals);
    Arrays inputs = cornerInputs(kernel, 5);
    unsigned banded = 0;
    for (const Mapping &mapping : mappings) {
      if (!mapping.band)
        continue;
      ++banded;
      auto one = compile(kernel, target, {.only = mapping.number}, notation.diagnostics);
      REQUIRE(one);
      REQUIRE(one->placements.front().onTarget);
      CHECK_MESSAGE(runBeside(kernel, *one, target, inputs) == "equal", mapping.text);
    }
    return banded;
  }
};

const char *kDepthwise = "kernel f(x: i8[2,12,10,3], w: i8[2,2,3]) -> y: i32[2,6,9,3] {"
                         " y[n,p,q,c] = sum(r,s) i32(x[n,2*p+r,q+s,c]) * i32(w[r,s,c]) }";

} // namespace

TEST_CASE("band: outputs of a window beside each other share a row of its input") {
  // 3 outputs of 2 taps along q need 4 places of 4; along p they are 2 apart, and 2 fit.
  Banded depthwise(kDepthwise);
  REQUIRE(depthwise.forms.size() == 1);
  const BandForm &form = *depthwise.forms[0];
  CHECK(depthwise.group.statement.loops[form.window].name == "q");
  CHECK(form.factor == 3);
  CHECK(form.step == 1);
  CHECK(form.group.statement.loops[form.reduced].size == 4);
  CHECK(form.group.statement.loops[form.window].size == 3);
  CHECK(!bandFault(depthwise.kernel, depthwise.group, form));
  CHECK(depthwise.run() > 0);
}

TEST_CASE("band: strides, borders and dilated windows") {
  Banded strided("kernel f(x: i8[15], w: i8[2]) -> y: i32[8] {"
                 " y[p] = sum(r) i32(x[2*p+r]) * i32(w[r]) where 0 <= 2*p+r < 15 }");
  REQUIRE(strided.forms.size() == 1);
  CHECK(strided.forms[0]->factor == 2);
  CHECK(strided.forms[0]->step == 2);
  CHECK(strided.run() > 0);
  Banded dilated("kernel f(x: i8[20,3], w: i8[2,3]) -> y: i32[12,3] {"
                 " y[p,c] = sum(r where 0 <= 2*p+2*r-3 < 20) i32(x[2*p+2*r-3,c]) * i32(w[r,c]) }");
  REQUIRE(dilated.forms.size() == 1);
  CHECK(dilated.forms[0]->factor == 3);
  CHECK(dilated.forms[0]->step == 1);
  CHECK(dilated.run() > 0);
}

TEST_CASE("band: none where lanes are filled, windows do not divide, or taps are not alone") {
  auto none = [](const char *text) { return Banded(text).forms.empty(); };
  CHECK(none("kernel f(x: i8[7,4], w: i8[2,4,3]) -> y: i32[6,3] {"
             " y[p,k] = sum(r,c) i32(x[p+r,c]) * i32(w[r,c,k]) }"));
  CHECK(none("kernel f(x: i8[8], w: i8[2]) -> y: i32[7] {"
             " y[p] = sum(r) i32(x[p+r]) * i32(w[r]) }"));
  CHECK(none("kernel f(x: i8[7], w: i8[2]) -> y: i32[6] {"
             " y[p] = sum(r) i32(x[p-r+1]) * i32(w[r]) }"));
  CHECK(none("kernel f(x: i8[7], w: i8[2,2]) -> y: i32[6] {"
             " y[p] = sum(r) i32(x[p+r]) * i32(w[r,r]) }"));
}

TEST_CASE("band: a form that computes something else is refuted") {
  Banded depthwise(kDepthwise);
  REQUIRE(depthwise.forms.size() == 1);
  auto refuted = [&](auto damage) {
    BandForm form = *depthwise.forms.front();
    damage(form);
    return bandFault(depthwise.kernel, depthwise.group, form).has_value();
  };
  CHECK(!refuted([](BandForm &) {}));
  CHECK(refuted([](BandForm &form) { ++form.factor; }));
  CHECK(refuted([](BandForm &form) { ++form.step; }));
  CHECK(refuted([](BandForm &form) { std::swap(form.window, form.inner); }));
  CHECK(refuted([](BandForm &form) { --form.group.statement.loops[form.reduced].size; }));
  CHECK(refuted([](BandForm &form) { ++form.group.statement.loops[form.window].size; }));
  CHECK(refuted([](BandForm &form) {
    form.group.statement.subscripts[0] = makeConstant(0, ElementType::index());
  }));
  CHECK(refuted([](BandForm &form) { // without the band's border
    auto bare = std::make_shared<Expr>(*form.group.statement.value);
    bare->operands.resize(1);
    form.group.statement.value = bare;
  }));
  CHECK(refuted([](BandForm &form) { // with one that is one tap wider
    auto wider = std::make_shared<Expr>(*form.group.statement.value);
    auto border = std::make_shared<Expr>(*wider->operands.back());
    border->operands[1] = makeConstant(3, ElementType::index());
    wider->operands.back() = border;
    form.group.statement.value = wider;
  }));
}
