#include "core/semantics/JitPlan.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace lathe;
using namespace lathe::jit;

bool jit::mentionsLoop(const Expr &expr, unsigned loop) {
  bool found = false;
  walk(expr, [&](const Expr &e) { found |= e.op == Op::Loop && e.id == loop; });
  return found;
}

bool jit::containsLoad(const Expr &expr) {
  bool found = false;
  walk(expr, [&](const Expr &e) { found |= e.op == Op::Load || e.op == Op::Lut; });
  return found;
}

// ---- numbers known before the code runs

namespace {
/// All values from low to high; nothing is known when `known` is false.
struct Range {
  int64_t low = 0, high = 0;
  bool known = false;
};

/// Interval arithmetic on index expressions. Sizes without a value range from their minimum to
/// their maximum.
class RangeOf {
public:
  RangeOf(const Semantics &semantics, const Statement *statement)
      : semantics(semantics), statement(statement) {}

  Range operator()(const Expr &expr) const {
    switch (expr.op) {
    case Op::Constant:
      return {expr.integer, expr.integer, true};
    case Op::Size:
      return size(semantics.sizes[expr.id]);
    case Op::Loop:
      return loop(expr.id);
    case Op::Neg:
      return combine(Op::Sub, {0, 0, true}, (*this)(*expr.operands[0]));
    case Op::Add:
    case Op::Sub:
    case Op::Mul:
    case Op::Div:
    case Op::Mod:
      return combine(expr.op, (*this)(*expr.operands[0]), (*this)(*expr.operands[1]));
    default:
      return {};
    }
  }

private:
  static Range size(const Size &size) {
    if (size.value)
      return {*size.value, *size.value, true};
    return {size.min, size.max, size.max != INT64_MAX};
  }
  Range loop(unsigned id) const {
    if (!statement)
      return {};
    Range extent = (*this)(*statement->loops[id].extent);
    return {0, std::max<int64_t>(extent.high - 1, 0), extent.known};
  }
  static int64_t floorDiv(int64_t a, int64_t b) {
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
  }
  static Range combine(Op op, Range a, Range b) {
    if (!a.known || !b.known)
      return {};
    if (op == Op::Add)
      return {a.low + b.low, a.high + b.high, true};
    if (op == Op::Sub)
      return {a.low - b.high, a.high - b.low, true};
    if (op == Op::Mul) {
      auto [low, high] =
          std::minmax({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high});
      return {low, high, true};
    }
    if (b.low != b.high || b.low <= 0)
      return {};
    if (op == Op::Div)
      return {floorDiv(a.low, b.low), floorDiv(a.high, b.low), true};
    bool whole = floorDiv(a.low, b.low) == floorDiv(a.high, b.low);
    int64_t base = floorDiv(a.low, b.low) * b.low;
    return whole ? Range{a.low - base, a.high - base, true} : Range{0, b.low - 1, true};
  }

  const Semantics &semantics;
  const Statement *statement;
};
} // namespace

std::optional<int64_t> jit::constantIndex(const Semantics &semantics, const Expr &expr) {
  Range range = RangeOf(semantics, nullptr)(expr);
  if (!range.known || range.low != range.high)
    return std::nullopt;
  return range.low;
}

std::optional<int64_t> jit::constantExtent(const Semantics &semantics, const Statement &statement,
                                           unsigned loop) {
  return constantIndex(semantics, *statement.loops[loop].extent);
}

bool jit::alwaysInBounds(const Semantics &semantics, const Statement &statement,
                         const Expr &subscript, unsigned tensor, unsigned dimension) {
  const Expr &size = *semantics.tensors[tensor].shape[dimension];
  if (subscript.op == Op::Loop) {
    const Expr &extent = *statement.loops[subscript.id].extent;
    if (extent.op == Op::Size && size.op == Op::Size && extent.id == size.id)
      return true;
  }
  Range range = RangeOf(semantics, &statement)(subscript);
  Range limit = RangeOf(semantics, &statement)(size);
  return range.known && limit.known && range.low >= 0 && range.high < limit.low;
}

bool jit::alwaysInBounds(const Semantics &semantics, const Statement &statement, const Expr &load) {
  for (unsigned d = 0; d < load.operands.size(); ++d)
    if (!alwaysInBounds(semantics, statement, *load.operands[d], load.id, d))
      return false;
  return true;
}

// ---- the choice

namespace {
constexpr int64_t kFar = 1 << 20; ///< a distance in elements that no vector load spans

/// How far a subscript moves with a loop, when that is one number.
std::optional<int64_t> coefficient(const Expr &expr, unsigned loop, const Semantics &semantics) {
  if (!mentionsLoop(expr, loop))
    return 0;
  auto operand = [&](unsigned i) { return coefficient(*expr.operands[i], loop, semantics); };
  switch (expr.op) {
  case Op::Loop:
    return 1;
  case Op::Neg:
    if (auto a = operand(0))
      return -*a;
    return std::nullopt;
  case Op::Add:
  case Op::Sub: {
    auto a = operand(0), b = operand(1);
    if (!a || !b)
      return std::nullopt;
    return expr.op == Op::Add ? *a + *b : *a - *b;
  }
  case Op::Mul:
    for (unsigned i : {0u, 1u})
      if (auto factor = constantIndex(semantics, *expr.operands[1 - i]))
        if (auto a = operand(i))
          return *a * *factor;
    return std::nullopt;
  default:
    return std::nullopt;
  }
}

class Planner {
public:
  Planner(const Semantics &semantics, const Statement &statement, llvm::ArrayRef<JitLayout> layouts,
          unsigned vectorBits)
      : semantics(semantics), statement(statement), layouts(layouts) {
    unsigned widest = 8;
    walk(*statement.value, [&](const Expr &e) {
      if (e.op == Op::Reduce)
        reductions.push_back(&e);
      if (!e.type.isIndex() && e.type.bits > 1)
        widest = std::max<unsigned>(widest, e.type.isFloat() ? 32 : e.type.bytes() * 8);
    });
    widest = std::max<unsigned>(widest, 8 * semantics.tensors[statement.tensor].type.bytes());
    maxLanes = vectorBits / widest;
  }

  Plan choose() {
    Plan plan;
    chooseLanes(plan);
    if (!reductions.empty())
      chooseTile(plan);
    return plan;
  }

private:
  int64_t extent(unsigned loop) const {
    Range range = RangeOf(semantics, nullptr)(*statement.loops[loop].extent);
    return range.known ? std::max<int64_t>(range.high, 1) : 256;
  }
  int64_t distance(unsigned tensor, llvm::ArrayRef<ExprRef> subscripts, unsigned loop) const {
    int64_t total = 0, dense = 1;
    for (unsigned d = subscripts.size(); d-- > 0;) {
      auto step = coefficient(*subscripts[d], loop, semantics);
      if (!step)
        return kFar;
      total += *step * stride(tensor, d, dense);
      auto size = constantIndex(semantics, *semantics.tensors[tensor].shape[d]);
      dense = size ? dense * *size : kFar;
    }
    return total;
  }
  int64_t stride(unsigned tensor, unsigned dimension, int64_t dense) const {
    if (tensor >= layouts.size())
      return dense;
    const JitLayout &layout = layouts[tensor];
    if (dimension == 0 && layout.steppedFirst)
      return kFar;
    return layout.strides.empty() ? dense : layout.strides[dimension];
  }
  static double accessCost(int64_t distance) { return distance == 0 || distance == 1 ? 1 : 8; }

  /// The time of one vector's share of all loads, when `loop` runs along the lanes.
  double loadCost(const Expr &expr, unsigned loop) const {
    double cost = 0;
    walk(expr, [&](const Expr &e) {
      if (e.op == Op::Load && !e.operands.empty())
        cost += accessCost(distance(e.id, e.operands, loop));
      if (e.op == Op::Lut)
        cost += 8;
    });
    return cost;
  }
  double iterations() const {
    double total = 1;
    for (const Expr *reduction : reductions)
      for (unsigned loop : reduction->loops)
        total *= extent(loop);
    return total;
  }
  unsigned lanesFor(unsigned loop) const {
    return std::min<uint64_t>(maxLanes, llvm::PowerOf2Ceil(extent(loop)));
  }
  double perElement(double cost, unsigned loop) const {
    return (cost + 0.5) / std::min<double>(lanesFor(loop), extent(loop));
  }

  void chooseLanes(Plan &plan) {
    double best = loadCost(*statement.value, ~0u) + 1;
    for (unsigned loop = 0; loop < statement.loops.size(); ++loop) {
      if (statement.loops[loop].reduction || extent(loop) < 2)
        continue;
      double store = accessCost(distance(statement.tensor, statement.subscripts, loop));
      double cost = perElement(loadCost(*statement.value, loop) + store / iterations(), loop);
      if (cost >= best)
        continue;
      best = cost;
      plan.laneLoop = loop;
      plan.lanes = lanesFor(loop);
    }
    for (const Expr *reduction : reductions)
      considerReduction(plan, *reduction, best);
  }
  void considerReduction(Plan &plan, const Expr &reduction, double &best) const {
    bool indexed =
        reduction.reduction == Reduction::ArgMax || reduction.reduction == Reduction::ArgMin;
    if (reduction.type.isFloat() || indexed || nested(reduction))
      return;
    for (unsigned loop : reduction.loops) {
      if (extent(loop) < 2)
        continue;
      // The horizontal sum at the end is worth a few vector operations.
      double cost = perElement(loadCost(reduction, loop) * (1 + 8 / iterations()) + 0.1, loop);
      if (cost >= best)
        continue;
      best = cost;
      plan.laneLoop = std::nullopt;
      plan.laneReduce = &reduction;
      plan.reduceLane = loop;
      plan.lanes = lanesFor(loop);
    }
  }
  static bool nested(const Expr &reduction) {
    unsigned count = 0;
    walk(reduction, [&](const Expr &e) { count += e.op == Op::Reduce; });
    return count > 1;
  }

  void chooseTile(Plan &plan) const {
    if (plan.laneLoop)
      plan.columns = columnsFor(*plan.laneLoop, plan.lanes);
    for (unsigned loop = statement.loops.size(); loop-- > 0;) {
      if (statement.loops[loop].reduction || loop == plan.laneLoop || extent(loop) < 2)
        continue;
      if (reuse(loop) == 0 && plan.rowLoop)
        continue;
      plan.rowLoop = loop;
      if (reuse(loop) > 0)
        break;
    }
    if (plan.rowLoop)
      plan.rows = rowsFor(*plan.rowLoop, 16 / plan.columns);
    plan.lanesOutermost = plan.laneLoop.has_value();
  }
  /// Loads that stay in a register while `loop` moves.
  unsigned reuse(unsigned loop) const {
    unsigned count = 0;
    for (const Expr *reduction : reductions)
      walk(*reduction, [&](const Expr &e) {
        count += e.op == Op::Load && !e.operands.empty() && distance(e.id, e.operands, loop) == 0;
      });
    return count;
  }
  unsigned columnsFor(unsigned loop, unsigned lanes) const {
    int64_t vectors = llvm::divideCeil(extent(loop), lanes);
    if (!constantExtent(semantics, statement, loop))
      return 1;
    return vectors % 4 == 0 ? 4 : vectors % 2 == 0 ? 2 : vectors == 1 ? 1 : 2;
  }
  unsigned rowsFor(unsigned loop, unsigned limit) const {
    unsigned most = std::min<unsigned>(limit, 8);
    auto rows = constantExtent(semantics, statement, loop);
    if (!rows)
      return std::min(most, 4u);
    if (*rows <= most)
      return *rows;
    for (unsigned n = most; n > most / 2; --n)
      if (*rows % n == 0)
        return n;
    return most;
  }

  const Semantics &semantics;
  const Statement &statement;
  llvm::ArrayRef<JitLayout> layouts;
  std::vector<const Expr *> reductions;
  unsigned maxLanes = 1;
};
} // namespace

Plan jit::choosePlan(const Semantics &semantics, const Statement &statement,
                     llvm::ArrayRef<JitLayout> layouts, unsigned vectorBits) {
  return Planner(semantics, statement, layouts, vectorBits).choose();
}
