#include "core/mapping/Forms.h"
#include "core/semantics/Parser.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

/// The forms of the kernel's first group, each as its statements and rules.
std::vector<std::string> formsOf(const char *text) {
  Notation notation;
  auto kernel = notation.bound(text, {});
  REQUIRE_MESSAGE(kernel, notation.shown());
  const Target target; // no intrinsic: what identities do by themselves
  const Rules rules;
  Algebra algebra;
  std::vector<std::string> forms;
  for (const Form &form :
       lathe::formsOf(*kernel, groupsFrom(*kernel, 0).front(), target, rules, algebra)) {
    Semantics with = *kernel;
    llvm::append_range(with.tensors, form.tensors);
    std::string shown;
    for (const Statement &statement : form.statements)
      shown += print(statement, with) + "\n";
    for (const std::string &rule : form.rules)
      shown += "by " + rule + "\n";
    forms.push_back(std::move(shown));
  }
  return forms;
}

bool anyContains(llvm::ArrayRef<std::string> forms, llvm::StringRef part) {
  return llvm::any_of(forms, [&](llvm::StringRef form) { return form.contains(part); });
}

} // namespace

TEST_CASE("a product of three operands is a sum of sums, each a statement") {
  auto forms = formsOf("kernel f(x: i8[4,5,6], b: i8[5,3], c: i8[6,3]) -> y: i32[4,3] {\n"
                       "  y[i,r] = sum(j,k) i32(x[i,j,k]) * i32(b[j,r]) * i32(c[k,r])\n}");
  CHECK(anyContains(forms, "y_part[i, r, j] = sum(k) i32(x[i, j, k]) * i32(c[k, r])\n"
                           "y[i, r] = sum(j) i32(b[j, r]) * y_part[i, r, j]\n"));
  CHECK(anyContains(forms, "y_part[i, r, k] = sum(j) i32(x[i, j, k]) * i32(b[j, r])\n"));
}

TEST_CASE("float sums are regrouped only where the kernel says reassociate, and this is said") {
  constexpr const char *kBody = "{\n  y[i] = sum(j,k) x[i,j,k] * b[j] * c[k]\n}";
  std::string head = "kernel f(x: f32[4,5,6], b: f32[5], c: f32[6]) -> y: f32[4] ";
  CHECK(formsOf((head + kBody).c_str()).empty());
  auto forms = formsOf((head + "reassociate " + kBody).c_str());
  REQUIRE(!forms.empty());
  CHECK(anyContains(forms, "by float sums reassociated"));
}

TEST_CASE("what is equal for every float needs no word") {
  auto forms = formsOf("kernel f(a: f32[4], b: f32[4]) -> y: f32[4] {\n  y[i] = a[i] - b[i]\n}");
  CHECK(anyContains(forms, "y[i] = a[i] + b[i] * -1"));
  CHECK(!anyContains(forms, "reassociated"));
}

TEST_CASE("a form whose values could wrap differently is refused") {
  // max(round_shift(a, 1), 0) is round_shift(max(a, 0), 1) unless a + 1 wraps.
  auto whole = formsOf("kernel f(a: i32[4]) -> y: i32[4] {\n"
                       "  y[i] = max(round_shift(a[i], 1), 0)\n}");
  CHECK(!anyContains(whole, "round_shift(max("));
  auto narrow = formsOf("kernel f(a: i16[4]) -> y: i32[4] {\n"
                        "  y[i] = max(round_shift(i32(a[i]), 1), 0)\n}");
  CHECK(anyContains(narrow, "round_shift(max("));
}

TEST_CASE("what follows a reduction may be a statement of its own") {
  auto mean = formsOf("kernel f(x: i8[4,21]) -> y: i8[4] {\n"
                      "  y[i] = sat_i8((sum(k) i32(x[i,k])) / 21)\n}");
  CHECK(anyContains(mean, "y_part[i] = sum(k) i32(x[i, k])\n"
                          "y[i] = sat_i8(y_part[i] / 21)\n"));
  // Nothing follows.
  auto sum = formsOf("kernel f(x: i8[4,21]) -> y: i32[4] {\n  y[i] = sum(k) i32(x[i,k])\n}");
  CHECK(!anyContains(sum, "y_part"));
}

TEST_CASE("a small maximum or minimum is the chain of its terms") {
  auto pool = formsOf("kernel f(x: i8[2,3,4]) -> y: i8[2,4] {\n"
                      "  y[p,c] = max(r) x[p,r,c]\n}");
  CHECK(anyContains(pool, "y[p, c] = max(max(x[p, 0, c], x[p, 1, c]), x[p, 2, c])\n"
                          "by a small maximum or minimum written out\n"));
  auto strided = formsOf("kernel f(x: i16[6]) -> y: i16[2] {\n"
                         "  y[p] = min(r < 3) x[3*p + r]\n}");
  CHECK(anyContains(strided, "y[p] = min(min(x[3 * p], x[3 * p + 1]), x[3 * p + 2])"));
  // Floats are left: their maximum has rules of its own for NaN. So are conditions, and many terms.
  for (const char *other :
       {"kernel f(x: f32[2,3]) -> y: f32[2] {\n  y[p] = max(r) x[p,r]\n}",
        "kernel f(x: i8[2,3]) -> y: i8[2] {\n  y[p] = max(r where r <= p) x[p,r]\n}",
        "kernel f(x: i8[2,17]) -> y: i8[2] {\n  y[p] = max(r) x[p,r]\n}"})
    CHECK(formsOf(other).empty());
}

TEST_CASE("a kernel that may be reassociated prints as one") {
  Notation notation;
  auto kernel = notation.bound("kernel f(a: f32[4]) -> y: f32 reassociate {\n"
                               "  y = sum(i) a[i]\n}",
                               {});
  REQUIRE_MESSAGE(kernel, notation.shown());
  CHECK(kernel->reassociate);
  CHECK(llvm::StringRef(print(*kernel)).contains("-> y: f32 reassociate {"));
}
