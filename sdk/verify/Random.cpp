#include "sdk/verify/Random.h"

#include "llvm/Support/xxhash.h"

#include <cstring>

using namespace lathe;
using namespace lathe::verify;

Random::Random(llvm::StringRef text, uint64_t seed) : state(llvm::xxh3_64bits(text) ^ seed) {}

// Sign, exponent and fraction bits of a float type.
static unsigned fractionBits(ElementType type) {
  if (type.kind == ElementType::Kind::BFloat)
    return 7;
  return type.bits == 16 ? 10 : 23;
}

// 1.0 in `type`.
static uint64_t oneOf(ElementType type) {
  unsigned exponentBits = type.bits - 1 - fractionBits(type);
  return ((uint64_t(1) << (exponentBits - 1)) - 1) << fractionBits(type);
}

static std::vector<uint64_t> floatCorners(ElementType type) {
  uint64_t sign = uint64_t(1) << (type.bits - 1), one = oneOf(type);
  uint64_t smallest = uint64_t(1) << fractionBits(type);
  uint64_t infinity = sign - smallest;
  return {0, sign, one, one | sign, infinity - 1, (infinity - 1) | sign, smallest, smallest | sign};
}

std::vector<uint64_t> verify::cornersOf(ElementType type) {
  if (type.isFloat())
    return floatCorners(type);
  uint64_t min = type.min(), max = type.max();
  std::vector<uint64_t> corners{min, max, 0};
  if (type.bits == 1)
    return type.isSigned() ? std::vector<uint64_t>{min, 0} : std::vector<uint64_t>{0, 1};
  llvm::append_range(corners, std::initializer_list<uint64_t>{min + 1, max - 1, 1});
  if (type.isSigned())
    corners.push_back(-1);
  llvm::sort(corners);
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
  return corners;
}

static int64_t extended(ElementType type, uint64_t bits) {
  unsigned unused = 64 - type.bits;
  bits <<= unused;
  return type.isSigned() ? static_cast<int64_t>(bits) >> unused
                         : static_cast<int64_t>(bits >> unused);
}

void verify::putElement(uint8_t *to, ElementType type, uint64_t bits) {
  if (type.isInteger())
    bits = extended(type, bits);
  std::memcpy(to, &bits, type.bytes());
}

template <typename Draw>
static std::vector<uint8_t> elements(ElementType type, int64_t count, Draw &&draw) {
  std::vector<uint8_t> bytes(count * type.bytes());
  for (int64_t i = 0; i < count; ++i)
    putElement(bytes.data() + i * type.bytes(), type, draw());
  return bytes;
}

// Either sign, exponent near that of 1.
static uint64_t nearOne(ElementType type, Random &random) {
  uint64_t fraction = (uint64_t(1) << (fractionBits(type) + 1)) - 1;
  uint64_t sign = (random.bits() & 1) << (type.bits - 1);
  return (oneOf(type) - (uint64_t(1) << fractionBits(type)) + (random.bits() & fraction)) | sign;
}

std::vector<uint8_t> verify::randomElements(ElementType type, int64_t count, Random &random) {
  std::vector<uint64_t> corners = cornersOf(type);
  return elements(type, count, [&] {
    if (random.bits() & 1)
      return corners[random.bits() % corners.size()];
    return type.isFloat() ? nearOne(type, random) : random.bits();
  });
}

std::vector<uint8_t> verify::oddElements(ElementType type, int64_t count, Random &random) {
  return elements(type, count,
                  [&] { return type.isFloat() ? nearOne(type, random) : random.bits() | 1; });
}

std::vector<uint8_t> verify::repeatElement(ElementType type, int64_t count, uint64_t bits) {
  return elements(type, count, [&] { return bits; });
}
