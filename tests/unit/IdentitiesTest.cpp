#include "core/mapping/Identities.h"
#include "tests/unit/DescribedTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {

/// Numbers around every end that an identity could trip over.
Arrays extremes(const Semantics &kernel) {
  std::mt19937_64 random(11);
  Arrays inputs;
  for (const Tensor &tensor : kernel.tensors) {
    if (tensor.role != Role::Input)
      continue;
    Array array = Array::zeros(tensor.type, tensor.sizes);
    int64_t low = tensor.type.min(), high = tensor.type.max();
    int64_t corners[] = {low, low + 1, -1, 0, 1, 17, high - 1, high, high / 2, low / 2};
    for (int64_t i = 0; i < array.elements(); ++i)
      array.setInteger(i, corners[random() % std::size(corners)]);
    inputs[tensor.name] = std::move(array);
  }
  return inputs;
}

/// How many forms the only statement has; each is evaluated beside it.
size_t equalForms(const std::string &text) {
  static const Target target = DenseUnit{}.load();
  Notation notation;
  auto kernel = notation.bound(text.c_str(), {{"M", 23}, {"N", 19}});
  REQUIRE_MESSAGE(kernel, notation.shown());
  Arrays expected = extremes(*kernel);
  REQUIRE_FALSE(evaluate(*kernel, expected, jitOfTests()));
  std::vector<Group> groups = withEquivalents(groupsFrom(*kernel, 0), *kernel, target);
  for (const Group &group : llvm::ArrayRef(groups).drop_front()) {
    Semantics form = *kernel;
    form.statements = {group.statement};
    Arrays got = extremes(*kernel);
    REQUIRE_FALSE(evaluate(form, got, jitOfTests()));
    CHECK_MESSAGE(got.at("y").bytes == expected.at("y").bytes, print(form.statements[0], form));
  }
  return groups.size() - 1;
}

std::string wide(const std::string &value) {
  return "kernel f(x: i32[M,N], b: i32[M,N], c: i8[M,N]) -> y: i32[M,N] { y[i,j] = " + value + " }";
}
std::string narrow(const std::string &value) {
  return "kernel f(x: i8[M,N], b: i8[M,N], s: i32[M,N]) -> y: i8[M,N] { y[i,j] = " + value + " }";
}

} // namespace

TEST_CASE("identities: differences are sums, whatever wraps") {
  CHECK(equalForms(wide("x[i,j] - b[i,j]")) == 1);
  CHECK(equalForms(wide("-x[i,j]")) == 1);
  CHECK(equalForms(wide("-(x[i,j] - 5) - -2147483648")) == 1);
  CHECK(equalForms(wide("x[i,j] + b[i,j]")) == 0);
}

TEST_CASE("identities: a bound moves before a rounding shift only where that cannot wrap") {
  CHECK(equalForms(wide("max(round_shift(i32(c[i,j]), 3), 0)")) == 1);
  CHECK(equalForms(wide("min(-2, round_shift(i32(c[i,j]) * 77, 9))")) == 1);
  CHECK(equalForms(wide("max(round_shift(x[i,j], 3), 0)")) == 0);
  CHECK(equalForms(wide("max(round_shift(i32(c[i,j]), 20), 4000)")) == 0);
}

TEST_CASE("identities: bytes are saturated words") {
  CHECK(equalForms(narrow("x[i,j]")) == 1);
  CHECK(equalForms(narrow("max(x[i,j], min(b[i,j], -4))")) == 1);
  CHECK(equalForms(narrow("min(max(sat_i8(s[i,j]), -3), 100)")) == 1);
  CHECK(equalForms(narrow("x[i,j] + b[i,j]")) == 0);
  CHECK(equalForms(narrow("wrap_i8(s[i,j])")) == 0);
}

TEST_CASE("identities: one product of elements is a sum over one point") {
  CHECK(equalForms("kernel f(x: i8[M], b: i8[N]) -> y: i32[M,N] {"
                   " y[i,j] = i32(x[i]) * i32(b[j]) }") == 1);
  CHECK(equalForms("kernel f(x: i8[M], b: i8[N]) -> y: i32[M,N] {"
                   " y[i,j] = i32(x[i]) * i32(b[j]) + i32(x[i]) * 3 }") == 1);
  CHECK(equalForms("kernel f(x: i8[M], b: i8[N]) -> y: i32[M,N] {"
                   " y[i,j] = i32(x[i]) * i32(b[j]) * i32(x[i]) }") == 0);
  CHECK(equalForms(
            "kernel f(x: i8[M], b: i8[N]) -> y: i32[M,N] { y[i,j] = i32(x[i]) * 3 + i32(b[j]) }") ==
        0);
}
