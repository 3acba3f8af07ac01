#include "core/mapping/Band.h"
#include "core/mapping/Validate.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

/// A kernel of one statement and its band forms on a unit of 16 x 16.
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

const char *kStrided = "kernel f(x: i8[2,15,31,3], w: i8[3,3,3]) -> y: i32[2,7,15,3] {"
                       " y[n,p,q,c] = sum(r,s) i32(x[n,2*p+r,2*q+s,c]) * i32(w[r,s,c]) }";

} // namespace

TEST_CASE("band: outputs of a window beside each other share a row of its input") {
  Banded strided(kStrided);
  REQUIRE(strided.forms.size() == 2);
  // 7 outputs of 3 taps, 2 apart, need 15 places; 15 outputs do not fit 16, 5 do.
  for (const auto &form : strided.forms) {
    const Statement &statement = form->group.statement;
    bool alongQ = strided.group.statement.loops[form->window].name == "q";
    CHECK(form->factor == (alongQ ? 5 : 7));
    CHECK(form->step == 2);
    CHECK(statement.loops[form->reduced].size == (alongQ ? 11 : 15));
    CHECK(statement.loops[form->window].size == (alongQ ? 3 : 1));
    CHECK(!bandFault(strided.kernel, strided.group, *form));
  }
  CHECK(strided.run() > 0);
}

TEST_CASE("band: dilated windows, borders, and an epilogue over the window's loop") {
  Banded dilated("kernel f(x: i8[23], w: i8[4]) -> y: i32[8] {"
                 " y[p] = sum(r) i32(x[3*p+r]) * i32(w[r]) where 0 <= 3*p+r < 23 }");
  CHECK(dilated.forms.size() == 1);
  CHECK(dilated.run() > 0);
  Banded apart("kernel f(x: i8[26,3], w: i8[3,3]) -> y: i32[12,3] {"
               " y[p,c] = sum(r where 0 <= 2*p+2*r-3 < 26) i32(x[2*p+2*r-3,c]) * i32(w[r,c]) }");
  REQUIRE(apart.forms.size() == 1);
  CHECK(apart.forms[0]->step == 1);
  CHECK(apart.run() > 0);
  Banded residual("kernel f(x: i8[14,3], w: i8[3,3], z: i32[12,3]) -> y: i32[12,3] {"
                  " y[p,c] = z[p,c] + sum(r) i32(x[p+r,c]) * i32(w[r,c]) }");
  REQUIRE(residual.forms.size() == 1);
  CHECK(residual.run() > 0);
}

TEST_CASE("band: none where lanes are filled, windows do not divide, or taps go backwards") {
  CHECK(Banded("kernel f(x: i8[9,4], w: i8[3,4,16]) -> y: i32[7,16] {"
               " y[p,k] = sum(r,c) i32(x[p+r,c]) * i32(w[r,c,k]) }")
            .forms.empty());
  CHECK(Banded("kernel f(x: i8[21], w: i8[3]) -> y: i32[19] {"
               " y[p] = sum(r) i32(x[p+r]) * i32(w[r]) }")
            .forms.empty());
  CHECK(Banded("kernel f(x: i8[9], w: i8[3]) -> y: i32[7] {"
               " y[p] = sum(r) i32(x[p-r+2]) * i32(w[r]) }")
            .forms.empty());
  CHECK(Banded("kernel f(x: i8[9], w: i8[4]) -> y: i32[7] {"
               " y[p] = sum(r where r < 3) i32(x[p+r]) * i32(w[r+1]) }")
            .forms.empty());
}

TEST_CASE("band: a form that computes something else is refuted") {
  Banded strided(kStrided);
  auto refuted = [&](auto damage) {
    BandForm form = *strided.forms.front();
    damage(form);
    return bandFault(strided.kernel, strided.group, form).has_value();
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
    border->operands[1] = makeConstant(4, ElementType::index());
    wider->operands.back() = border;
    form.group.statement.value = wider;
  }));
}
