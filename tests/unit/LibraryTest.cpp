// Which statements an entry of a library computes.
#include "core/library/Library.h"
#include "tests/unit/DescribedTarget.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {
constexpr const char *kScale = "kernel scale(a: i32[P,Q], b: i32[Q]) -> r: i32[P,Q] {\n"
                               "  t[u,v] = b[v] * a[u,v]\n"
                               "  r[u,v] = max(t[u,v], 3)\n}";
constexpr const char *kSum = "kernel sums(a: i8[P,R], b: i8[Q,R]) -> r: i32[P,Q] {\n"
                             "  r[u,v] = sum(k) i32(a[u,k]) * i32(b[v,k])\n}";

/// The uses of an entry `pattern` in `kernel`: its sizes and tensors.
std::string uses(const char *pattern, const char *kernel) {
  Notation notation;
  auto entry = notation.parse(pattern);
  REQUIRE_MESSAGE(entry, notation.shown());
  auto bound = notation.bound(kernel);
  REQUIRE_MESSAGE(bound, notation.shown());
  Target target;
  target.library.push_back({"entry", entry->front(), "", ""});
  std::string text;
  for (const LibraryUse &use : findLibraryUses(*bound, target, notation.sources)) {
    for (const auto &[name, size] : use.sizes)
      text += name + "=" + std::to_string(size) + " ";
    for (const auto &[from, to] : use.tensors)
      text += from + "->" + to + " ";
    text += "in " + std::to_string(use.group.statements.size()) + "; ";
  }
  return text;
}
} // namespace

TEST_CASE("library: names of loops and tensors and the order of factors do not matter") {
  CHECK(uses(kScale, "kernel k(w: i32[4], x: i32[3,4]) -> (y: i32[3,4], z: i32[3,4]) {\n"
                     "  y[i,j] = max(3, x[i,j] * w[j])\n"
                     "  z[i,j] = x[i,j] + 1\n}") == "P=3 Q=4 a->x b->w r->y in 1; ");
  CHECK(uses(kSum, "kernel k(x: i8[5,7], y: i8[3,7]) -> z: i32[3,5] {\n"
                   "  z[j,i] = sum(l) i32(x[i,l]) * i32(y[j,l])\n}") ==
        "P=3 R=7 Q=5 a->y b->x r->z in 1; ");
  CHECK(uses(kScale, "kernel k(w: i32[4], x: i32[3,4]) -> y: i32[3,4] {\n"
                     "  a[i,j] = x[i,j] * w[j]\n"
                     "  y[i,j] = max(a[i,j], 3)\n}") == "P=3 Q=4 a->x b->w r->y in 2; ");
}

TEST_CASE("library: another computation is not the entry's") {
  auto none = [](const char *pattern, const char *body) {
    std::string kernel = "kernel k(w: i32[4], x: i32[4,4], v: i32[4,4]) -> y: i32[4,4] {\n  " +
                         std::string(body) + "\n}";
    CHECK_MESSAGE(uses(pattern, kernel.c_str()) == "", body);
  };
  none(kScale, "y[i,j] = max(4, x[i,j] * w[j])");
  none(kScale, "y[i,j] = min(3, x[i,j] * w[j])");
  none(kScale, "y[i,j] = max(3, x[j,i] * w[j])");
  none(kScale, "y[i,j] = max(3, x[i,j] * w[i])");
  none(kScale, "y[i,j] = max(3, x[i,j] + w[j])");
  none(kScale, "y[i,j] = max(3, x[i,j] * v[i,j])");
  none(kScale, "y[i,j] = max(3, x[i,j] * w[j]) + v[i,j]");
  none(kScale, "y[i,j] = max(3, x[i,j] * x[j,j])");
  none(kSum, "y[i,j] = sum(l) x[i,l] * v[j,l]"); // of other types
}

TEST_CASE("library: a tensor read by others as well is not hidden in an entry") {
  CHECK(uses(kScale, "kernel k(w: i32[4], x: i32[3,4]) -> (y: i32[3,4], z: i32[3,4]) {\n"
                     "  a[i,j] = x[i,j] * w[j]\n"
                     "  y[i,j] = max(a[i,j], 3)\n"
                     "  z[i,j] = a[i,j]\n}") == "");
}

TEST_CASE("library: fixed sizes are part of the pattern") {
  const char *fixed = "kernel f(a: i32[4]) -> r: i32[4] { r[i] = a[i] + 1 }";
  CHECK(uses(fixed, "kernel k(x: i32[4]) -> y: i32[4] { y[i] = x[i] + 1 }") == "a->x r->y in 1; ");
  CHECK(uses(fixed, "kernel k(x: i32[5]) -> y: i32[5] { y[i] = x[i] + 1 }") == "");
  const char *even = "kernel f(a: i32[2*N]) -> r: i32[N] { r[i] = a[2*i] }";
  CHECK(uses(even, "kernel k(x: i32[6]) -> y: i32[3] { y[i] = x[2*i] }") == "N=3 a->x r->y in 1; ");
  CHECK(uses(even, "kernel k(x: i32[7]) -> y: i32[3] { y[i] = x[2*i] }") == "");
}

namespace {
/// What reading the library of `files`, and assembling its entries, reports.
std::vector<std::string> mistakes(std::vector<std::pair<std::string, std::string>> files) {
  ScratchPlugin plugin;
  for (const auto &[name, text] : files)
    plugin.write("library/" + name, text);
  Sources sources;
  Diagnostics diagnostics(sources);
  if (auto manifest = readManifest(plugin.folder, diagnostics)) {
    auto target = loadTarget(*manifest, "", diagnostics);
    REQUIRE(target);
    for (const LibraryEntry &entry : target->library)
      assembleEntry(entry, *target, {}, {}, diagnostics);
  }
  std::vector<std::string> codes;
  for (const Diagnostic &diagnostic : diagnostics.all())
    codes.push_back(diagnostic.code().str());
  return codes;
}
} // namespace

TEST_CASE("library: an entry is one kernel of one group, and a program of the device for it") {
  using Codes = std::vector<std::string>;
  const std::string one = "kernel a(x: i8[M]) -> y: i8[M] { y[i] = x[i] }\n";
  const std::string two = "kernel a(x: i8[M]) -> (y: i8[M], z: i8[M]) {\n"
                          "  y[i] = x[i]\n  z[i] = x[i]\n}\n";
  const std::string begin = "program a for base\nsize M = 4\n",
                    good = begin + "kernel \"a.lathe\"\n";
  CHECK(mistakes({{"a.lathe", one}, {"a.lasm", good}}) == Codes{});
  CHECK(mistakes({{"a.lathe", one}}) == Codes{"L0242"});
  CHECK(mistakes({{"a.lasm", good}}) == Codes{"L0242"});
  CHECK(mistakes({{"a.lathe", one + "kernel b(x: i8[M]) -> y: i8[M] { y[i] = x[i] }\n"},
                  {"a.lasm", good}}) == Codes{"L0243"});
  CHECK(mistakes({{"a.lathe", one}, {"a.lasm", begin}}) == Codes{"L0244"});
  CHECK(mistakes({{"a.lathe", one}, {"a.lasm", begin + "kernel \"b.lathe\"\n"}}) == Codes{"L0244"});
  CHECK(mistakes({{"a.lathe", one}, {"a.lasm", good + "input w: i8[1]\n"}}) == Codes{"L0244"});
  CHECK(mistakes({{"a.lathe", two}, {"a.lasm", good}}) == Codes{"L0245"});
}
