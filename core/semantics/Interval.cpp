#include "core/semantics/Interval.h"

#include "core/semantics/IndexRange.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using Integer = llvm::DynamicAPInt;

static Integer powerOfTwo(unsigned exponent) {
  Integer result(1);
  for (unsigned done = 0; done < exponent; ++done)
    result *= Integer(2);
  return result;
}

static Interval unsignedBits(unsigned bits) { return {Integer(0), powerOfTwo(bits) - Integer(1)}; }

Interval lathe::typeRange(ElementType type) {
  if (type.isFloat())
    return {-powerOfTwo(1024), powerOfTwo(1024)};
  if (type.kind == ElementType::Kind::Unsigned)
    return unsignedBits(type.bits);
  return {Integer(type.min()), Integer(type.max())};
}

std::string lathe::toString(const Interval &interval) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "[" << interval.low << ", " << interval.high << "]";
  return text;
}

static Interval hull(const Interval &a, const Interval &b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

static bool contains(const Interval &outer, const Interval &inner) {
  return outer.low <= inner.low && inner.high <= outer.high;
}

/// The hull of `op` at all four corners, for operators that are monotonic in each operand.
template <typename Function>
static Interval corners(const Interval &a, const Interval &b, Function op) {
  Interval result{op(a.low, b.low), op(a.low, b.low)};
  for (const Integer *x : {&a.low, &a.high})
    for (const Integer *y : {&b.low, &b.high}) {
      Integer value = op(*x, *y);
      result = hull(result, {value, value});
    }
  return result;
}

static Interval multiply(const Interval &a, const Interval &b) {
  return corners(a, b, [](const Integer &x, const Integer &y) { return x * y; });
}

static Interval floorDivide(const Interval &a, const Interval &b) {
  return corners(a, b, [](const Integer &x, const Integer &y) { return llvm::floorDiv(x, y); });
}

/// Calls `use` with the parts of `divisor` below and above zero.
template <typename Function>
static std::optional<Interval> byParts(const Interval &divisor, Function use) {
  std::optional<Interval> all;
  auto join = [&](const Interval &part) {
    Interval result = use(part);
    all = all ? hull(*all, result) : result;
  };
  if (divisor.high > 0)
    join({std::max(divisor.low, Integer(1)), divisor.high});
  if (divisor.low < 0)
    join({divisor.low, std::min(divisor.high, Integer(-1))});
  return all;
}

static Interval modulo(const Interval &a, const Interval &divisor) {
  if (divisor.low > 0 && a.low >= 0 && a.high < divisor.low)
    return a;
  // A floored remainder lies between zero and the divisor.
  if (divisor.low > 0)
    return {Integer(0), divisor.high - Integer(1)};
  return {divisor.low + Integer(1), Integer(0)};
}

/// Bits needed for every value of a nonnegative interval, or of both signs.
static unsigned bitsOf(const Interval &a) {
  Integer magnitude = std::max(a.high, -a.low - Integer(1));
  unsigned bits = 0;
  for (Integer power(1); power <= magnitude; power *= Integer(2))
    ++bits;
  return bits;
}

static Interval bitwise(Op op, const Interval &a, const Interval &b) {
  unsigned bits = std::max(bitsOf(a), bitsOf(b));
  if (a.low < 0 || b.low < 0)
    return {-powerOfTwo(bits), powerOfTwo(bits) - Integer(1)};
  return op == Op::And ? Interval{Integer(0), std::min(a.high, b.high)} : unsignedBits(bits);
}

namespace {

class Evaluator {
public:
  Evaluator(const Statement &statement, const Semantics &semantics, TensorRange tensorRange)
      : statement(statement), semantics(semantics), tensorRange(tensorRange) {}

  bool mayWrap = false;

  /// Before wrapping.
  Interval evaluate(const Expr &expr) {
    if (expr.op == Op::Constant)
      return constant(expr);
    if (expr.type.isIndex())
      return index(expr);
    if (expr.op == Op::Reduce)
      return reduce(expr);
    if (expr.op == Op::Load || expr.op == Op::Lut)
      return load(expr);
    std::vector<Interval> operands;
    for (const ExprRef &operand : expr.operands)
      operands.push_back(value(*operand));
    if (expr.type.isFloat())
      return typeRange(expr.type);
    return apply(expr, operands);
  }

  /// After wrapping: an operand.
  Interval value(const Expr &expr) {
    Interval result = evaluate(expr);
    Interval whole = typeRange(expr.type);
    if (contains(whole, result))
      return result;
    mayWrap |= expr.type.isInteger();
    return whole;
  }

private:
  static Interval constant(const Expr &expr) {
    if (expr.type.isFloat())
      return typeRange(expr.type);
    Integer number(expr.integer);
    if (expr.type == ElementType::integer(64, false) && expr.integer < 0)
      number += powerOfTwo(64);
    return {number, number};
  }

  Interval index(const Expr &expr) {
    for (const ExprRef &operand : expr.operands)
      value(*operand);
    if (auto range = indexRange(expr, &statement, semantics))
      return {Integer(range->low), Integer(range->high)};
    return expr.op == Op::Convert ? value(*expr.operands[0]) : typeRange(expr.type);
  }

  Interval load(const Expr &expr) {
    for (const ExprRef &operand : expr.operands)
      value(*operand);
    return tensorRange(expr.op == Op::Lut ? expr.operands[0]->id : expr.id);
  }

  Integer points(const Expr &reduce) const {
    Integer count(1);
    for (unsigned loop : reduce.loops) {
      auto extent = indexRange(*statement.loops[loop].extent, nullptr, semantics);
      count *= Integer(extent ? std::max<int64_t>(extent->high, 0) : INT64_MAX);
    }
    return count;
  }

  Interval reduce(const Expr &expr) {
    for (const ExprRef &condition : llvm::ArrayRef(expr.operands).drop_front())
      value(*condition);
    Interval body = value(*expr.operands[0]);
    if (expr.type.isFloat())
      return typeRange(expr.type);
    bool restricted = expr.operands.size() > 1;
    Interval whole = typeRange(expr.type);
    switch (expr.reduction) {
    case Reduction::Sum: {
      Interval sum{points(expr) * body.low, points(expr) * body.high};
      return restricted ? hull(sum, {Integer(0), Integer(0)}) : sum;
    }
    case Reduction::Product:
      return power(body, points(expr), restricted);
    case Reduction::Max:
      return restricted ? hull(body, {whole.low, whole.low}) : body;
    case Reduction::Min:
      return restricted ? hull(body, {whole.high, whole.high}) : body;
    case Reduction::Any:
    case Reduction::All:
      return unsignedBits(1);
    case Reduction::ArgMax:
    case Reduction::ArgMin:
      return {Integer(0), std::max(points(expr) - Integer(1), Integer(0))};
    }
    return whole;
  }

  static Interval power(const Interval &body, const Integer &points, bool restricted) {
    // Beyond any integer type the exact number does not matter any more.
    static constexpr unsigned kEnough = 256;
    Integer largest = std::max(body.high, -body.low), result(1);
    if (largest > 1)
      for (Integer i(0); i < points && bitsOf({Integer(0), result}) < kEnough; ++i)
        result *= largest;
    if (body.low < 0)
      return {-result, result};
    if (body.low == 0 || restricted)
      return {body.low == 0 ? Integer(0) : Integer(1), result};
    Integer smallest(1);
    for (Integer i(0); body.low > 1 && i < points && bitsOf({Integer(0), smallest}) < kEnough; ++i)
      smallest *= body.low;
    return {smallest, result};
  }

  /// Shift amounts are read as unsigned; all beyond the width do the same.
  static std::pair<unsigned, unsigned> amounts(const Interval &amount, unsigned width) {
    Integer last(width);
    if (amount.low < 0)
      return {0, width};
    return {unsigned(int64_t(std::min(amount.low, last))),
            unsigned(int64_t(std::min(amount.high, last)))};
  }

  Interval shiftLeft(const Expr &expr, const Interval &x, const Interval &amount) {
    auto [first, last] = amounts(amount, expr.type.bits);
    Interval result = multiply(x, {powerOfTwo(first), powerOfTwo(last)});
    return last == expr.type.bits ? hull(result, {Integer(0), Integer(0)}) : result;
  }

  Interval shiftRight(const Expr &expr, const Interval &x, const Interval &amount) {
    auto [first, last] = amounts(amount, expr.type.bits);
    return floorDivide(x, {powerOfTwo(first), powerOfTwo(last)});
  }

  Interval roundShift(const Expr &expr, const Interval &x, const Interval &amount) {
    auto [first, last] = amounts(amount, expr.type.bits);
    Interval whole = typeRange(expr.type);
    std::optional<Interval> all;
    for (unsigned by = first; by <= last; ++by) {
      Integer half = by == 0 ? Integer(0) : powerOfTwo(by - 1);
      Interval sum{x.low + half, x.high + half};
      if (!contains(whole, sum)) {
        mayWrap = true;
        sum = whole;
      }
      Interval result = floorDivide(sum, {powerOfTwo(by), powerOfTwo(by)});
      all = all ? hull(*all, result) : result;
    }
    return *all;
  }

  Interval apply(const Expr &expr, const std::vector<Interval> &x) {
    Interval whole = typeRange(expr.type);
    switch (expr.op) {
    case Op::Convert:
      return expr.operands[0]->type.isFloat() ? whole : x[0];
    case Op::Saturate:
      return expr.operands[0]->type.isFloat() ? whole
                                              : clamp(x[0], ends(whole.low), ends(whole.high));
    case Op::Add:
      return {x[0].low + x[1].low, x[0].high + x[1].high};
    case Op::Sub:
      return {x[0].low - x[1].high, x[0].high - x[1].low};
    case Op::Mul:
      return multiply(x[0], x[1]);
    case Op::Div:
      return byParts(x[1], [&](const Interval &part) { return floorDivide(x[0], part); })
          .value_or(whole);
    case Op::Mod:
      return byParts(x[1], [&](const Interval &part) { return modulo(x[0], part); })
          .value_or(whole);
    case Op::Neg:
      return {-x[0].high, -x[0].low};
    case Op::Abs: {
      Integer low = std::max({x[0].low, -x[0].high, Integer(0)});
      return {low, std::max(x[0].high, -x[0].low)};
    }
    case Op::Min:
      return {std::min(x[0].low, x[1].low), std::min(x[0].high, x[1].high)};
    case Op::Max:
      return {std::max(x[0].low, x[1].low), std::max(x[0].high, x[1].high)};
    case Op::Clamp:
      return clamp(x[0], x[1], x[2]);
    case Op::And:
    case Op::Or:
    case Op::Xor:
      return bitwise(expr.op, x[0], x[1]);
    case Op::Not:
      return expr.type.isSigned() ? Interval{-x[0].high - Integer(1), -x[0].low - Integer(1)}
                                  : Interval{whole.high - x[0].high, whole.high - x[0].low};
    case Op::Shl:
      return shiftLeft(expr, x[0], x[1]);
    case Op::Shr:
      return shiftRight(expr, x[0], x[1]);
    case Op::RoundShift:
      return roundShift(expr, x[0], x[1]);
    case Op::Popcount:
      return {Integer(0), Integer(expr.type.bits)};
    case Op::Select:
      return hull(x[1], x[2]);
    default:
      return whole; // conditions and bits: u1
    }
  }

  static Interval ends(const Integer &number) { return {number, number}; }

  /// min(max(x, low), high), with the bounds' own intervals.
  static Interval clamp(const Interval &x, const Interval &low, const Interval &high) {
    return {std::min(std::max(x.low, low.low), high.low),
            std::min(std::max(x.high, low.high), high.high)};
  }

  const Statement &statement;
  const Semantics &semantics;
  TensorRange tensorRange;
};

} // namespace

Interval lathe::valueRange(const Expr &expr, const Statement &statement, const Semantics &semantics,
                           TensorRange tensorRange) {
  return Evaluator(statement, semantics, tensorRange).evaluate(expr);
}

Interval lathe::valueRange(const Expr &expr, const Statement &statement,
                           const Semantics &semantics) {
  return valueRange(expr, statement, semantics,
                    [&](unsigned id) { return typeRange(semantics.tensors[id].type); });
}

bool lathe::neverWraps(const Expr &expr, const Statement &statement, const Semantics &semantics,
                       TensorRange tensorRange) {
  Evaluator evaluator(statement, semantics, tensorRange);
  evaluator.value(expr);
  return !evaluator.mayWrap;
}

bool lathe::neverWraps(const Expr &expr, const Statement &statement, const Semantics &semantics) {
  return neverWraps(expr, statement, semantics,
                    [&](unsigned id) { return typeRange(semantics.tensors[id].type); });
}
