#include "core/semantics/Numbers.h"

#include "llvm/ADT/APFloat.h"

#include <cmath>
#include <limits>

using namespace lathe;

int64_t lathe::wrapInteger(int64_t value, ElementType type) {
  unsigned unused = 64 - type.bits;
  uint64_t top = static_cast<uint64_t>(value) << unused;
  if (type.kind == ElementType::Kind::Unsigned)
    return static_cast<int64_t>(top >> unused);
  return static_cast<int64_t>(top) >> unused;
}

/// Rounds to `precision` bits with smallest normal exponent `minExponent`. Exact: a double holds
/// the scaled value.
static double roundTo(double value, int precision, int minExponent, double largest) {
  if (value == 0 || !std::isfinite(value))
    return value;
  int exponent = std::max(std::ilogb(value), minExponent);
  int quantum = exponent - (precision - 1);
  double rounded = std::ldexp(std::nearbyint(std::ldexp(value, -quantum)), quantum);
  if (std::fabs(rounded) <= largest)
    return rounded;
  return std::copysign(std::numeric_limits<double>::infinity(), value);
}

double lathe::roundReal(double value, ElementType type) {
  if (type.kind == ElementType::Kind::BFloat)
    return roundTo(value, 8, -126, 0x1.fep127);
  if (type.bits == 16)
    return roundTo(value, 11, -14, 65504);
  return static_cast<float>(value);
}

int64_t lathe::truncateReal(double value, ElementType type) {
  if (std::isnan(value))
    return 0;
  double whole = std::trunc(value);
  // 2^valueBits is exact, so the comparison is with the first value out of range.
  bool isSigned = type.kind != ElementType::Kind::Unsigned;
  double limit = std::ldexp(1.0, isSigned ? type.bits - 1 : type.bits);
  if (whole >= limit)
    return type.max();
  if (whole < (isSigned ? -limit : 0))
    return type.min();
  return isSigned ? static_cast<int64_t>(whole)
                  : static_cast<int64_t>(static_cast<uint64_t>(whole));
}

double lathe::integerToReal(int64_t value, ElementType type) {
  if (type.kind == ElementType::Kind::Unsigned)
    return static_cast<double>(static_cast<uint64_t>(value));
  return static_cast<double>(value);
}

double lathe::roundInteger(int64_t value, bool isUnsigned, ElementType type) {
  const llvm::fltSemantics &format = type == ElementType::f32()    ? llvm::APFloat::IEEEsingle()
                                     : type == ElementType::bf16() ? llvm::APFloat::BFloat()
                                                                   : llvm::APFloat::IEEEhalf();
  llvm::APFloat result(format);
  result.convertFromAPInt(llvm::APInt(64, static_cast<uint64_t>(value)), !isUnsigned,
                          llvm::APFloat::rmNearestTiesToEven);
  bool lost = false;
  result.convert(llvm::APFloat::IEEEdouble(), llvm::APFloat::rmNearestTiesToEven, &lost);
  return result.convertToDouble();
}

bool lathe::covers(ElementType to, ElementType from) {
  if (to.isSigned() == from.isSigned())
    return to.bits >= from.bits;
  return to.isSigned() && to.bits > from.bits;
}
