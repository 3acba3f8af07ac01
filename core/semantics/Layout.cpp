#include "core/semantics/Layout.h"

#include <cassert>

using namespace lathe;

static constexpr ElementType kIndex = ElementType::index();

/// Rounded down, for positive b.
static int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

static std::optional<int64_t> numberOf(const Expr &expr) {
  return expr.op == Op::Constant ? std::optional(expr.integer) : std::nullopt;
}

static ExprRef number(int64_t value) { return makeConstant(value, kIndex); }

int64_t lathe::evaluateIndex(const Expr &expr, llvm::ArrayRef<int64_t> loops) {
  if (expr.op == Op::Constant)
    return expr.integer;
  if (expr.op == Op::Loop)
    return loops[expr.id];
  int64_t a = evaluateIndex(*expr.operands[0], loops), b = evaluateIndex(*expr.operands[1], loops);
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b); // wrap: it is outside anyway
  switch (expr.op) {
  case Op::Add:
    return static_cast<int64_t>(x + y);
  case Op::Sub:
    return static_cast<int64_t>(x - y);
  case Op::Mul:
    return static_cast<int64_t>(x * y);
  case Op::Div:
    return floorDivide(a, b);
  case Op::Mod:
    return a - b * floorDivide(a, b);
  default:
    assert(false && "no operator of layouts");
    return 0;
  }
}

ExprRef lathe::indexExpr(Op op, const ExprRef &a, const ExprRef &b) {
  auto x = numberOf(*a), y = numberOf(*b);
  ExprRef result = makeExpr(op, kIndex, {a, b});
  if (x && y)
    return number(evaluateIndex(*result, {}));
  switch (op) {
  case Op::Add:
    if (y && a->op == Op::Add && numberOf(*a->operands[1]))
      return indexExpr(Op::Add, a->operands[0], indexExpr(Op::Add, a->operands[1], b));
    return x == 0 ? b : y == 0 ? a : result;
  case Op::Sub:
    return y == 0 ? a : result;
  case Op::Mul:
    return x == 0 || y == 0 ? number(0) : x == 1 ? b : y == 1 ? a : result;
  case Op::Div:
    return y == 1 ? a : result;
  case Op::Mod:
    return y == 1 ? number(0) : result;
  default:
    return result;
  }
}

ExprRef lathe::substituteLoops(const ExprRef &place, llvm::ArrayRef<ExprRef> loops) {
  if (place->op == Op::Constant)
    return place;
  if (place->op == Op::Loop)
    return loops[place->id];
  return indexExpr(place->op, substituteLoops(place->operands[0], loops),
                   substituteLoops(place->operands[1], loops));
}

int64_t Layout::positionOf(llvm::ArrayRef<int64_t> index, int64_t bit) const {
  llvm::SmallVector<int64_t, 6> loops(index.begin(), index.end());
  loops.push_back(bit);
  int64_t place = evaluateIndex(*position, loops);
  return bitIndex.empty() ? place + bit : place;
}
