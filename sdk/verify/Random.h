// Random bits and elements, the same for the same seed everywhere.
#pragma once

#include "core/semantics/ElementType.h"

#include "llvm/ADT/ArrayRef.h"

#include <vector>

namespace lathe::verify {

/// splitmix64 (Steele, Lea, Flood 2014): any seed is a good one.
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  /// Seeded by a text, so that a case has the same numbers wherever it runs.
  Random(llvm::StringRef text, uint64_t seed);

  uint64_t bits() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// From `least` to `most`, both included.
  int64_t between(int64_t least, int64_t most) {
    uint64_t span = static_cast<uint64_t>(most) - static_cast<uint64_t>(least) + 1;
    return static_cast<int64_t>(static_cast<uint64_t>(least) + (span ? bits() % span : bits()));
  }

private:
  uint64_t state;
};

/// Bit patterns at the ends of `type`: min, min+1, -1, 0, 1, max-1, max; of floats both zeros,
/// ones, the largest, and the smallest normal numbers.
std::vector<uint64_t> cornersOf(ElementType type);

/// An element of `type` in its ElementType::bytes() bytes, from a bit pattern.
void putElement(uint8_t *to, ElementType type, uint64_t bits);

/// `count` elements, half of them corners.
std::vector<uint8_t> randomElements(ElementType type, int64_t count, Random &random);
/// `count` odd integers, or floats of either sign near 1: what is multiplied by them stays visible.
std::vector<uint8_t> oddElements(ElementType type, int64_t count, Random &random);
/// `count` times the same element.
std::vector<uint8_t> repeatElement(ElementType type, int64_t count, uint64_t bits);

} // namespace lathe::verify
