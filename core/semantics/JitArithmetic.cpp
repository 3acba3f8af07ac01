#include "core/semantics/JitArithmetic.h"

#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/Module.h"

using namespace lathe;
using namespace lathe::jit;
using llvm::Type;
using llvm::Value;
using llvm::Intrinsic::ID;
namespace Intrinsic = llvm::Intrinsic;

static bool isBool(ElementType type) {
  return type.kind == ElementType::Kind::Unsigned && type.bits == 1;
}
static bool isUnsigned(ElementType type) { return type.kind == ElementType::Kind::Unsigned; }
static bool isSigned(ElementType type) { return !isUnsigned(type) && !type.isFloat(); }
static unsigned registerBits(ElementType type) { return type.isIndex() ? 64 : type.bytes() * 8; }
/// Bits that hold the value: index counts as i64.
static unsigned valueBits(ElementType type) { return type.isIndex() ? 64 : type.bits; }
static __int128 lowest(ElementType type) {
  return isUnsigned(type) ? 0 : -(static_cast<__int128>(1) << (valueBits(type) - 1));
}
static __int128 highest(ElementType type) {
  return (static_cast<__int128>(1) << (valueBits(type) - !isUnsigned(type))) - 1;
}

// ---- types

Type *Arithmetic::registerType(ElementType type) const {
  if (type.isFloat())
    return b.getFloatTy();
  return isBool(type) ? b.getInt1Ty() : b.getIntNTy(registerBits(type));
}

Type *Arithmetic::memoryType(ElementType type) const {
  if (type == ElementType::f32())
    return b.getFloatTy();
  if (type == ElementType::f16())
    return b.getHalfTy();
  return b.getIntNTy(registerBits(type));
}

Type *Arithmetic::shaped(Type *type, Value *like) const {
  if (auto *vector = llvm::dyn_cast<llvm::VectorType>(like->getType()))
    return llvm::VectorType::get(type, vector->getElementCount());
  return type;
}

llvm::Constant *Arithmetic::integer(int64_t value, ElementType type, Value *like) const {
  return llvm::ConstantInt::get(shaped(registerType(type), like), static_cast<uint64_t>(value),
                                /*IsSigned=*/true, /*ImplicitTrunc=*/true);
}

llvm::Constant *Arithmetic::real(double value, Value *like) const {
  return llvm::ConstantFP::get(shaped(b.getFloatTy(), like), value);
}

Value *Arithmetic::fromMemory(Value *value, ElementType type) {
  if (type == ElementType::f16())
    return b.CreateFPExt(value, shaped(b.getFloatTy(), value));
  if (type == ElementType::bf16()) {
    Value *wide = b.CreateZExt(value, shaped(b.getInt32Ty(), value));
    return b.CreateBitCast(b.CreateShl(wide, 16), shaped(b.getFloatTy(), value));
  }
  if (isBool(type))
    return b.CreateTrunc(value, shaped(b.getInt1Ty(), value));
  return type.isFloat() ? value : wrap(value, type);
}

Value *Arithmetic::toMemory(Value *value, ElementType type) {
  if (type == ElementType::f16())
    return b.CreateFPTrunc(value, shaped(b.getHalfTy(), value));
  if (type == ElementType::bf16()) {
    Value *bits = b.CreateBitCast(value, shaped(b.getInt32Ty(), value));
    return b.CreateTrunc(b.CreateLShr(bits, 16), shaped(b.getInt16Ty(), value));
  }
  return isBool(type) ? b.CreateZExt(value, shaped(b.getInt8Ty(), value)) : value;
}

// ---- rounding and wrapping

/// The low bits of the type, extended again to the register.
Value *Arithmetic::wrap(Value *value, ElementType type) {
  unsigned unused = registerBits(type) - valueBits(type);
  if (unused == 0 || value->getType()->getScalarSizeInBits() == 1)
    return value;
  if (isUnsigned(type))
    return b.CreateAnd(value, llvm::maskTrailingOnes<uint64_t>(type.bits));
  return b.CreateAShr(b.CreateShl(value, unused), unused);
}

Value *Arithmetic::round(Value *value, ElementType type) {
  if (type == ElementType::f16())
    return b.CreateFPExt(b.CreateFPTrunc(value, shaped(b.getHalfTy(), value)), value->getType());
  return type == ElementType::bf16() ? roundToBFloat(value) : value;
}

/// To nearest even on the bits: the processor's own conversion takes denormals for zero.
Value *Arithmetic::roundToBFloat(Value *value) {
  Type *wide = shaped(b.getInt32Ty(), value);
  Value *bits = b.CreateBitCast(value, wide);
  Value *odd = b.CreateAnd(b.CreateLShr(bits, 16), 1);
  Value *rounded = b.CreateAdd(bits, b.CreateAdd(odd, llvm::ConstantInt::get(wide, 0x7fff)));
  Value *quiet = b.CreateOr(bits, llvm::ConstantInt::get(wide, 0x400000));
  Value *kept = b.CreateSelect(b.CreateFCmpUNO(value, value), quiet, rounded);
  return b.CreateBitCast(b.CreateAnd(kept, 0xffff0000u), value->getType());
}

// ---- conversions

Value *Arithmetic::convert(Value *value, ElementType from, ElementType to) {
  if (from.isFloat() && to.isFloat())
    return round(value, to);
  if (from.isFloat()) {
    ElementType wide = ElementType::integer(64, !isUnsigned(to) || to.bits < 64);
    if (isUnsigned(to) && to.bits == 64)
      return saturate(value, from, to);
    return convert(saturate(value, from, wide), wide, to);
  }
  if (to.isFloat())
    return toFloat(value, from, to);
  Type *target = shaped(registerType(to), value);
  if (isBool(from))
    return wrap(b.CreateZExtOrTrunc(value, target), to);
  return wrap(b.CreateIntCast(value, target, isSigned(from)), to);
}

Value *Arithmetic::toFloat(Value *value, ElementType from, ElementType to) {
  if (to == ElementType::bf16() && valueBits(from) > 24)
    return toBFloatFromWide(value, from);
  Type *target = shaped(b.getFloatTy(), value);
  bool isUnsignedSource = isUnsigned(from);
  Value *single = isUnsignedSource ? b.CreateUIToFP(value, target) : b.CreateSIToFP(value, target);
  return round(single, to);
}

/// Rounds once, on the way from a double that holds the integer exactly, or with its lowest bits
/// or-ed together.
Value *Arithmetic::toBFloatFromWide(Value *value, ElementType from) {
  Type *wide = shaped(b.getInt64Ty(), value);
  Value *x = b.CreateIntCast(value, wide, isSigned(from));
  Value *negative = isSigned(from) ? b.CreateICmpSLT(x, llvm::ConstantInt::get(wide, 0))
                                   : llvm::ConstantInt::get(shaped(b.getInt1Ty(), value), 0);
  Value *magnitude = b.CreateSelect(negative, b.CreateNeg(x), x);
  Value *low = b.CreateAnd(magnitude, 0x7ff);
  Value *sticky = b.CreateSelect(b.CreateIsNotNull(low), llvm::ConstantInt::get(wide, 0x800),
                                 llvm::ConstantInt::get(wide, 0));
  Value *merged = b.CreateOr(b.CreateAnd(magnitude, ~0x7ffull), sticky);
  Value *big = b.CreateICmpUGE(magnitude, llvm::ConstantInt::get(wide, 1ull << 53));
  Value *exact =
      b.CreateUIToFP(b.CreateSelect(big, merged, magnitude), shaped(b.getDoubleTy(), value));
  Value *bits = b.CreateBitCast(exact, wide);
  Value *odd = b.CreateAnd(b.CreateLShr(bits, 45), 1);
  Value *half = llvm::ConstantInt::get(wide, (1ull << 44) - 1);
  Value *rounded = b.CreateAnd(b.CreateAdd(bits, b.CreateAdd(odd, half)), ~((1ull << 45) - 1));
  Value *single = b.CreateFPTrunc(b.CreateBitCast(rounded, shaped(b.getDoubleTy(), value)),
                                  shaped(b.getFloatTy(), value));
  return b.CreateSelect(negative, b.CreateFNeg(single), single);
}

Value *Arithmetic::saturate(Value *value, ElementType from, ElementType to) {
  Type *target = shaped(registerType(to), value);
  if (from.isFloat()) {
    Type *narrow = shaped(b.getIntNTy(valueBits(to)), value);
    ID id = isUnsigned(to) ? Intrinsic::fptoui_sat : Intrinsic::fptosi_sat;
    Value *clamped = b.CreateIntrinsic(id, {narrow, value->getType()}, {value});
    return b.CreateIntCast(clamped, target, isSigned(to));
  }
  __int128 low = std::max(lowest(from), lowest(to)), high = std::min(highest(from), highest(to));
  if (isBool(from)) // all that 1 does not fit is i1
    return highest(to) >= 1 ? convert(value, from, to)
                            : static_cast<Value *>(integer(0, to, value));
  Value *clamped = value;
  if (low > lowest(from))
    clamped = b.CreateBinaryIntrinsic(isUnsigned(from) ? Intrinsic::umax : Intrinsic::smax, clamped,
                                      integer(static_cast<int64_t>(low), from, value));
  if (high < highest(from))
    clamped = b.CreateBinaryIntrinsic(isUnsigned(from) ? Intrinsic::umin : Intrinsic::smin, clamped,
                                      integer(static_cast<int64_t>(high), from, value));
  return convert(clamped, from, to);
}

// ---- arithmetic

Value *Arithmetic::unary(Op op, Value *x, ElementType type) {
  if (isBool(type)) // -x and |x| of one bit are x
    return op == Op::Not ? b.CreateNot(x) : x;
  if (!type.isFloat()) {
    switch (op) {
    case Op::Neg:
      return wrap(b.CreateNeg(x), type);
    case Op::Abs:
      if (isUnsigned(type))
        return x;
      return wrap(b.CreateBinaryIntrinsic(Intrinsic::abs, x, b.getFalse()), type);
    case Op::Not:
      return wrap(b.CreateNot(x), type);
    default: // Floor and RoundEven of an integer
      return x;
    }
  }
  switch (op) {
  case Op::Neg:
    return b.CreateFNeg(x);
  case Op::Abs:
    return b.CreateUnaryIntrinsic(Intrinsic::fabs, x);
  case Op::Sqrt:
    return round(b.CreateUnaryIntrinsic(Intrinsic::sqrt, x), type);
  case Op::Floor:
    return b.CreateUnaryIntrinsic(Intrinsic::floor, x);
  case Op::RoundEven:
    return b.CreateUnaryIntrinsic(Intrinsic::roundeven, x);
  case Op::Recip:
    return round(b.CreateFDiv(real(1, x), x), type);
  case Op::Rsqrt: {
    Type *wide = shaped(b.getDoubleTy(), x);
    Value *root = b.CreateUnaryIntrinsic(Intrinsic::sqrt, b.CreateFPExt(x, wide));
    Value *quotient = b.CreateFDiv(llvm::ConstantFP::get(wide, 1), root);
    return round(b.CreateFPTrunc(quotient, x->getType()), type);
  }
  case Op::Exp:
    return viaLibrary("exp", x, type);
  case Op::Log:
    return viaLibrary("log", x, type);
  case Op::Tanh:
    return viaLibrary("tanh", x, type);
  case Op::Erf:
    return viaLibrary("erf", x, type);
  default:
    assert(false && "not a unary operator");
    return x;
  }
}

/// In double precision by the C library, lane by lane, then rounded to the type.
Value *Arithmetic::viaLibrary(const char *function, Value *x, ElementType type) {
  llvm::Module *module = b.GetInsertBlock()->getModule();
  llvm::FunctionCallee callee =
      module->getOrInsertFunction(function, b.getDoubleTy(), b.getDoubleTy());
  auto call = [&](Value *scalar) {
    Value *result = b.CreateCall(callee, {b.CreateFPExt(scalar, b.getDoubleTy())});
    return b.CreateFPTrunc(result, b.getFloatTy());
  };
  auto *vector = llvm::dyn_cast<llvm::FixedVectorType>(x->getType());
  if (!vector)
    return round(call(x), type);
  Value *result = llvm::PoisonValue::get(vector);
  for (unsigned lane = 0; lane < vector->getNumElements(); ++lane)
    result = b.CreateInsertElement(result, call(b.CreateExtractElement(x, lane)), lane);
  return round(result, type);
}

Value *Arithmetic::binary(Op op, Value *x, Value *y, ElementType type) {
  if (op == Op::Less || op == Op::LessEqual || op == Op::Equal || op == Op::NotEqual)
    return compare(op, x, y, type);
  return type.isFloat() ? floatBinary(op, x, y, type) : integerBinary(op, x, y, type);
}

Value *Arithmetic::compare(Op op, Value *x, Value *y, ElementType type) {
  using P = llvm::CmpInst;
  if (type.isFloat()) {
    P::Predicate predicate = op == Op::Less        ? P::FCMP_OLT
                             : op == Op::LessEqual ? P::FCMP_OLE
                             : op == Op::Equal     ? P::FCMP_OEQ
                                                   : P::FCMP_UNE;
    return b.CreateFCmp(predicate, x, y);
  }
  bool sign = isSigned(type);
  P::Predicate predicate = op == Op::Less        ? sign ? P::ICMP_SLT : P::ICMP_ULT
                           : op == Op::LessEqual ? sign ? P::ICMP_SLE : P::ICMP_ULE
                           : op == Op::Equal     ? P::ICMP_EQ
                                                 : P::ICMP_NE;
  return b.CreateICmp(predicate, x, y);
}

Value *Arithmetic::integerBinary(Op op, Value *x, Value *y, ElementType type) {
  switch (op) {
  case Op::Add:
    return wrap(b.CreateAdd(x, y), type);
  case Op::Sub:
    return wrap(b.CreateSub(x, y), type);
  case Op::Mul:
    return wrap(b.CreateMul(x, y), type);
  case Op::Div:
  case Op::Mod:
    return divide(op, x, y, type);
  case Op::Min:
    return b.CreateBinaryIntrinsic(isSigned(type) ? Intrinsic::smin : Intrinsic::umin, x, y);
  case Op::Max:
    return b.CreateBinaryIntrinsic(isSigned(type) ? Intrinsic::smax : Intrinsic::umax, x, y);
  case Op::And:
  case Op::LogicalAnd:
    return b.CreateAnd(x, y);
  case Op::Or:
  case Op::LogicalOr:
    return b.CreateOr(x, y);
  case Op::Xor:
    return b.CreateXor(x, y);
  default:
    assert(false && "not a binary operator");
    return x;
  }
}

/// Floors. The caller has excluded a zero divisor.
Value *Arithmetic::divide(Op op, Value *x, Value *y, ElementType type) {
  if (isUnsigned(type))
    return op == Op::Div ? b.CreateUDiv(x, y) : b.CreateURem(x, y);
  return signedDivide(op, x, y, type);
}

Value *Arithmetic::signedDivide(Op op, Value *x, Value *y, ElementType type) {
  // The smallest integer divided by -1 traps, so -1 takes another way.
  Value *zero = integer(0, type, x);
  Value *minusOne = b.CreateICmpEQ(y, integer(-1, type, y));
  Value *divisor = b.CreateSelect(minusOne, integer(1, type, y), y);
  Value *remainder = b.CreateSRem(x, divisor);
  Value *opposite = b.CreateICmpSLT(b.CreateXor(remainder, divisor), zero);
  Value *adjust = b.CreateAnd(opposite, b.CreateICmpNE(remainder, zero));
  if (op == Op::Mod) {
    Value *floored = b.CreateSelect(adjust, b.CreateAdd(remainder, divisor), remainder);
    return b.CreateSelect(minusOne, zero, floored);
  }
  Value *quotient = b.CreateSDiv(x, divisor);
  Value *floored = b.CreateSub(quotient, b.CreateZExt(adjust, quotient->getType()));
  return wrap(b.CreateSelect(minusOne, b.CreateNeg(x), floored), type);
}

Value *Arithmetic::floatBinary(Op op, Value *x, Value *y, ElementType type) {
  switch (op) {
  case Op::Add:
    return round(b.CreateFAdd(x, y), type);
  case Op::Sub:
    return round(b.CreateFSub(x, y), type);
  case Op::Mul:
    return round(b.CreateFMul(x, y), type);
  case Op::Div:
    return round(b.CreateFDiv(x, y), type);
  case Op::Mod: { // x - floor(x / y) * y
    Value *quotient = b.CreateUnaryIntrinsic(Intrinsic::floor, round(b.CreateFDiv(x, y), type));
    return round(b.CreateFSub(x, round(b.CreateFMul(quotient, y), type)), type);
  }
  case Op::Min:
    return b.CreateBinaryIntrinsic(Intrinsic::minimum, x, y);
  case Op::Max:
    return b.CreateBinaryIntrinsic(Intrinsic::maximum, x, y);
  default:
    assert(false && "not an operator on floats");
    return x;
  }
}

// ---- bits

/// The amount in x's register. Past the register's width, and below zero, it becomes width + 1: all
/// bits are gone, and so is the bit that rounds.
Value *Arithmetic::asAmount(Value *amount, ElementType amountType, ElementType type) {
  unsigned bits = registerBits(type);
  Type *wide = shaped(b.getInt64Ty(), amount);
  Value *extended = b.CreateIntCast(amount, wide, isSigned(amountType));
  Value *clamped =
      b.CreateBinaryIntrinsic(Intrinsic::umin, extended, llvm::ConstantInt::get(wide, bits + 1));
  return b.CreateTrunc(clamped, shaped(b.getIntNTy(bits), amount));
}

Value *Arithmetic::shiftLeft(Value *x, Value *amount, ElementType type) {
  Value *width = llvm::ConstantInt::get(x->getType(), registerBits(type));
  Value *inside = b.CreateICmpULT(amount, width);
  Value *zero = llvm::Constant::getNullValue(x->getType());
  Value *safe = b.CreateSelect(inside, amount, zero);
  return wrap(b.CreateSelect(inside, b.CreateShl(x, safe), zero), type);
}

Value *Arithmetic::shiftRight(Value *x, Value *amount, ElementType type) {
  Value *last = llvm::ConstantInt::get(x->getType(), registerBits(type) - 1);
  Value *safe = b.CreateBinaryIntrinsic(Intrinsic::umin, amount, last);
  if (isSigned(type))
    return b.CreateAShr(x, safe);
  Value *zero = llvm::Constant::getNullValue(x->getType());
  return b.CreateSelect(b.CreateICmpUGT(amount, last), zero, b.CreateLShr(x, safe));
}

Value *Arithmetic::shift(Op op, Value *x, ElementType type, Value *amount, ElementType amountType) {
  if (isBool(type)) { // one bit is shifted as a byte
    ElementType byte = ElementType::integer(8, false);
    Value *result = shift(op, convert(x, type, byte), byte, amount, amountType);
    return op == Op::Bit ? result : convert(result, byte, type);
  }
  if (isBool(amountType)) {
    ElementType byte = ElementType::integer(8, false);
    return shift(op, x, type, convert(amount, amountType, byte), byte);
  }
  Value *count = asAmount(amount, amountType, type);
  if (op == Op::Shl)
    return shiftLeft(x, count, type);
  if (op == Op::Shr)
    return shiftRight(x, count, type);
  if (op == Op::Bit)
    return b.CreateTrunc(shiftRight(x, count, type), shaped(b.getInt1Ty(), x));
  Value *one = llvm::ConstantInt::get(x->getType(), 1);
  Value *half = shiftLeft(one, b.CreateSub(count, one), type);
  Value *rounded = shiftRight(wrap(b.CreateAdd(x, half), type), count, type);
  return b.CreateSelect(b.CreateIsNull(count), x, rounded);
}

Value *Arithmetic::popcount(Value *x, ElementType type, ElementType result) {
  if (isBool(type))
    return convert(x, type, result);
  ElementType bits = ElementType::integer(type.bits, false);
  Value *count = b.CreateUnaryIntrinsic(Intrinsic::ctpop, wrap(x, bits));
  return convert(count, ElementType::integer(registerBits(type), false), result);
}

// ---- reductions

static Op operatorOf(Reduction reduction) {
  switch (reduction) {
  case Reduction::Sum:
    return Op::Add;
  case Reduction::Product:
    return Op::Mul;
  case Reduction::Max:
    return Op::Max;
  case Reduction::Min:
    return Op::Min;
  case Reduction::Any:
    return Op::Or;
  default:
    return Op::And;
  }
}

Value *Arithmetic::combine(Reduction reduction, Value *x, Value *y, ElementType type) {
  return binary(operatorOf(reduction), x, y, type);
}

llvm::Constant *Arithmetic::neutral(Reduction reduction, ElementType type) const {
  Type *scalar = registerType(type);
  if (type.isFloat()) {
    double infinity = std::numeric_limits<double>::infinity();
    switch (reduction) {
    case Reduction::Product:
      return llvm::ConstantFP::get(scalar, 1);
    case Reduction::Max:
      return llvm::ConstantFP::get(scalar, -infinity);
    case Reduction::Min:
      return llvm::ConstantFP::get(scalar, infinity);
    default:
      return llvm::ConstantFP::get(scalar, 0.0);
    }
  }
  auto constant = [&](__int128 value) {
    return llvm::ConstantInt::get(scalar, static_cast<uint64_t>(value), /*IsSigned=*/false,
                                  /*ImplicitTrunc=*/true);
  };
  switch (reduction) {
  case Reduction::Product:
  case Reduction::All: // i1 has no 1
    return constant(highest(type) >= 1 ? 1 : -1);
  case Reduction::Max:
    return constant(lowest(type));
  case Reduction::Min:
    return constant(highest(type));
  default:
    return constant(0);
  }
}

Value *Arithmetic::across(Reduction reduction, Value *vector, ElementType type) {
  switch (reduction) {
  case Reduction::Sum:
    return wrap(b.CreateAddReduce(vector), type);
  case Reduction::Product:
    return wrap(b.CreateMulReduce(vector), type);
  case Reduction::Max:
    return b.CreateIntMaxReduce(vector, isSigned(type));
  case Reduction::Min:
    return b.CreateIntMinReduce(vector, isSigned(type));
  case Reduction::Any:
    return b.CreateOrReduce(vector);
  default:
    return b.CreateAndReduce(vector);
  }
}
