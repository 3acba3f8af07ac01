// What the host's share is priced at, counted by hand.
#include "core/HostCost.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

static HostCost costOf(const char *kernel) {
  Notation notation;
  auto bound = notation.bound(kernel);
  REQUIRE_MESSAGE(bound, notation.shown());
  Target target;
  target.clockHz = 500e6;
  return hostCost(*bound, target);
}

TEST_CASE("host cost: operations on elements, and every tensor moved once") {
  // A copy: one operation an element; 3 * 5 bytes in and out.
  HostCost copy = costOf("kernel k(x: i8[3,5]) -> y: i8[5,3] { y[i,j] = x[j,i] }");
  CHECK(copy.operations == 15);
  CHECK(copy.bytes == 30);
  CHECK(copy.nanoseconds == 15);
  CHECK(copy.cycles == 8); // 7.5 of a 2 ns clock

  // 2 * 4 sums of 3 terms, each two conversions, a product and an addition; then a shift.
  HostCost product = costOf("kernel k(a: i8[2,3], b: i8[3,4]) -> c: i32[2,4] {\n"
                            "  c[i,j] = (sum(k) i32(a[i,k]) * i32(b[k,j])) >> 1\n}");
  CHECK(product.operations == 2 * 4 * (3 * 4 + 1));
  CHECK(product.bytes == 6 + 12 + 4 * 8);

  // Subscripts are addresses; wide elements cost their bytes.
  HostCost gather = costOf("kernel k(x: i64[16,4]) -> y: i64[16] { y[i] = x[(i+1)/2, 1] }");
  CHECK(gather.operations == 16);
  CHECK(gather.bytes == 8 * (64 + 16));
  CHECK(gather.nanoseconds == 80);
}
