#include "core/mapping/Group.h"
#include "core/semantics/Parser.h"

#include <doctest/doctest.h>

using namespace lathe;

static Semantics kernelOf(const char *text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto kernels = parseKernels(sources.add("test.lathe", text), diagnostics);
  REQUIRE(kernels);
  auto bound = bind(kernels->front(), {}, {}, diagnostics);
  REQUIRE(bound);
  return *bound;
}

static std::string show(const Semantics &kernel, const Group &group) {
  return print(group.statement, kernel);
}

TEST_CASE("a reduction takes the pointwise statements behind it along") {
  Semantics kernel = kernelOf("kernel f(x: i8[4,5], w: i8[5,6], b: i32[6]) -> y: i8[4,6] {\n"
                              "  a[i,j] = sum(k) i32(x[i,k]) * i32(w[k,j])\n"
                              "  c[m,n] = a[m,n] + b[n]\n"
                              "  y[m,n] = sat_i8(round_shift(max(c[m,n], 0), 7))\n"
                              "}\n");
  auto groups = groupsFrom(kernel, 0);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].statements == std::vector<unsigned>{0, 1, 2});
  CHECK(show(kernel, groups[0]) == "y[m, n] = sat_i8(round_shift(max(sum(k) i32(x[m, k]) * "
                                   "i32(w[k, n]) + b[n], 0), 7))");
  CHECK(groups[2].statements == std::vector<unsigned>{0});
}

TEST_CASE("a temporary that two statements read stays a statement of its own") {
  Semantics kernel = kernelOf("kernel f(x: i32[4]) -> (y: i32[4], z: i32[4]) {\n"
                              "  t[i] = x[i] + 1\n"
                              "  y[i] = t[i] * 2\n"
                              "  z[i] = t[i] * 3\n"
                              "}\n");
  CHECK(groupsFrom(kernel, 0).size() == 1);
}

TEST_CASE("a reduction is not repeated for every point of a larger consumer") {
  Semantics kernel = kernelOf("kernel f(x: i32[4,5]) -> y: i32[4,5] {\n"
                              "  t[i] = sum(j) x[i,j]\n"
                              "  y[i,j] = x[i,j] - t[i]\n"
                              "}\n");
  CHECK(groupsFrom(kernel, 0).size() == 1);
}

TEST_CASE("an update reads what it adds to") {
  Semantics kernel = kernelOf("kernel f(x: i32[4]) -> y: i32[4] {\n"
                              "  y[i] = x[i]\n"
                              "  y[i] += x[i] * 2\n"
                              "}\n");
  auto groups = groupsFrom(kernel, 1);
  REQUIRE(groups.size() == 1);
  CHECK(show(kernel, groups[0]) == "y[i] = y[i] + x[i] * 2");
}

TEST_CASE("a consumer is not moved before what it reads or overwrites") {
  Semantics overwrites = kernelOf("kernel f(x: i32[5,6]) -> y: i32[5,4] {\n"
                                  "  row: i32[4]\n"
                                  "  row[i] = x[3, i + 1]\n"
                                  "  y[i,j] = x[i, j + 2]\n"
                                  "  y[2,i] = row[i]\n"
                                  "}\n");
  CHECK(groupsFrom(overwrites, 0).size() == 1);
  Semantics reads = kernelOf("kernel f(x: i32[4]) -> y: i32[4] {\n"
                             "  a[i] = x[i] + 1\n"
                             "  b[i] = x[i] * 2\n"
                             "  y[i] = a[i] + b[i]\n"
                             "}\n");
  CHECK(groupsFrom(reads, 0).size() == 1);
  CHECK(groupsFrom(reads, 1).size() == 2);
}
