#include "core/semantics/Compare.h"
#include "simulators/functional/Undefined.h"
#include "simulators/reference/Reference.h"
#include "tests/unit/RandomExpressions.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

/// More than a quick run's seeds, for a long one.
static uint64_t seeds() {
  const char *count = std::getenv("LATHE_RANDOM_EXPRESSIONS");
  return count ? std::strtoull(count, nullptr, 10) : 60;
}

static void compareWithInterpreter(JitAim aim) {
  auto jit = llvm::cantFail(Jit::create("", aim));
  for (uint64_t seed = 1; seed <= seeds(); ++seed) {
    RandomKernel kernel(seed);
    Semantics semantics = kernel.build();
    Arrays interpreted = kernel.inputs(), compiled = interpreted;
    auto expected = interpret(semantics, interpreted), got = evaluate(semantics, compiled, *jit);
    CAPTURE(seed);
    REQUIRE_MESSAGE(!expected, expected.value_or(""));
    REQUIRE_MESSAGE(!got, got.value_or(""));
    auto difference = compare(interpreted.at("y"), compiled.at("y"));
    CHECK_MESSAGE(!difference, "y", difference ? indexText(difference->index) : "", " is ",
                  difference ? difference->got : "", ", expected ",
                  difference ? difference->expected : "", ", ", name(interpreted.at("y").type));
  }
}

TEST_CASE("jit: random expressions give what the interpreter gives, by short code") {
  compareWithInterpreter(JitAim::Soonest);
}

TEST_CASE("jit: random expressions give what the interpreter gives, by fast code") {
  compareWithInterpreter(JitAim::Speed);
}

static void runTracked(const Semantics &tracked, Arrays &data, Arrays &shadows, Jit &jit) {
  size_t tensors = tracked.tensors.size() / 2;
  std::vector<void *> bases;
  for (size_t t = 0; t < 2 * tensors; ++t)
    bases.push_back((t < tensors ? data : shadows).at(tracked.tensors[t].name).bytes.data());
  auto function = llvm::cantFail(jit.compile(tracked));
  auto problem = function(bases.data());
  REQUIRE_MESSAGE(!problem, problem.value_or(""));
}

/// Two runs whose undefined elements hold different rubbish must call the same elements defined,
/// and give them the same values.
TEST_CASE("undefined values: what counts as defined does not depend on rubbish") {
  auto jit = llvm::cantFail(Jit::create(""));
  uint64_t definedElements = 0, undefinedElements = 0;
  for (uint64_t seed = 1; seed <= seeds(); ++seed) {
    RandomKernel kernel(seed);
    Semantics semantics = kernel.build(), tracked = trackUndefined(semantics);
    Arrays data = kernel.inputs(), shadows, other = data;
    data["y"] = other["y"] =
        Array::zeros(semantics.tensors.back().type, semantics.tensors.back().sizes);
    std::mt19937_64 random(seed);
    for (auto &[name, array] : data) {
      Array &shadow = shadows[name] = array;
      unsigned bytes = array.type.bytes();
      for (int64_t i = 0; i < array.elements(); ++i) {
        bool undefined = random() % 12 == 0;
        std::fill_n(&shadow.bytes[i * bytes], bytes, undefined ? 0xff : 0);
        if (undefined && array.type.isInteger())
          other[name].setInteger(i, array.integerAt(i) == 0 ? -1 : 0);
        else if (undefined)
          other[name].setReal(i, array.realAt(i) + 1);
      }
    }
    Arrays otherShadows = shadows;
    CAPTURE(seed);
    runTracked(tracked, data, shadows, *jit);
    runTracked(tracked, other, otherShadows, *jit);
    CHECK(shadows["y"].bytes == otherShadows["y"].bytes);
    unsigned bytes = data["y"].type.bytes();
    for (int64_t i = 0; i < data["y"].elements(); ++i) {
      if (shadows["y"].bytes[i * bytes] != 0) {
        ++undefinedElements;
        std::fill_n(&data["y"].bytes[i * bytes], bytes, 0);
        std::fill_n(&other["y"].bytes[i * bytes], bytes, 0);
      } else {
        ++definedElements;
      }
    }
    CHECK(!compare(data["y"], other["y"]));
  }
  CHECK(definedElements > undefinedElements / 4); // both happen often
  CHECK(undefinedElements > definedElements / 4);
}
