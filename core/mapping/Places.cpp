#include "core/mapping/Places.h"

#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace lathe;

// ---- subscripts

static std::optional<int64_t> numberOf(const Expr &expr) {
  return expr.op == Op::Constant ? std::optional(expr.integer) : std::nullopt;
}

/// `expr` with numbers for sizes that have one.
static ExprRef withNumbers(const ExprRef &expr, const Semantics &semantics) {
  if (expr->op == Op::Size && semantics.sizes[expr->id].value)
    return makeConstant(*semantics.sizes[expr->id].value, expr->type);
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = withNumbers(operand, semantics);
  return copy;
}

/// The one loop in an index expression; nothing when there are others, or none.
static bool findLoop(const Expr &expr, std::optional<unsigned> &loop) {
  if (expr.op == Op::Loop)
    return expr.id == std::exchange(loop, expr.id).value_or(expr.id);
  static const Op operators[] = {Op::Constant, Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Mod};
  return llvm::is_contained(operators, expr.op) &&
         llvm::all_of(expr.operands,
                      [&](const ExprRef &operand) { return findLoop(*operand, loop); });
}

std::optional<LoopPlace> lathe::placeOf(const ExprRef &subscript, const Semantics &semantics) {
  std::optional<unsigned> loop;
  ExprRef numbers = withNumbers(subscript, semantics);
  if (!findLoop(*numbers, loop) || !loop)
    return std::nullopt;
  std::vector<ExprRef> loops(*loop + 1, makeLoop(0));
  return LoopPlace{*loop, substituteLoops(numbers, loops)};
}

bool lathe::isPlain(const ExprRef &place) { return place->op == Op::Loop; }

bool lathe::isOrder(const ExprRef &place, int64_t lanes) {
  std::set<int64_t> seen;
  for (int64_t value = 0; value < lanes; ++value)
    if (int64_t at = evaluateIndex(*place, {value});
        at < 0 || at >= lanes || !seen.insert(at).second)
      return false;
  return true;
}

// ---- lanes in order

/// The loop's value over its place: `c - j`, `(j + c) % n` or `(c - j) % n`; null for others.
static ExprRef inverseOf(const ExprRef &place, int64_t count) {
  std::vector<int64_t> valueAt(count, -1);
  for (int64_t value = 0; value < count; ++value)
    if (int64_t at = evaluateIndex(*place, {value}); at >= 0 && at < count)
      valueAt[at] = value;
  auto index = ElementType::index();
  ExprRef c = makeConstant(valueAt[0], index), at = makeLoop(0), n = makeConstant(count, index);
  ExprRef sum = indexExpr(Op::Add, at, c);
  ExprRef difference = indexExpr(Op::Sub, makeConstant(valueAt[0] + count, index), at);
  for (const ExprRef &tried :
       {indexExpr(Op::Sub, c, at), indexExpr(Op::Mod, sum, n), indexExpr(Op::Mod, difference, n)}) {
    bool same = true;
    for (int64_t place = 0; place < count; ++place)
      same &= evaluateIndex(*tried, {place}) == valueAt[place];
    if (same)
      return tried;
  }
  return nullptr;
}

/// `expr` with `back` in place of a loop; subscripts that are then the loop itself say so.
static ExprRef turnedIn(const ExprRef &expr, unsigned loop, const ExprRef &back, int64_t count,
                        const Semantics &semantics) {
  if (expr->type.isIndex())
    if (auto place = placeOf(expr, semantics); place && place->loop == loop) {
      std::vector<ExprRef> own{back};
      ExprRef moved = substituteLoops(place->place, own);
      bool same = true;
      for (int64_t value = 0; value < count; ++value)
        same &= evaluateIndex(*moved, {value}) == value;
      std::vector<ExprRef> named{makeLoop(loop, expr->loc)};
      return same ? named[0] : substituteLoops(moved, named);
    }
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = turnedIn(operand, loop, back, count, semantics);
  return copy;
}

Statement lathe::inOrder(const Statement &statement, const Intrinsic &intrinsic,
                         const Target &target) {
  const Semantics &semantics = intrinsic.semantics;
  const TileOperand *tile = intrinsic.tileOfTensor(statement.tensor);
  bool onChip = tile && !target.spaces[tile->space].isHost && !tile->shape.empty();
  auto lanes = onChip ? placeOf(statement.subscripts.back(), semantics) : std::nullopt;
  if (!lanes || isPlain(lanes->place))
    return statement;
  int64_t count = tile->shape.back().size;
  bool isWhole = numberOf(*withNumbers(statement.loops[lanes->loop].extent, semantics)) == count;
  ExprRef back = isWhole ? inverseOf(lanes->place, count) : nullptr;
  if (!back)
    return statement;
  Statement turned = statement;
  turned.value = turnedIn(statement.value, lanes->loop, back, count, semantics);
  for (ExprRef &subscript : turned.subscripts)
    subscript = turnedIn(subscript, lanes->loop, back, count, semantics);
  return turned;
}

// ---- layouts

/// Rows of neighbours, as a layout.
static Layout denseRow(const TileOperand &operand) {
  auto index = ElementType::index();
  Layout layout;
  layout.element = operand.element;
  for (size_t d = 0; d < operand.shape.size(); ++d) {
    layout.indices.push_back(d == 0 ? "i" : "j");
    layout.sizes.push_back(operand.shape[d].size);
  }
  layout.text = operand.name + "[" + llvm::join(layout.indices, ",") + "]";
  layout.stepped = operand.shape.size() > 1;
  ExprRef byte = indexExpr(Op::Mul, makeConstant(operand.element.bytes(), index),
                           makeLoop(operand.shape.size() - 1));
  layout.position = makeExpr(Op::Mul, index, {makeConstant(8, index), byte});
  layout.bits = 8 * operand.element.bytes() * operand.shape.back().size;
  return layout;
}

/// "7 - j": where the values of an index lie.
static std::string textOf(const ExprRef &place, const std::string &name) {
  Statement statement;
  statement.loops.emplace_back();
  statement.loops.back().name = name;
  return print(*place, statement, {});
}

/// Every bit of a row has a place of its own, in the row.
static bool isInside(const Layout &layout) {
  std::set<int64_t> seen;
  std::vector<int64_t> index(layout.sizes.size(), 0);
  for (int64_t lane = 0; lane < layout.sizes.back(); ++lane) {
    index.back() = lane;
    for (int64_t bit = 0; bit < layout.element.bits; ++bit) {
      int64_t place = layout.positionOf(index, bit);
      if (place < 0 || place >= layout.bits || !seen.insert(place).second)
        return false;
    }
  }
  return true;
}

/// Loop d of the layout at `places[d]`; the bits stay where they are.
static void move(Layout &layout, llvm::ArrayRef<ExprRef> places) {
  std::vector<ExprRef> loops;
  for (size_t d = 0; d < places.size(); ++d) {
    std::vector<ExprRef> own{makeLoop(d)};
    loops.push_back(substituteLoops(places[d], own));
    if (!isPlain(places[d]))
      layout.text += " at " + textOf(places[d], layout.indices[d]);
  }
  loops.push_back(makeLoop(places.size()));
  layout.position = substituteLoops(layout.position, loops);
}

std::shared_ptr<const Layout> lathe::layoutAt(const TileOperand &operand,
                                              llvm::ArrayRef<ExprRef> places,
                                              llvm::ArrayRef<int64_t> most, const char *&reason) {
  reason = "rows that do not lie one after the other";
  if (places.empty() || (places.size() == 2 && !isPlain(places[0])) ||
      (operand.layout && places.size() == 2 && !operand.layout->hasRows()) ||
      (operand.layout && places.size() == 1 && operand.layout->stepped))
    return nullptr;
  auto layout = std::make_shared<Layout>(operand.layout ? *operand.layout : denseRow(operand));
  move(*layout, places);
  layout->sizes.assign(most.begin(), most.end());
  reason = "subscripts that name an element twice, or none";
  return isInside(*layout) ? layout : nullptr;
}

std::shared_ptr<const Layout> lathe::turnedLanes(const TileOperand &operand, const Layout *layout,
                                                 const ExprRef &lane, int64_t most) {
  auto turned = std::make_shared<Layout>(layout ? *layout : denseRow(operand));
  std::vector<ExprRef> places(turned->sizes.size(), makeLoop(0));
  places.back() = lane;
  turned->text += ", lanes";
  move(*turned, places);
  turned->sizes.back() = most;
  return turned;
}
