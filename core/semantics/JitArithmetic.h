// The operators of index notation as LLVM instructions, on scalars and on vectors alike.
//
// In registers an integer of n bits lies sign- or zero-extended in 8, 16, 32 or 64 bits, u1 is an
// i1, index is an i64, and every float is an f32 that is rounded to its type after each operation.
#pragma once

#include "core/semantics/Semantics.h"

#include "llvm/IR/IRBuilder.h"

namespace lathe::jit {

/// Emits at the builder's place. Operands of one call are all scalars, or vectors of one length.
class Arithmetic {
public:
  explicit Arithmetic(llvm::IRBuilder<> &builder) : b(builder) {}

  /// In registers, and in memory; scalars.
  llvm::Type *registerType(ElementType type) const;
  llvm::Type *memoryType(ElementType type) const;
  llvm::Value *fromMemory(llvm::Value *value, ElementType type);
  llvm::Value *toMemory(llvm::Value *value, ElementType type);

  /// `type`, as a vector when `like` is one.
  llvm::Type *shaped(llvm::Type *type, llvm::Value *like) const;
  llvm::Constant *integer(int64_t value, ElementType type, llvm::Value *like) const;
  llvm::Constant *real(double value, llvm::Value *like) const;

  llvm::Value *convert(llvm::Value *value, ElementType from, ElementType to);
  llvm::Value *saturate(llvm::Value *value, ElementType from, ElementType to);
  /// Add to NotEqual, And to Not: `type` is the operands' type.
  llvm::Value *unary(Op op, llvm::Value *value, ElementType type);
  llvm::Value *binary(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  /// Shl, Shr, RoundShift; Bit gives a u1.
  llvm::Value *shift(Op op, llvm::Value *x, ElementType type, llvm::Value *amount,
                     ElementType amountType);
  llvm::Value *popcount(llvm::Value *x, ElementType type, ElementType result);

  /// Sum, Product, Max, Min, Any, All.
  llvm::Value *combine(Reduction reduction, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Constant *neutral(Reduction reduction, ElementType type) const;
  /// All lanes of an integer vector into one value.
  llvm::Value *across(Reduction reduction, llvm::Value *vector, ElementType type);

private:
  llvm::Value *wrap(llvm::Value *value, ElementType type);
  llvm::Value *round(llvm::Value *value, ElementType type);
  llvm::Value *roundToBFloat(llvm::Value *value);
  llvm::Value *toFloat(llvm::Value *value, ElementType from, ElementType to);
  llvm::Value *toBFloatFromWide(llvm::Value *value, ElementType from);
  llvm::Value *integerBinary(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Value *floatBinary(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Value *compare(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Value *divide(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Value *signedDivide(Op op, llvm::Value *x, llvm::Value *y, ElementType type);
  llvm::Value *viaLibrary(const char *function, llvm::Value *value, ElementType type);
  llvm::Value *shiftLeft(llvm::Value *x, llvm::Value *amount, ElementType type);
  llvm::Value *shiftRight(llvm::Value *x, llvm::Value *amount, ElementType type);
  llvm::Value *asAmount(llvm::Value *amount, ElementType amountType, ElementType type);

  llvm::IRBuilder<> &b;
};

} // namespace lathe::jit
