// Element types of tensors, spaces and expressions, and their names in index notation.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>

namespace lathe {

/// A value type. Integers have 1 to 64 bits; `Index` is the type of loop variables and sizes, and
/// of comparisons' operands made of them; a condition is `u1`.
struct ElementType {
  enum class Kind : uint8_t { Signed, Unsigned, Float, BFloat, Index };
  Kind kind = Kind::Signed;
  uint8_t bits = 32;

  bool isInteger() const { return kind == Kind::Signed || kind == Kind::Unsigned; }
  bool isSigned() const { return kind == Kind::Signed; }
  bool isFloat() const { return kind == Kind::Float || kind == Kind::BFloat; }
  bool isIndex() const { return kind == Kind::Index; }
  /// Bytes of one element in memory. Elements below a byte take a whole one.
  unsigned bytes() const { return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8; }
  /// Smallest and largest value of an integer type. u64's largest is returned as -1's bit pattern.
  int64_t min() const;
  int64_t max() const;
  bool operator==(const ElementType &) const = default;

  static constexpr ElementType integer(unsigned bits, bool isSigned = true) {
    return {isSigned ? Kind::Signed : Kind::Unsigned, static_cast<uint8_t>(bits)};
  }
  static constexpr ElementType f32() { return {Kind::Float, 32}; }
  static constexpr ElementType f16() { return {Kind::Float, 16}; }
  static constexpr ElementType bf16() { return {Kind::BFloat, 16}; }
  static constexpr ElementType index() { return {Kind::Index, 64}; }
  static constexpr ElementType condition() { return {Kind::Unsigned, 1}; }
};

/// "i8", "u4", "f32", "bf16", "index".
std::string name(ElementType type);
/// The type of that name: i1..i64, u1..u64, f16, bf16, f32.
std::optional<ElementType> parseElementType(llvm::StringRef name);

} // namespace lathe
