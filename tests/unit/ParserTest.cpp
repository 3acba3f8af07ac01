#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

using namespace lathe;
using lathe::test::Notation;

static const char *const kConvolution =
    "kernel conv2d(x: i8[N,H,W,C], w: i8[R,S,C,K], bias: i32[K]) -> y: i8[N,H-R+1,W-S+1,K] {\n"
    "  a[n,p,q,k] = bias[k] + sum(r,s,c) i32(x[n, p+r, q+s, c]) * i32(w[r,s,c,k])\n"
    "  y[n,p,q,k] = sat_i8(round_shift(a[n,p,q,k], 7))\n"
    "}\n";

TEST_CASE("a convolution has its loops, ranges and types") {
  Notation notation;
  auto kernels = notation.parse(kConvolution);
  INFO(notation.shown());
  REQUIRE(kernels);
  const Semantics &conv = kernels->at(0);
  CHECK(conv.name == "conv2d");
  REQUIRE(conv.tensors.size() == 5);
  CHECK(conv.tensors[3].name == "y");
  CHECK(conv.tensors[3].role == Role::Output);
  CHECK(conv.tensors[4].name == "a");
  CHECK(conv.tensors[4].role == Role::Temporary);
  CHECK(conv.tensors[4].type == ElementType::integer(32));
  const Statement &sum = conv.statements[0];
  REQUIRE(sum.loops.size() == 7);
  std::string ranges;
  for (const Loop &loop : sum.loops)
    ranges += loop.name + "<" + print(*loop.extent, sum, conv) + (loop.reduction ? "* " : " ");
  CHECK(ranges == "n<N p<H - R + 1 q<W - S + 1 k<K r<R* s<S* c<C* ");
  CHECK(print(conv) ==
        "kernel conv2d(x: i8[N, H, W, C], w: i8[R, S, C, K], bias: i32[K]) -> "
        "y: i8[N, H - R + 1, W - S + 1, K] {\n"
        "  a: i32[N, H - R + 1, W - S + 1, K]\n"
        "  a[n, p, q, k] = bias[k] + sum(r, s, c) i32(x[n, p + r, q + s, c]) * i32(w[r, s, c, k])\n"
        "  y[n, p, q, k] = sat_i8(round_shift(a[n, p, q, k], 7))\n"
        "}\n");
}

TEST_CASE("a window over a dimension that is divided has a range") {
  Notation notation;
  auto kernel =
      notation.bound("kernel f(x: i8[H], w: i8[3], v: i8[2]) -> (y: i32[((H-1)/2-3)/2+1], "
                     "z: i32[H]) {\n"
                     "  m: i8[(H-1)/2]\n"
                     "  m[i] = x[2*i+1]\n"
                     "  a[p] = sum(r) i32(m[2*p+r]) * i32(w[r])\n"
                     "  y[p] = a[p]\n"
                     "  b[p] = sum(r) i32(m[p+r]) * i32(v[r])\n"
                     "  z[h] = i32(x[h])\n"
                     "  z[p] = b[p] where p < 2\n"
                     "}\n",
                     {{"H", 20}});
  INFO(notation.shown());
  REQUIRE(kernel);
  CHECK(kernel->statements[1].loops[0].size == 4); // 2 * 3 + 2 is the last of 9
  CHECK(kernel->statements[3].loops[0].size == 8);
}

TEST_CASE("binding gives every size, shape and extent a number") {
  Notation notation;
  auto conv = notation.bound(
      kConvolution, {},
      {{"x", {2, 9, 8, 5}, ElementType::integer(8)}, {"w", {3, 2, 5, 7}, ElementType::integer(8)}});
  INFO(notation.shown());
  REQUIRE(conv);
  CHECK(conv->bound);
  CHECK(conv->tensors[3].sizes == std::vector<int64_t>{2, 7, 7, 7});
  CHECK(conv->statements[0].loops[1].size == 7);
  CHECK(conv->statements[0].loops[6].size == 5);
}

TEST_CASE("a reduction may write the range of its loop") {
  Notation notation;
  auto pool = notation.bound("kernel pool(x: i8[H]) -> y: i8[(H-1)/2] {\n"
                             "  y[p] = max(r < 2) x[2*p+r]\n"
                             "}\n",
                             {{"H", 6}});
  INFO(notation.shown());
  REQUIRE(pool);
  // Without it the range would be 4: as far as the subscript stays inside.
  CHECK(pool->statements[0].loops[1].size == 2);
  CHECK(print(pool->statements[0], *pool) == "y[p] = max(r < 2) x[2 * p + r]");
}

TEST_CASE("a written range is made of sizes that are known") {
  Notation notation;
  CHECK_FALSE(notation.parse("kernel f(x: i8[H]) -> y: i8[H] {\n"
                             "  y[p] = max(r < R) x[p]\n"
                             "}\n"));
  CHECK(notation.codes() == "L0509 2:18");
}
