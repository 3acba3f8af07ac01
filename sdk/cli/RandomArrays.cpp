#include "sdk/cli/KernelArguments.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/Support/xxhash.h"

#include <random>

using namespace lathe;
using namespace lathe::cli;

using Random = std::mt19937_64;

// The standard's distributions differ between libraries; a seed must mean the same everywhere.
static int64_t uniform(Random &random, int64_t low, int64_t high) {
  uint64_t span = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
  return static_cast<int64_t>(static_cast<uint64_t>(low) +
                              (span == 0 ? random() : random() % span));
}

static int64_t cornerInteger(Random &random, ElementType type) {
  int64_t low = type.min(), high = type.max();
  int64_t corners[] = {low,      low + 1, type.isSigned() && type.bits > 1 ? -1 : 0, 0, 1,
                       high - 1, high};
  return corners[random() % std::size(corners)];
}

static int64_t randomInteger(Random &random, ElementType type) {
  bool wide = type.bits > 16;
  if (random() % (wide ? 16 : 2) == 0)
    return cornerInteger(random, type);
  if (!wide)
    return uniform(random, type.min(), type.max());
  return uniform(random, type.isSigned() ? -65536 : 0, 65536);
}

static double randomReal(Random &random) {
  static constexpr double kCorners[] = {0.0, -0.0, 1.0, -1.0, 0.5, 65504.0, 1.0 / 1024};
  if (random() % 8 == 0)
    return kCorners[random() % std::size(kCorners)];
  return static_cast<double>(uniform(random, -(1 << 20), 1 << 20)) / (1 << 18);
}

Array lathe::cli::randomArray(const Tensor &tensor, uint64_t seed) {
  Random random(seed ^ llvm::xxh3_64bits(tensor.name));
  Array array = Array::zeros(tensor.type, tensor.sizes);
  for (int64_t i = 0, count = array.elements(); i < count; ++i)
    if (tensor.type.isInteger())
      array.setInteger(i, randomInteger(random, tensor.type));
    else
      array.setReal(i, randomReal(random));
  return array;
}
