#include "core/kernel/mlir/Scalars.h"

#include "core/kernel/mlir/Index.h"
#include "core/kernel/mlir/Lowering.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace lathe::mlirreader {

std::optional<ElementType> elementTypeOf(Type type) {
  if (auto integer = dyn_cast<IntegerType>(type)) {
    if (integer.getWidth() == 0 || integer.getWidth() > 64)
      return std::nullopt;
    if (integer.getWidth() == 1 && !integer.isSigned())
      return ElementType::condition();
    return ElementType::integer(integer.getWidth(), !integer.isUnsigned());
  }
  if (type.isF32())
    return ElementType::f32();
  if (type.isF16())
    return ElementType::f16();
  if (type.isBF16())
    return ElementType::bf16();
  if (type.isIndex())
    return ElementType::index();
  return std::nullopt;
}

static bool isCondition(const ExprRef &value) { return value->type == ElementType::condition(); }

static int64_t wrapped(int64_t value, ElementType type) {
  unsigned shift = 64 - type.bits;
  uint64_t high = static_cast<uint64_t>(value) << shift;
  return type.isSigned() ? static_cast<int64_t>(high) >> shift
                         : static_cast<int64_t>(high >> shift);
}

/// value converted to integer type `type` by wrapping; a constant becomes a constant.
static ExprRef convertInteger(const ExprRef &value, ElementType type) {
  if (value->op == Op::Constant && value->type.isInteger())
    return makeConstant(wrapped(value->integer, type), type);
  return makeExpr(Op::Convert, type, {value});
}

static std::optional<int64_t> folded(Op op, int64_t a, int64_t b, unsigned bits) {
  uint64_t x = a, y = b;
  switch (op) {
  case Op::Add:
    return x + y;
  case Op::Sub:
    return x - y;
  case Op::Mul:
    return x * y;
  case Op::Shl:
    return y < bits ? std::optional<int64_t>(x << y) : std::nullopt;
  case Op::Shr:
    return y < bits ? std::optional<int64_t>(a >> y) : std::nullopt;
  default:
    return std::nullopt;
  }
}

/// a op b on signed integers: constants folded and put on the right, x + 0, x - 0 and x * 1 left
/// out.
static ExprRef integerOp(Op op, ExprRef a, ExprRef b) {
  ElementType type = a->type;
  auto left = constantOf(a), right = constantOf(b);
  if (left && right)
    if (auto value = folded(op, *left, *right, type.bits))
      return makeConstant(wrapped(*value, type), type);
  bool commutes = op == Op::Add || op == Op::Mul || op == Op::Min || op == Op::Max;
  if (left && !right && commutes) {
    std::swap(a, b);
    std::swap(left, right);
  }
  if ((right == 0 && (op == Op::Add || op == Op::Sub || op == Op::Shl || op == Op::Shr)) ||
      (right == 1 && op == Op::Mul))
    return a;
  return makeExpr(op, type, {std::move(a), std::move(b)});
}

static ExprRef withSign(ExprRef value, bool isSigned) {
  if (!value->type.isInteger() || value->type.isSigned() == isSigned)
    return value;
  ElementType type = ElementType::integer(value->type.bits, isSigned);
  if (value->op == Op::Constant)
    return makeConstant(wrapped(value->integer, type), type);
  // What was wrapped only to be wrapped back.
  if (value->op == Op::Convert && value->operands[0]->type == type)
    return value->operands[0];
  return makeExpr(Op::Convert, type, {value});
}

ExprRef asSigned(ExprRef value) {
  return value && !isCondition(value) ? withSign(std::move(value), true) : value;
}

ExprRef asUnsigned(ExprRef value) { return value ? withSign(std::move(value), false) : value; }

static bool ignoresNan(Operation *op) {
  auto fast = dyn_cast<arith::ArithFastMathInterface>(op);
  return fast && arith::bitEnumContainsAny(fast.getFastMathFlagsAttr().getValue(),
                                           arith::FastMathFlags::nnan);
}

std::optional<Combiner> combinerOf(Operation *op) {
  using Result = std::optional<Combiner>;
  bool isBit = op->getNumResults() == 1 && op->getResult(0).getType().isInteger(1);
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case<arith::AddIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Sum}; })
      .Case<arith::AddFOp>([](auto) { return Combiner{Reduction::Sum}; })
      .Case<arith::MulIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Product}; })
      .Case<arith::MulFOp>([](auto) { return Combiner{Reduction::Product}; })
      .Case<arith::MaxSIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Max}; })
      .Case<arith::MinSIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Min}; })
      .Case<arith::MaxUIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Max, true}; })
      .Case<arith::MinUIOp>([&](auto) { return isBit ? Result() : Combiner{Reduction::Min, true}; })
      .Case<arith::MaximumFOp>(
          [&](auto) { return Combiner{Reduction::Max, false, !ignoresNan(op)}; })
      .Case<arith::MinimumFOp>(
          [&](auto) { return Combiner{Reduction::Min, false, !ignoresNan(op)}; })
      .Case<arith::MaxNumFOp>([](auto) { return Combiner{Reduction::Max}; })
      .Case<arith::MinNumFOp>([](auto) { return Combiner{Reduction::Min}; })
      .Case<arith::AndIOp>([&](auto) { return isBit ? Combiner{Reduction::All} : Result(); })
      .Case<arith::OrIOp>([&](auto) { return isBit ? Combiner{Reduction::Any} : Result(); })
      .Default([](auto) { return Result(); });
}

static bool neverNan(const Expr &value) {
  if (value.op == Op::Constant)
    return !std::isnan(value.real);
  return value.op == Op::Convert &&
         (value.operands[0]->type.isInteger() || value.operands[0]->type.isIndex());
}

ExprRef extremum(Op op, const ExprRef &a, const ExprRef &b, bool nan) {
  ElementType type = a->type;
  if (!type.isFloat())
    return makeExpr(op, type, {a, b});
  // The notation's max and min are NaN when an operand is.
  auto isNan = [](const ExprRef &value) {
    return makeExpr(Op::NotEqual, ElementType::condition(), {value, value});
  };
  ExprRef value = makeExpr(op, type, {a, b});
  if (nan)
    return value;
  if (!neverNan(*b))
    value = makeExpr(Op::Select, type, {isNan(b), a, value});
  if (!neverNan(*a))
    value = makeExpr(Op::Select, type, {isNan(a), b, value});
  return value;
}

ExprRef Scalars::unsupported(Operation *op, llvm::StringRef why) {
  reports.add("unsupported", positionOf(op->getLoc()),
              {op->getName().getStringRef().str(), why.str()});
  return nullptr;
}

ExprRef Scalars::inexact(Operation *op, llvm::StringRef why) {
  reports.add("inexact", positionOf(op->getLoc()), {op->getName().getStringRef().str(), why.str()});
  return nullptr;
}

ExprRef Scalars::of(Value value) {
  // Operands first, without recursion: chains may be long.
  llvm::SmallVector<Value> pending{value};
  while (!pending.empty()) {
    Value next = pending.back();
    if (known.contains(next)) {
      pending.pop_back();
      continue;
    }
    Operation *op = next.getDefiningOp();
    if (!op) {
      reports.add("unsupported", positionOf(next.getLoc()),
                  {"a block argument", "its value is not known here"});
      known[next] = nullptr;
      continue;
    }
    size_t before = pending.size();
    for (Value operand : op->getOperands())
      if (!isa<ShapedType>(operand.getType()) && !known.contains(operand))
        pending.push_back(operand);
    if (pending.size() != before)
      continue;
    bool complete = llvm::all_of(op->getOperands(), [&](Value operand) {
      return isa<ShapedType>(operand.getType()) || known.lookup(operand);
    });
    known[next] = complete ? build(op, cast<OpResult>(next).getResultNumber()) : nullptr;
  }
  return known.lookup(value);
}

ExprRef Scalars::build(Operation *op, unsigned result) {
  auto type = elementTypeOf(op->getResult(result).getType());
  if (!type) {
    std::string text;
    llvm::raw_string_ostream(text) << op->getResult(result).getType();
    reports.add("type", positionOf(op->getLoc()), {text});
    return nullptr;
  }
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<arith::ConstantOp>([&](arith::ConstantOp constant) -> ExprRef {
        if (auto integer = dyn_cast<IntegerAttr>(constant.getValue()))
          return makeConstant(type->kind == ElementType::Kind::Unsigned
                                  ? integer.getValue().getZExtValue()
                                  : integer.getValue().getSExtValue(),
                              *type);
        if (auto real = dyn_cast<FloatAttr>(constant.getValue()))
          return makeReal(real.getValueAsDouble(), *type);
        return unsupported(op, "this constant is no number");
      })
      .Case<linalg::IndexOp>([&](linalg::IndexOp index) { return makeLoop(index.getDim()); })
      .Case<tensor::DimOp>([&](tensor::DimOp dim) -> ExprRef {
        auto number = dim.getConstantIndex();
        return number ? tensors.dimension(dim.getSource(), *number)
                      : unsupported(op, "its dimension is not a constant");
      })
      .Case<tensor::ExtractOp>([&](auto) { return extract(op); })
      .Case<affine::AffineApplyOp>([&](affine::AffineApplyOp apply) -> ExprRef {
        std::vector<ExprRef> operands;
        for (Value operand : apply.getMapOperands())
          operands.push_back(known.lookup(operand));
        unsigned dims = apply.getAffineMap().getNumDims();
        return ofAffine(apply.getAffineMap().getResult(0),
                        llvm::ArrayRef(operands).take_front(dims),
                        llvm::ArrayRef(operands).drop_front(dims), op->getLoc());
      })
      .Default([&](Operation *) -> ExprRef {
        if (op->getName().getDialectNamespace() == "arith")
          return buildArith(op);
        if (op->getName().getDialectNamespace() == "math")
          return buildMath(op);
        return unsupported(op, "it has no form in index notation");
      });
}

ExprRef Scalars::ofAffine(AffineExpr expr, llvm::ArrayRef<ExprRef> dims,
                          llvm::ArrayRef<ExprRef> symbols, Location location) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return indexConstant(constant.getValue());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  ExprRef a = ofAffine(binary.getLHS(), dims, symbols, location);
  ExprRef b = ofAffine(binary.getRHS(), dims, symbols, location);
  if (!a || !b)
    return nullptr;
  switch (binary.getKind()) {
  case AffineExprKind::Add:
    return indexOp(Op::Add, a, b);
  case AffineExprKind::Mul:
    return indexOp(Op::Mul, a, b);
  case AffineExprKind::Mod:
    return indexOp(Op::Mod, a, b);
  case AffineExprKind::FloorDiv:
    return indexOp(Op::Div, a, b);
  default: // ceildiv
    return indexOp(Op::Div, indexOp(Op::Add, a, indexOp(Op::Sub, b, indexConstant(1))), b);
  }
}

ExprRef Scalars::extract(Operation *op) {
  auto extract = cast<tensor::ExtractOp>(op);
  std::vector<ExprRef> subscripts;
  for (Value index : extract.getIndices())
    subscripts.push_back(known.lookup(index));
  return tensors.element(extract.getTensor(), std::move(subscripts), op->getLoc());
}

/// An index as an integer of 64 bits: its leaves converted, the arithmetic carried out on integers.
static ExprRef wideInteger(const ExprRef &index) {
  ElementType wide = ElementType::integer(64);
  if (index->op == Op::Constant)
    return makeConstant(index->integer, wide);
  if (index->op == Op::Convert) {
    ExprRef from = index->operands[0];
    return from->type == wide ? from : makeExpr(Op::Convert, wide, {from});
  }
  if (index->op == Op::Loop || index->op == Op::Size)
    return makeExpr(Op::Convert, wide, {index});
  std::vector<ExprRef> operands;
  for (const ExprRef &operand : index->operands)
    operands.push_back(operand->type.isIndex() ? wideInteger(operand) : operand);
  return makeExpr(index->op, wide, std::move(operands));
}

static ExprRef toInteger(const ExprRef &index, ElementType type) {
  ElementType wide = ElementType::integer(64);
  if (index->op == Op::Constant)
    return makeConstant(wrapped(index->integer, type), type);
  if (isLinear(*index) && type.bits >= 32)
    return makeExpr(Op::Convert, type, {index});
  ExprRef integer = isLinear(*index) ? makeExpr(Op::Convert, wide, {index}) : wideInteger(index);
  return type == wide ? integer : makeExpr(Op::Convert, type, {integer});
}

ExprRef Scalars::buildArith(Operation *op) {
  if (isa<arith::CmpIOp>(op))
    return compareIntegers(op);
  if (isa<arith::CmpFOp>(op))
    return compareFloats(op);
  if (isa<arith::SelectOp>(op)) {
    ExprRef condition = known.lookup(op->getOperand(0));
    ExprRef a = asSigned(known.lookup(op->getOperand(1)));
    ExprRef b = asSigned(known.lookup(op->getOperand(2)));
    return makeExpr(Op::Select, a->type, {condition, a, b});
  }
  Type type = op->getResult(0).getType();
  if (op->getNumOperands() == 1 && !isa<arith::NegFOp>(op))
    return buildConversion(op);
  if (type.isIndex())
    return buildIndex(op);
  return isa<FloatType>(type) ? buildFloat(op) : buildInteger(op);
}

ExprRef Scalars::buildIndex(Operation *op) {
  ExprRef a = known.lookup(op->getOperand(0)), b = known.lookup(op->getOperand(1));
  bool plain = isNonNegative(*a) && isNonNegative(*b);
  auto rounding = [&](Op kind) {
    bool positive = constantOf(b).value_or(b->op == Op::Size) > 0;
    return plain && positive ? indexOp(kind, a, b)
                             : inexact(op, "its operands are not shown to be non-negative");
  };
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<arith::AddIOp>([&](auto) { return indexOp(Op::Add, a, b); })
      .Case<arith::SubIOp>([&](auto) { return indexOp(Op::Sub, a, b); })
      .Case<arith::MulIOp>([&](auto) { return indexOp(Op::Mul, a, b); })
      .Case<arith::FloorDivSIOp>([&](auto) { return indexOp(Op::Div, a, b); })
      .Case<arith::DivSIOp, arith::DivUIOp>([&](auto) { return rounding(Op::Div); })
      .Case<arith::RemSIOp, arith::RemUIOp>([&](auto) { return rounding(Op::Mod); })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>([&](auto) -> ExprRef {
        if (!plain || constantOf(b).value_or(0) <= 0)
          return inexact(op, "its operands are not shown to be non-negative");
        return indexOp(Op::Div, indexOp(Op::Add, a, indexConstant(*constantOf(b) - 1)), b);
      })
      .Case<arith::MaxSIOp>([&](auto) { return indexOp(Op::Max, a, b); })
      .Case<arith::MinSIOp>([&](auto) { return indexOp(Op::Min, a, b); })
      .Default([&](auto) { return unsupported(op, "it has no form on indices"); });
}

/// a / b rounded towards zero, from the quotient that is rounded down.
static ExprRef truncated(const ExprRef &a, const ExprRef &b, bool remainder) {
  ElementType type = a->type, condition = ElementType::condition();
  ExprRef zero = makeConstant(0, type);
  ExprRef floor = makeExpr(remainder ? Op::Mod : Op::Div, type, {a, b});
  ExprRef rest = makeExpr(Op::NotEqual, condition, {makeExpr(Op::Mod, type, {a, b}), zero});
  auto isNegative = [&](const ExprRef &x) { return makeExpr(Op::Less, condition, {x, zero}); };
  auto constant = constantOf(b);
  // Rounding down differs where the signs differ and something is left.
  ExprRef differ =
      constant && *constant > 0 ? isNegative(a)
      : constant
          ? makeExpr(Op::Less, condition, {zero, a})
          : makeExpr(Op::LogicalOr, condition,
                     {makeExpr(Op::LogicalAnd, condition,
                               {isNegative(a), makeExpr(Op::LessEqual, condition, {zero, b})}),
                      makeExpr(Op::LogicalAnd, condition,
                               {makeExpr(Op::LessEqual, condition, {zero, a}), isNegative(b)})});
  ExprRef wrong = makeExpr(Op::LogicalAnd, condition, {rest, differ});
  ExprRef mend = remainder ? b : makeConstant(1, type);
  return makeExpr(remainder ? Op::Sub : Op::Add, type,
                  {floor, makeExpr(Op::Select, type, {wrong, mend, zero})});
}

/// (x + (1 << (s-1))) >> s is round_shift(x, s), and x >> s anything else.
static ExprRef shiftedRight(const ExprRef &x, const ExprRef &amount) {
  auto bits = constantOf(amount);
  bool rounds = bits && *bits > 0 && *bits < x->type.bits && x->op == Op::Add &&
                constantOf(x->operands[1]) == int64_t(1) << (*bits - 1);
  return rounds ? makeExpr(Op::RoundShift, x->type, {x->operands[0], amount})
                : integerOp(Op::Shr, x, amount);
}

ExprRef Scalars::buildInteger(Operation *op) {
  if (op->getNumOperands() != 2 || op->getNumResults() != 1)
    return unsupported(op, "it has no form in index notation");
  ExprRef a = asSigned(known.lookup(op->getOperand(0)));
  ExprRef b = asSigned(known.lookup(op->getOperand(1)));
  ElementType type = a->type;
  if (isCondition(a)) {
    ExprRef notB = makeExpr(Op::Not, type, {b});
    return llvm::TypeSwitch<Operation *, ExprRef>(op)
        .Case<arith::AndIOp, arith::MulIOp>(
            [&](auto) { return makeExpr(Op::LogicalAnd, type, {a, b}); })
        .Case<arith::OrIOp>([&](auto) { return makeExpr(Op::LogicalOr, type, {a, b}); })
        .Case<arith::XOrIOp, arith::AddIOp, arith::SubIOp>([&](auto) -> ExprRef {
          if (auto constant = constantOf(b))
            return *constant ? makeExpr(Op::Not, type, {a}) : a;
          return makeExpr(Op::Select, type, {a, notB, b});
        })
        .Default([&](auto) { return unsupported(op, "it has no form on i1"); });
  }
  auto plain = [&](Op kind) { return integerOp(kind, a, b); };
  auto onUnsigned = [&](Op kind) {
    ExprRef left = asUnsigned(a), right = asUnsigned(b);
    return asSigned(makeExpr(kind, left->type, {left, right}));
  };
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<arith::AddIOp>([&](auto) { return plain(Op::Add); })
      .Case<arith::SubIOp>([&](auto) { return plain(Op::Sub); })
      .Case<arith::MulIOp>([&](auto) { return plain(Op::Mul); })
      .Case<arith::AndIOp>([&](auto) { return plain(Op::And); })
      .Case<arith::OrIOp>([&](auto) { return plain(Op::Or); })
      .Case<arith::XOrIOp>([&](auto) { return plain(Op::Xor); })
      .Case<arith::ShLIOp>([&](auto) { return plain(Op::Shl); })
      .Case<arith::ShRSIOp>([&](auto) { return shiftedRight(a, b); })
      .Case<arith::ShRUIOp>([&](auto) {
        ExprRef left = asUnsigned(a);
        auto value = constantOf(left), amount = constantOf(b);
        if (value && amount && *amount >= 0 && *amount < type.bits)
          return makeConstant(wrapped(static_cast<uint64_t>(*value) >> *amount, type), type);
        return asSigned(makeExpr(Op::Shr, left->type, {left, b}));
      })
      .Case<arith::MaxSIOp>([&](auto) { return plain(Op::Max); })
      .Case<arith::MinSIOp>([&](auto) { return plain(Op::Min); })
      .Case<arith::MaxUIOp>([&](auto) { return onUnsigned(Op::Max); })
      .Case<arith::MinUIOp>([&](auto) { return onUnsigned(Op::Min); })
      .Case<arith::DivUIOp>([&](auto) { return onUnsigned(Op::Div); })
      .Case<arith::RemUIOp>([&](auto) { return onUnsigned(Op::Mod); })
      .Case<arith::FloorDivSIOp>([&](auto) { return plain(Op::Div); })
      .Case<arith::DivSIOp>([&](auto) { return truncated(a, b, false); })
      .Case<arith::RemSIOp>([&](auto) { return truncated(a, b, true); })
      .Default([&](auto) { return unsupported(op, "it has no form in index notation"); });
}

/// x when `value` is x clamped to the range of `type`.
static ExprRef clampedTo(const ExprRef &value, ElementType type) {
  auto bound = [&](const ExprRef &expr, Op op, int64_t limit) -> ExprRef {
    return expr->op == op && constantOf(expr->operands[1]) == limit ? expr->operands[0] : nullptr;
  };
  if (ExprRef inner = bound(value, Op::Min, type.max()))
    return bound(inner, Op::Max, type.min());
  if (ExprRef inner = bound(value, Op::Max, type.min()))
    return bound(inner, Op::Min, type.max());
  return nullptr;
}

/// trunci of a value clamped to what fits is a saturating conversion.
static ExprRef narrowed(const ExprRef &value, ElementType type) {
  for (bool isSigned : {true, false}) {
    ElementType range = ElementType::integer(type.bits, isSigned);
    if (ExprRef inner = type.bits < value->type.bits ? clampedTo(value, range) : nullptr)
      return asSigned(makeExpr(Op::Saturate, range, {inner}));
  }
  return convertInteger(value, type);
}

ExprRef Scalars::buildConversion(Operation *op) {
  ExprRef value = known.lookup(op->getOperand(0));
  ElementType type = *elementTypeOf(op->getResult(0).getType());
  ElementType unsignedType = ElementType::integer(type.bits, false);
  auto to = [&](ElementType target, const ExprRef &from) {
    return target.isInteger() ? convertInteger(from, target)
                              : makeExpr(Op::Convert, target, {from});
  };
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<arith::ExtSIOp>([&](auto) {
        // The one bit of an i1 is its sign.
        return isCondition(value) ? makeExpr(Op::Neg, type, {to(type, value)})
                                  : to(type, asSigned(value));
      })
      .Case<arith::ExtUIOp>([&](auto) { return to(type, asUnsigned(value)); })
      .Case<arith::TruncIOp>([&](auto) -> ExprRef {
        if (type == ElementType::condition())
          return makeExpr(Op::Bit, type, {value, makeConstant(0, ElementType::integer(32))});
        return narrowed(asSigned(value), type);
      })
      .Case<arith::IndexCastOp, arith::IndexCastUIOp>([&](auto) -> ExprRef {
        bool zeros = isa<arith::IndexCastUIOp>(op);
        if (value->type.isIndex())
          return toInteger(value, type);
        ExprRef number = zeros ? asUnsigned(value) : asSigned(value);
        // In a subscript arithmetic is done on indices: what wraps at fewer bits is done before.
        if (number->op != Op::Load && number->type.bits < 64)
          number = convertInteger(number, ElementType::integer(64));
        return makeExpr(Op::Convert, type, {number});
      })
      .Case<arith::SIToFPOp>([&](auto) -> ExprRef {
        ExprRef number = to(type, asSigned(value));
        return isCondition(value) ? makeExpr(Op::Neg, type, {number}) : number;
      })
      .Case<arith::UIToFPOp>([&](auto) { return to(type, asUnsigned(value)); })
      .Case<arith::FPToSIOp>([&](auto) { return to(type, value); })
      .Case<arith::FPToUIOp>([&](auto) { return asSigned(to(unsignedType, value)); })
      .Case<arith::ExtFOp>([&](auto) { return to(type, value); })
      .Case<arith::TruncFOp>([&](arith::TruncFOp truncate) -> ExprRef {
        auto mode = truncate.getRoundingmode();
        if (mode && *mode != arith::RoundingMode::to_nearest_even)
          return inexact(op, "floats round to nearest even");
        return to(type, value);
      })
      .Default([&](auto) { return unsupported(op, "it has no form in index notation"); });
}

ExprRef Scalars::buildFloat(Operation *op) {
  ExprRef a = known.lookup(op->getOperand(0));
  ExprRef b = op->getNumOperands() > 1 ? known.lookup(op->getOperand(1)) : nullptr;
  auto plain = [&](Op kind) { return makeExpr(kind, a->type, {a, b}); };
  bool nan = !ignoresNan(op);
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<arith::AddFOp>([&](auto) { return plain(Op::Add); })
      .Case<arith::SubFOp>([&](auto) { return plain(Op::Sub); })
      .Case<arith::MulFOp>([&](auto) { return plain(Op::Mul); })
      .Case<arith::DivFOp>([&](auto) { return plain(Op::Div); })
      .Case<arith::NegFOp>([&](auto) { return makeExpr(Op::Neg, a->type, {a}); })
      .Case<arith::MaximumFOp>(
          [&](auto) { return nan ? extremum(Op::Max, a, b, true) : plain(Op::Max); })
      .Case<arith::MinimumFOp>(
          [&](auto) { return nan ? extremum(Op::Min, a, b, true) : plain(Op::Min); })
      .Case<arith::MaxNumFOp>(
          [&](auto) { return nan ? extremum(Op::Max, a, b, false) : plain(Op::Max); })
      .Case<arith::MinNumFOp>(
          [&](auto) { return nan ? extremum(Op::Min, a, b, false) : plain(Op::Min); })
      .Default([&](auto) { return unsupported(op, "it has no form in index notation"); });
}

ExprRef Scalars::buildMath(Operation *op) {
  ExprRef a = known.lookup(op->getOperand(0));
  auto unary = [&](Op kind) { return makeExpr(kind, a->type, {a}); };
  auto negated = [&](const ExprRef &value) { return makeExpr(Op::Neg, a->type, {value}); };
  return llvm::TypeSwitch<Operation *, ExprRef>(op)
      .Case<math::AbsFOp>([&](auto) { return unary(Op::Abs); })
      .Case<math::AbsIOp>([&](auto) { return makeExpr(Op::Abs, asSigned(a)->type, {asSigned(a)}); })
      .Case<math::ExpOp>([&](auto) { return unary(Op::Exp); })
      .Case<math::LogOp>([&](auto) { return unary(Op::Log); })
      .Case<math::SqrtOp>([&](auto) { return unary(Op::Sqrt); })
      .Case<math::RsqrtOp>([&](auto) { return unary(Op::Rsqrt); })
      .Case<math::TanhOp>([&](auto) { return unary(Op::Tanh); })
      .Case<math::ErfOp>([&](auto) { return unary(Op::Erf); })
      .Case<math::FloorOp>([&](auto) { return unary(Op::Floor); })
      .Case<math::CeilOp>([&](auto) { return negated(makeExpr(Op::Floor, a->type, {negated(a)})); })
      .Case<math::RoundEvenOp>([&](auto) { return unary(Op::RoundEven); })
      .Case<math::CtPopOp>(
          [&](auto) { return makeExpr(Op::Popcount, asSigned(a)->type, {asSigned(a)}); })
      .Case<math::FmaOp>(
          [&](auto) { return inexact(op, "it rounds once, '*' and '+' round twice"); })
      .Default([&](auto) { return unsupported(op, "it has no form in index notation"); });
}

ExprRef Scalars::compareIntegers(Operation *op) {
  auto compare = cast<arith::CmpIOp>(op);
  using P = arith::CmpIPredicate;
  P predicate = compare.getPredicate();
  ExprRef a = known.lookup(op->getOperand(0)), b = known.lookup(op->getOperand(1));
  ElementType condition = ElementType::condition();
  bool isUnsigned = predicate >= P::ult;
  if (isCondition(a)) {
    bool wantsEqual = predicate == P::eq;
    if (!wantsEqual && predicate != P::ne)
      return unsupported(op, "conditions have no order");
    ExprRef notB = makeExpr(Op::Not, condition, {b});
    return makeExpr(Op::Select, condition, {a, wantsEqual ? b : notB, wantsEqual ? notB : b});
  }
  if (a->type.isIndex()) {
    if (isUnsigned && !(isNonNegative(*a) && isNonNegative(*b)))
      return inexact(op, "its operands are not shown to be non-negative");
    if (!isLinear(*a) || !isLinear(*b))
      a = wideInteger(a), b = wideInteger(b);
  } else {
    a = isUnsigned ? asUnsigned(a) : asSigned(a);
    b = isUnsigned ? asUnsigned(b) : asSigned(b);
  }
  auto make = [&](Op kind, const ExprRef &x, const ExprRef &y) {
    return makeExpr(kind, condition, {x, y});
  };
  switch (predicate) {
  case P::eq:
    return make(Op::Equal, a, b);
  case P::ne:
    return make(Op::NotEqual, a, b);
  case P::slt:
  case P::ult:
    return make(Op::Less, a, b);
  case P::sle:
  case P::ule:
    return make(Op::LessEqual, a, b);
  case P::sgt:
  case P::ugt:
    return make(Op::Less, b, a);
  case P::sge:
  case P::uge:
    return make(Op::LessEqual, b, a);
  }
  return nullptr;
}

ExprRef Scalars::compareFloats(Operation *op) {
  using P = arith::CmpFPredicate;
  ExprRef a = known.lookup(op->getOperand(0)), b = known.lookup(op->getOperand(1));
  ElementType condition = ElementType::condition();
  auto make = [&](Op kind, const ExprRef &x, const ExprRef &y) {
    return makeExpr(kind, condition, {x, y});
  };
  auto negated = [&](ExprRef value) { return makeExpr(Op::Not, condition, {std::move(value)}); };
  auto ordered = [&](const ExprRef &x) { return make(Op::Equal, x, x); };
  switch (cast<arith::CmpFOp>(op).getPredicate()) {
  case P::AlwaysFalse:
    return makeConstant(0, condition);
  case P::AlwaysTrue:
    return makeConstant(1, condition);
  case P::OEQ:
    return make(Op::Equal, a, b);
  case P::OGT:
    return make(Op::Less, b, a);
  case P::OGE:
    return make(Op::LessEqual, b, a);
  case P::OLT:
    return make(Op::Less, a, b);
  case P::OLE:
    return make(Op::LessEqual, a, b);
  case P::ONE:
    return make(Op::LogicalOr, make(Op::Less, a, b), make(Op::Less, b, a));
  case P::ORD:
    return make(Op::LogicalAnd, ordered(a), ordered(b));
  case P::UEQ:
    return negated(make(Op::LogicalOr, make(Op::Less, a, b), make(Op::Less, b, a)));
  case P::UGT:
    return negated(make(Op::LessEqual, a, b));
  case P::UGE:
    return negated(make(Op::Less, a, b));
  case P::ULT:
    return negated(make(Op::LessEqual, b, a));
  case P::ULE:
    return negated(make(Op::Less, b, a));
  case P::UNE:
    return make(Op::NotEqual, a, b);
  case P::UNO:
    return negated(make(Op::LogicalAnd, ordered(a), ordered(b)));
  }
  return nullptr;
}

} // namespace lathe::mlirreader
