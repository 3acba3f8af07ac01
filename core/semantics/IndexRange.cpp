#include "core/semantics/IndexRange.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace lathe;

using Range = std::optional<IndexRange>;

static std::optional<int64_t> product(int64_t a, int64_t b) {
  int64_t result = 0;
  return llvm::MulOverflow(a, b, result) ? std::nullopt : std::optional(result);
}

static Range add(IndexRange a, IndexRange b) {
  IndexRange sum{};
  if (llvm::AddOverflow(a.low, b.low, sum.low) || llvm::AddOverflow(a.high, b.high, sum.high))
    return std::nullopt;
  return sum;
}

static Range negate(IndexRange a) {
  if (a.low == INT64_MIN)
    return std::nullopt;
  return IndexRange{-a.high, -a.low};
}

static Range multiply(IndexRange a, IndexRange b) {
  auto p = product(a.low, b.low), q = product(a.low, b.high);
  auto r = product(a.high, b.low), s = product(a.high, b.high);
  if (!p || !q || !r || !s)
    return std::nullopt;
  auto [low, high] = std::minmax({*p, *q, *r, *s});
  return IndexRange{low, high};
}

static Range divide(IndexRange a, IndexRange b) {
  if (b.low != b.high || b.low <= 0)
    return std::nullopt;
  return IndexRange{llvm::divideFloorSigned(a.low, b.low), llvm::divideFloorSigned(a.high, b.low)};
}

static Range modulo(IndexRange a, IndexRange b) {
  auto quotient = divide(a, b);
  if (!quotient)
    return std::nullopt;
  if (quotient->low != quotient->high)
    return IndexRange{0, b.low - 1};
  return IndexRange{a.low - quotient->low * b.low, a.high - quotient->low * b.low};
}

static Range combine(Op op, IndexRange a, IndexRange b) {
  switch (op) {
  case Op::Add:
    return add(a, b);
  case Op::Sub: {
    auto negated = negate(b);
    return negated ? add(a, *negated) : std::nullopt;
  }
  case Op::Mul:
    return multiply(a, b);
  case Op::Div:
    return divide(a, b);
  case Op::Mod:
    return modulo(a, b);
  case Op::Min:
    return IndexRange{std::min(a.low, b.low), std::min(a.high, b.high)};
  case Op::Max:
    return IndexRange{std::max(a.low, b.low), std::max(a.high, b.high)};
  default:
    return std::nullopt;
  }
}

static Range sizeRange(const Size &size) {
  return size.value ? IndexRange{*size.value, *size.value} : IndexRange{size.min, size.max};
}

static Range absolute(IndexRange a) {
  auto negated = negate(a);
  if (!negated)
    return std::nullopt;
  int64_t low = a.low > 0 ? a.low : a.high < 0 ? -a.high : 0;
  return IndexRange{low, std::max(a.high, negated->high)};
}

/// Operators of one or three operands.
static Range special(const Expr &expr, const Statement *statement, const Semantics &semantics) {
  auto operand = [&](size_t i) { return indexRange(*expr.operands[i], statement, semantics); };
  if (expr.op == Op::Neg || expr.op == Op::Abs) {
    auto a = operand(0);
    return !a ? std::nullopt : expr.op == Op::Neg ? negate(*a) : absolute(*a);
  }
  if (expr.op == Op::Select) {
    auto a = operand(1), b = operand(2);
    return a && b ? Range({std::min(a->low, b->low), std::max(a->high, b->high)}) : std::nullopt;
  }
  if (expr.op != Op::Clamp)
    return std::nullopt;
  auto x = operand(0), low = operand(1), high = operand(2);
  if (!x || !low || !high)
    return std::nullopt;
  return combine(Op::Min, *combine(Op::Max, *x, *low), *high);
}

std::optional<IndexRange> lathe::indexRange(const Expr &expr, const Statement *statement,
                                            const Semantics &semantics) {
  if (!expr.type.isIndex())
    return std::nullopt;
  if (expr.op == Op::Constant)
    return IndexRange{expr.integer, expr.integer};
  if (expr.op == Op::Size)
    return sizeRange(semantics.sizes[expr.id]);
  if (expr.op == Op::Loop) {
    auto extent = indexRange(*statement->loops[expr.id].extent, nullptr, semantics);
    return extent ? Range({0, extent->high - 1}) : std::nullopt;
  }
  if (expr.operands.size() != 2)
    return special(expr, statement, semantics);
  auto a = indexRange(*expr.operands[0], statement, semantics);
  auto b = a ? indexRange(*expr.operands[1], statement, semantics) : std::nullopt;
  return b ? combine(expr.op, *a, *b) : std::nullopt;
}

std::optional<int64_t> lathe::evaluateSize(const Expr &expr, const Semantics &semantics) {
  auto range = indexRange(expr, nullptr, semantics);
  if (!range || range->low != range->high)
    return std::nullopt;
  return range->low;
}
