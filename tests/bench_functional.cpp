// Times the functional simulator on an n x n x n int8 product, as a stream of 16 x 16 tiles written
// by hand.
//
//   bench_functional [N [CACHE [ROWS]]]
#include "simulators/functional/FunctionalSimulator.h"
#include "tests/unit/SmallTarget.h"

#include <cstdio>
#include <ctime>

using namespace lathe;

static constexpr int64_t kDim = 16;

static Symbol symbol(const char *name, Symbol::Kind kind, int64_t n, uint64_t address) {
  return {name, kind, ElementType::integer(8), {n, n}, address, {}};
}

/// for each block of 16 columns j and 16 values k: weights [k, j] against all rows, into
/// accumulators
static InstructionStream product(const test::SmallTarget &small, int64_t n, int64_t rowsAtOnce) {
  InstructionStream stream;
  int64_t rows = std::min<int64_t>(n, rowsAtOnce), a = 0, w = n * n, c = 2 * n * n;
  stream.add(small["SET_LOAD"], {n});
  stream.add(small["SET_STORE"], {n});
  stream.add(small["SET_SHIFT"], {7});
  for (int64_t i = 0; i < n; i += rows)
    for (int64_t j = 0; j < n; j += kDim) {
      for (int64_t k = 0; k < n; k += kDim) {
        stream.add(small["LOAD"], {w + k * n + j, 1008, kDim, kDim});
        stream.add(small["LOAD"], {a + i * n + k, 0, rows, kDim});
        stream.add(small["PRELOAD"], {1008, 0, kDim});
        stream.add(small[k == 0 ? "MATMUL" : "MATMUL_ACC"], {0, 0, 0, rows, 1});
      }
      stream.add(small["STORE"], {0, c + i * n + j, rows, kDim});
    }
  return stream;
}

/// Of this process, so that a busy machine does not count.
static double milliseconds() { return 1e3 * std::clock() / CLOCKS_PER_SEC; }

static int check(const Arrays &arrays, int64_t n) {
  const uint8_t *a = arrays.at("a").bytes.data(), *w = arrays.at("w").bytes.data();
  const uint8_t *c = arrays.at("c").bytes.data();
  int wrong = 0;
  for (int64_t i = 0; i < n; i += 37)
    for (int64_t j = 0; j < n; ++j) {
      int32_t sum = 0;
      for (int64_t k = 0; k < n; ++k)
        sum += static_cast<int8_t>(a[i * n + k]) * static_cast<int8_t>(w[k * n + j]);
      int32_t shifted = std::min(std::max((sum + 64) >> 7, -128), 127);
      wrong += static_cast<int8_t>(c[i * n + j]) != shifted;
    }
  return wrong;
}

int main(int argc, char **argv) {
  int64_t n = argc > 1 ? std::atoll(argv[1]) : 512;
  test::SmallTarget small(kDim);
  Program program;
  program.kernel = "product";
  program.target = "small@default";
  program.symbols = {symbol("a", Symbol::Kind::Input, n, 0),
                     symbol("w", Symbol::Kind::Input, n, n * n),
                     symbol("c", Symbol::Kind::Output, n, 2 * n * n)};
  program.imageBytes = 3 * n * n;
  program.steps.emplace_back().instructions =
      product(small, n, argc > 3 ? std::atoll(argv[3]) : 512);
  Arrays arrays{{"a", Array::zeros(ElementType::integer(8), {n, n})},
                {"w", Array::zeros(ElementType::integer(8), {n, n})}};
  uint32_t seed = 1;
  for (const char *name : {"a", "w"})
    for (uint8_t &byte : arrays[name].bytes)
      byte = (seed = seed * 1664525 + 1013904223) >> 24;
  auto jit = llvm::cantFail(Jit::create(argc > 2 ? argv[2] : ""));
  FunctionalSimulator simulator(small.target, *jit);
  double best = 1e9, first = milliseconds();
  for (int run = 0; run < 7; ++run) {
    double start = milliseconds();
    if (auto fault = simulator.run(program, arrays)) {
      std::printf("%s\n", fault->text.c_str());
      return 1;
    }
    if (run == 0)
      first = milliseconds() - first;
    best = std::min(best, milliseconds() - start);
  }
  double macs = static_cast<double>(n) * n * n;
  std::printf("%zu instructions, first run %.2f ms, best %.2f ms, %.1f GMAC/s, %d wrong\n",
              program.instructionCount(), first, best, macs / best * 1e-6, check(arrays, n));
}
