// Values of element types: wrapping, saturating and rounding, each defined once.
#pragma once

#include "core/semantics/ElementType.h"

namespace lathe {

/// The low `type.bits` of `value`, sign- or zero-extended to 64 bits. u64 is kept as its bit
/// pattern.
int64_t wrapInteger(int64_t value, ElementType type);

/// `value` rounded to nearest even in the float type, overflowing to infinity.
double roundReal(double value, ElementType type);

/// `value` truncated towards zero, clamped to the integer type's range; 0 for NaN.
int64_t truncateReal(double value, ElementType type);

/// The value of an integer of `type` as a double, rounded to nearest even.
double integerToReal(int64_t value, ElementType type);

/// An integer's value rounded once to nearest even in the float type.
double roundInteger(int64_t value, bool isUnsigned, ElementType type);

/// Whether every value of integer type `from` is a value of integer type `to`.
bool covers(ElementType to, ElementType from);

} // namespace lathe
