#include "core/semantics/Array.h"

#include "core/semantics/Numbers.h"

#include "llvm/ADT/APFloat.h"

#include <cstring>

using namespace lathe;

int64_t Array::elements() const {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  return count;
}

Array Array::zeros(ElementType type, std::vector<int64_t> sizes) {
  Array array{type, std::move(sizes), {}};
  array.bytes.resize(array.elements() * type.bytes());
  return array;
}

static int64_t loadBits(const uint8_t *from, unsigned bytes) {
  uint64_t bits = 0;
  std::memcpy(&bits, from, bytes);
  return static_cast<int64_t>(bits);
}

static double halfToReal(uint16_t bits, const llvm::fltSemantics &format) {
  llvm::APFloat value(format, llvm::APInt(16, bits));
  bool lost = false;
  value.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &lost);
  return value.convertToDouble();
}

static uint16_t realToHalf(double real, const llvm::fltSemantics &format) {
  llvm::APFloat value(real);
  bool lost = false;
  value.convert(format, llvm::APFloat::rmNearestTiesToEven, &lost);
  return static_cast<uint16_t>(value.bitcastToAPInt().getZExtValue());
}

static const llvm::fltSemantics &halfFormat(ElementType type) {
  return type.kind == ElementType::Kind::BFloat ? llvm::APFloat::BFloat()
                                                : llvm::APFloat::IEEEhalf();
}

int64_t Array::integerAt(int64_t index) const {
  if (type.isFloat())
    return truncateReal(realAt(index), ElementType::integer(64));
  unsigned width = type.bytes();
  int64_t bits = loadBits(&bytes[index * width], width);
  return wrapInteger(bits, ElementType::integer(8 * width, type.isSigned()));
}

void Array::setInteger(int64_t index, int64_t value) {
  if (type.isFloat())
    return setReal(index, static_cast<double>(value));
  int64_t wrapped = wrapInteger(value, type);
  std::memcpy(&bytes[index * type.bytes()], &wrapped, type.bytes());
}

double Array::realAt(int64_t index) const {
  if (!type.isFloat())
    return integerToReal(integerAt(index), type);
  const uint8_t *from = &bytes[index * type.bytes()];
  if (type.bits == 16)
    return halfToReal(static_cast<uint16_t>(loadBits(from, 2)), halfFormat(type));
  float value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

void Array::setReal(int64_t index, double value) {
  if (!type.isFloat())
    return setInteger(index, truncateReal(value, type));
  uint8_t *to = &bytes[index * type.bytes()];
  if (type.bits == 16) {
    uint16_t half = realToHalf(value, halfFormat(type));
    std::memcpy(to, &half, sizeof(half));
    return;
  }
  float single = static_cast<float>(value);
  std::memcpy(to, &single, sizeof(single));
}
