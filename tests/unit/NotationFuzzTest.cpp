#include "core/semantics/Interpreter.h"
#include "core/semantics/Jit.h"
#include "simulators/reference/Reference.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

#include <random>

using namespace lathe;
using lathe::test::Notation;

namespace {

// One of each construct.
const char *const kKernels[] = {
    "kernel conv(x: i8[N,H,W,C], w: i8[R,S,C,K], bias: i32[K]) -> y: i8[N,H-R+1,W-S+1,K] {\n"
    "  a[n,p,q,k] = bias[k] + sum(r,s,c) i32(x[n, p+r, q+s, c]) * i32(w[r,s,c,k])\n"
    "  y[n,p,q,k] = sat_i8(round_shift(max(a[n,p,q,k], 0), 7))\n}\n",
    "kernel paths(a: i32[M,K], b: i32[K,N]) -> (c: i32[M,N], best: i32[M]) {\n"
    "  c[i,j] = 2147483647; c[i,j] min= a[i,k] + b[k,j]\n"
    "  best[i] = argmin(j) c[i,j]\n}\n",
    "kernel causal(q: f32[T,D], k: f32[T,D]) -> s: f32[T,T] {\n"
    "  s[i,j] = -inf // the future\n"
    "  s[i,j] = sum(d) q[i,d] * k[j,d] where j <= i\n"
    "  s[i,j] = exp(s[i,j] * 0.125 - 1.5e-3)\n}\n",
    "kernel bits(x: i8[N], t: u8[L] sparse(L: structured[2,4])) -> (y: i32[N], z: u8[N], f: u1[N]) "
    "{\n"
    "  y[i] = (i32(bit(x[i], 7)) << 3) + -5 * i32(x[i] & 15 | ~x[i] ^ 3)\n"
    "  z[i] = lut(t, clamp(i - 2, 0, L - 1)) % 7 / 2 >> 1\n"
    "  f[i] = any(j) (x[j] > 3 and not x[j] == 5 or 0 <= i+j-1 < N)\n}\n",
    "kernel gather(x: bf16[V,C], at: i32[B,T], s: u5) -> y: f16[B,T,C] {\n"
    "  e: bf16[B,T,C]\n"
    "  e[b,t,c] = select(t % 2 == 0, x[at[b,t], c], max(x[0,c], recip(x[b/2*0,c]), 0.5))\n"
    "  y[b,t,c] = f16(sum(u where u <= t) f32(e[b,u,c])) + f16(round_even(1.5 + f32(s)))\n}\n",
    "kernel literals(x: i32[N]) -> y: i32[N] {\n"
    "  y[i] = i32(3) * 4 + x[i] - (i32(1) << 4) + select(i < 2, 1, 0) - -(2 - 1) \n"
    "  y[i] += prod(a, b where a < b) x[a] * x[b]\n"
    "  y[i] max= sum(j where x[j] > 0) 2\n}\n",
};

std::string mutated(std::string text, std::mt19937 &random) {
  static const char *const kPieces[] = {
      "(",  ")", "[", "]",    "{",  "}", "=", "+=",   "<",    ",",    "where", "sum(k)",
      "i8", "3", "-", "not ", "\n", ";", "x", "max(", "1e99", "@[i]", "65536", "\xff"};
  int edits = 1 + random() % 3;
  for (int i = 0; i < edits && !text.empty(); ++i) {
    size_t at = random() % text.size();
    switch (random() % 4) {
    case 0:
      text.erase(at, 1 + random() % 5);
      break;
    case 1:
      text.insert(at, kPieces[random() % std::size(kPieces)]);
      break;
    case 2:
      text[at] = char(random());
      break;
    default: { // a piece of it somewhere else
      std::string piece = text.substr(random() % text.size(), random() % 20);
      text.insert(at, piece);
    }
    }
  }
  return text;
}

} // namespace

TEST_CASE("notation: what is printed parses to the same") {
  for (const char *text : kKernels) {
    Notation notation;
    auto kernels = notation.parse(text);
    INFO(notation.shown());
    REQUIRE(kernels);
    std::string printed = print(kernels->front());
    INFO(printed);
    auto again = notation.parse(printed);
    INFO(notation.shown());
    REQUIRE(again);
    CHECK(equal(kernels->front(), again->front()));
    CHECK(print(again->front()) == printed);
  }
}

TEST_CASE("notation: changed texts are read or refused, and what is read prints and parses again") {
  std::mt19937 random(20240229);
  int valid = 0;
  for (int round = 0; round < 6000; ++round) {
    std::string text = mutated(kKernels[random() % std::size(kKernels)], random);
    Notation notation;
    auto kernels = notation.parse(text);
    CHECK(kernels.has_value() == !notation.diagnostics.hasErrors());
    for (const Diagnostic &diagnostic : notation.diagnostics.all()) {
      CHECK(diagnostic.place.line > 0);
      CHECK(diagnostic.place.column > 0);
    }
    if (!kernels)
      continue;
    ++valid;
    const Semantics &kernel = kernels->front();
    INFO(text);
    auto again = notation.parse(print(kernel));
    INFO(notation.shown());
    REQUIRE(again);
    CHECK(equal(kernel, again->front()));
    std::vector<std::pair<std::string, int64_t>> sizes;
    for (const Size &size : kernel.sizes)
      sizes.push_back({size.name, 1 + int64_t(random() % 5)});
    Notation binding;
    lathe::bind(kernel, sizes, {}, binding.diagnostics);
  }
  CHECK(valid > 150);
}

TEST_CASE("notation: the compiled statements agree with the interpreter on random data") {
  auto jit = llvm::cantFail(Jit::create(""));
  std::mt19937 random(7);
  for (const char *text : kKernels) {
    Notation notation;
    auto kernels = notation.parse(text);
    REQUIRE(kernels);
    std::vector<std::pair<std::string, int64_t>> sizes;
    for (const Size &size : kernels->front().sizes)
      sizes.push_back({size.name, size.name == "R" || size.name == "S" ? 3 : 5});
    auto kernel = lathe::bind(kernels->front(), sizes, {}, notation.diagnostics);
    INFO(notation.shown());
    REQUIRE(kernel);
    Arrays slow;
    for (const Tensor &tensor : kernel->tensors) {
      if (tensor.role != Role::Input)
        continue;
      Array array = Array::zeros(tensor.type, tensor.sizes);
      for (int64_t i = 0; i < array.elements(); ++i)
        if (tensor.type.isFloat())
          array.setReal(i, double(int(random() % 2000) - 1000) / 256);
        else
          array.setInteger(i, tensor.name == "at" ? int64_t(random() % 5) : int64_t(random()));
      slow[tensor.name] = array;
    }
    Arrays fast = slow;
    CHECK(interpret(*kernel, slow).value_or("") == "");
    CHECK(evaluate(*kernel, fast, *jit).value_or("") == "");
    for (const Tensor &tensor : kernel->tensors) {
      if (tensor.role != Role::Output)
        continue;
      INFO(kernel->name << " " << tensor.name);
      CHECK(slow[tensor.name].bytes == fast[tensor.name].bytes);
    }
  }
}
