// Loop nests of statements and reductions.
#include "core/semantics/JitReduce.h"

#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/Module.h"

#include <algorithm>

using namespace lathe;
using namespace lathe::jit;
using llvm::Value;

Generator::Generator(llvm::Module &module, const Semantics &semantics,
                     llvm::ArrayRef<JitLayout> layouts, unsigned vectorBits, bool brief)
    : b(module.getContext()), arithmetic(b), semantics(semantics), layouts(layouts),
      vectorBits(vectorBits), brief(brief), written(semantics.tensors.size()) {
  for (const Statement &statement : semantics.statements)
    written[statement.tensor] = true;
  auto *line = llvm::ArrayType::get(b.getInt8Ty(), 64);
  zeros =
      new llvm::GlobalVariable(module, line, /*isConstant=*/true, llvm::GlobalValue::PrivateLinkage,
                               llvm::Constant::getNullValue(line), "zeros");
  auto *type = llvm::FunctionType::get(
      b.getInt64Ty(), {b.getPtrTy(), b.getPtrTy(), b.getPtrTy(), b.getPtrTy()}, false);
  function = llvm::Function::Create(type, llvm::GlobalValue::ExternalLinkage, "", module);
}

std::vector<std::string> Generator::emit(llvm::StringRef name) {
  function->setName(name);
  std::string bits = std::to_string(vectorBits);
  function->addFnAttr("prefer-vector-width", bits);
  function->addFnAttr("min-legal-vector-width", bits);
  function->setDoesNotThrow();
  emitEntry(*function);
  for (const Statement &each : semantics.statements)
    statement(each);
  b.CreateRet(b.getInt64(0));
  return std::move(faultTexts);
}

void Generator::emitEntry(llvm::Function &f) {
  b.SetInsertPoint(llvm::BasicBlock::Create(b.getContext(), "entry", &f));
  nameScopes();
  faultSlot = f.getArg(3);
  loadSizes(f.getArg(2));
  loadBases(f.getArg(0), f.getArg(1));
}

void Generator::loadSizes(Value *sizes) {
  for (unsigned i = 0; i < semantics.sizes.size(); ++i) {
    if (auto known = semantics.sizes[i].value)
      sizeValues.push_back(b.getInt64(*known));
    else
      sizeValues.push_back(
          b.CreateLoad(b.getInt64Ty(), b.CreateConstGEP1_64(b.getInt64Ty(), sizes, i)));
  }
}

void Generator::loadBases(Value *basesArgument, Value *steps) {
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    const Tensor &tensor = semantics.tensors[t];
    const JitLayout *layout = t < layouts.size() ? &layouts[t] : nullptr;
    bases.push_back(
        b.CreateLoad(b.getPtrTy(), b.CreateConstGEP1_64(b.getPtrTy(), basesArgument, t)));
    std::vector<Value *> bytes(tensor.shape.size());
    Value *dense = b.getInt64(tensor.type.bytes());
    for (unsigned d = bytes.size(); d-- > 0;) {
      bool given = layout && !layout->strides.empty();
      bytes[d] = given ? b.getInt64(layout->strides[d] * tensor.type.bytes()) : dense;
      if (d > 0)
        dense = b.CreateMul(dense, scalarIndex(*tensor.shape[d]).value);
    }
    if (layout && layout->steppedFirst)
      bytes[0] = b.CreateLoad(b.getInt64Ty(), b.CreateConstGEP1_64(b.getInt64Ty(), steps, t));
    strides.push_back(std::move(bytes));
  }
}

// ---- loops

Generator::Carried Generator::loop(Value *begin, Value *end, int64_t step, Carried initial,
                                   LoopBody body) {
  llvm::LLVMContext &context = b.getContext();
  auto *before = b.GetInsertBlock();
  auto *head = llvm::BasicBlock::Create(context, "loop", function);
  auto *after = llvm::BasicBlock::Create(context, "done", function);
  b.CreateCondBr(b.CreateICmpSLT(begin, end), head, after);
  b.SetInsertPoint(head);
  llvm::PHINode *counter = b.CreatePHI(b.getInt64Ty(), 2);
  counter->addIncoming(begin, before);
  llvm::SmallVector<llvm::PHINode *> phis;
  Carried inside;
  for (Value *value : initial) {
    phis.push_back(b.CreatePHI(value->getType(), 2));
    phis.back()->addIncoming(value, before);
    inside.push_back(phis.back());
  }
  Carried next = body(counter, inside);
  auto *latch = b.GetInsertBlock();
  Value *following = b.CreateNSWAdd(counter, b.getInt64(step));
  counter->addIncoming(following, latch);
  for (unsigned i = 0; i < phis.size(); ++i)
    phis[i]->addIncoming(next[i], latch);
  b.CreateCondBr(b.CreateICmpSLT(following, end), head, after);
  b.SetInsertPoint(after);
  Carried result;
  for (unsigned i = 0; i < initial.size(); ++i) {
    llvm::PHINode *phi = b.CreatePHI(initial[i]->getType(), 2);
    phi->addIncoming(initial[i], before);
    phi->addIncoming(next[i], latch);
    result.push_back(phi);
  }
  return result;
}

Value *Generator::extentOf(unsigned loop) {
  return scalarIndex(*current->loops[loop].extent).value;
}

/// The points of the register tile while its nest is emitted.
struct Generator::Tile {
  std::vector<unsigned> order;     ///< parallel loops, outermost first
  Point base;                      ///< values of the loops outside of the tile
  llvm::SmallVector<Value *> rows; ///< of the row loop
  struct Column {
    Value *first;
    Value *tail;
  };
  llvm::SmallVector<Column> columns; ///< of the lane loop
};

void Generator::statement(const Statement &statement) {
  current = &statement;
  plan = choosePlan(semantics, statement, layouts, vectorBits);
  if (brief)
    plan.rows = plan.columns = 1;
  Tile tile;
  tile.base.loops.resize(statement.loops.size());
  for (unsigned loop = 0; loop < statement.loops.size(); ++loop)
    if (!statement.loops[loop].reduction && loop != plan.laneLoop && loop != plan.rowLoop)
      tile.order.push_back(loop);
  if (plan.rowLoop)
    tile.order.push_back(*plan.rowLoop);
  if (plan.laneLoop)
    tile.order.insert(plan.lanesOutermost ? tile.order.begin() : tile.order.end(), *plan.laneLoop);
  nest(0, tile);
  current = nullptr;
  plan = {};
}

void Generator::nest(unsigned position, Tile &tile) {
  if (position == tile.order.size())
    return computeTile(tile);
  unsigned next = tile.order[position];
  if (next == plan.laneLoop)
    return laneLoop(position, tile);
  if (next == plan.rowLoop)
    return rowLoop(position, tile);
  plainLoop(next, position, tile);
}

void Generator::plainLoop(unsigned id, unsigned position, Tile &tile) {
  loop(b.getInt64(0), extentOf(id), 1, {}, [&](Value *counter, auto) {
    tile.base.loops[id] = uniform(counter);
    nest(position + 1, tile);
    return Carried();
  });
}

/// rows at a time, then what remains.
void Generator::rowLoop(unsigned position, Tile &tile) {
  auto emit = [&](Value *begin, Value *end, int64_t rows) {
    loop(begin, end, rows, {}, [&](Value *counter, auto) {
      tile.rows.clear();
      for (int64_t row = 0; row < rows; ++row)
        tile.rows.push_back(b.CreateNSWAdd(counter, b.getInt64(row)));
      nest(position + 1, tile);
      return Carried();
    });
  };
  Value *extent = extentOf(*plan.rowLoop), *zero = b.getInt64(0);
  auto known = constantExtent(semantics, *current, *plan.rowLoop);
  int64_t remaining = known ? *known % plan.rows : 1;
  Value *whole = b.CreateSub(extent, b.CreateURem(extent, b.getInt64(plan.rows)));
  emit(zero, whole, plan.rows);
  if (remaining != 0 && plan.rows > 1)
    emit(whole, extent, remaining);
}

/// The number passes through an empty piece of assembly: LLVM 22 turns a truncating masked store
/// whose mask is known to have one lane into a scalar store of the wide value, past the array's
/// end.
Value *Generator::tailMask(Value *first, Value *extent) {
  auto *type = llvm::FunctionType::get(b.getInt64Ty(), {b.getInt64Ty()}, false);
  auto *hidden = llvm::InlineAsm::get(type, "", "=r,0", /*hasSideEffects=*/false);
  Value *count = b.CreateCall(hidden, {b.CreateSub(extent, first)});
  Value *left = b.CreateVectorSplat(plan.lanes, count);
  Lanes lane{b.getInt64(0), Lanes::Form::Strided, 1};
  return b.CreateICmpSLT(vector(lane), left);
}

/// Vectors from `begin` to `end`, `columns` at a time; the last one is cut off at `extent` when
/// `cut`.
void Generator::laneLoop(unsigned position, Tile &tile) {
  int64_t lanes = plan.lanes;
  Value *extent = extentOf(*plan.laneLoop);
  auto emit = [&](Value *begin, Value *end, unsigned columns, bool cut) {
    loop(begin, end, columns * lanes, {}, [&](Value *counter, auto) {
      tile.columns.clear();
      for (unsigned column = 0; column < columns; ++column) {
        Value *first = b.CreateNSWAdd(counter, b.getInt64(column * lanes));
        bool last = cut && column + 1 == columns;
        tile.columns.push_back({first, last ? tailMask(first, extent) : nullptr});
      }
      nest(position + 1, tile);
      return Carried();
    });
  };
  auto known = constantExtent(semantics, *current, *plan.laneLoop);
  Value *zero = b.getInt64(0);
  if (!known) {
    Value *whole = b.CreateAnd(extent, b.getInt64(-lanes));
    emit(zero, whole, 1, false);
    return emit(whole, extent, 1, true);
  }
  int64_t block = lanes * plan.columns, whole = *known / block * block;
  if (whole > 0)
    emit(zero, b.getInt64(whole), plan.columns, false);
  if (whole < *known)
    emit(b.getInt64(whole), extent, (*known - whole + lanes - 1) / lanes, *known % lanes != 0);
}

void Generator::computeTile(Tile &tile) {
  Points points;
  unsigned rows = std::max<size_t>(tile.rows.size(), 1);
  unsigned columns = std::max<size_t>(tile.columns.size(), 1);
  for (unsigned row = 0; row < rows; ++row)
    for (unsigned column = 0; column < columns; ++column) {
      Point point = tile.base;
      point.row = row;
      point.column = column;
      if (plan.rowLoop)
        point.loops[*plan.rowLoop] = uniform(tile.rows[row]);
      if (plan.laneLoop) {
        point.loops[*plan.laneLoop] = {tile.columns[column].first, Lanes::Form::Strided, 1};
        point.tail = tile.columns[column].tail;
      }
      points.push_back(std::move(point));
    }
  for (const ExprRef &condition : current->conditions)
    points = guarded(points, evaluate(*condition, points), /*inverted=*/false);
  Values values = evaluate(*current->value, points);
  for (unsigned p = 0; p < points.size(); ++p)
    store(*current, points[p], values[p]);
}

// ---- reductions

/// Sums of integers may stand in any order; others follow the notation, point by point.
Generator::Values Generator::reduce(const Expr &expr, const Points &points) {
  bool acrossLanes = plan.laneReduce == &expr;
  bool indexed = expr.reduction == Reduction::ArgMax || expr.reduction == Reduction::ArgMin;
  ReduceState state{expr, points, acrossLanes, indexed};
  if (plan.laneLoop)
    state.varying = mentionsLoop(expr, *plan.laneLoop);
  ElementType type = expr.operands[0]->type;
  auto repeated = [&](llvm::Constant *scalar) -> Value * {
    return state.varying
               ? llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(plan.lanes), scalar)
               : scalar;
  };
  Carried sums;
  for (unsigned p = 0; p < points.size(); ++p) {
    if (indexed)
      sums.push_back(repeated(b.getInt32(0)));
    Reduction order = expr.reduction == Reduction::ArgMax   ? Reduction::Max
                      : expr.reduction == Reduction::ArgMin ? Reduction::Min
                                                            : expr.reduction;
    sums.push_back(repeated(arithmetic.neutral(order, type)));
    if (indexed)
      sums.push_back(repeated(b.getFalse()));
  }
  sums = reduceOver(0, state, std::move(sums));
  Values values;
  for (unsigned p = 0; p < points.size(); ++p) {
    Value *sum = sums[p * (indexed ? 3 : 1)];
    if (indexed)
      sum = arithmetic.convert(sum, ElementType::integer(32), expr.type);
    if (acrossLanes)
      values.push_back(uniform(arithmetic.across(expr.reduction, sum, type)));
    else
      values.push_back(state.varying ? varying(sum) : uniform(sum));
  }
  return values;
}

Generator::Carried Generator::reduceOver(unsigned position, ReduceState &state, Carried sums) {
  if (position == state.expr.loops.size())
    return accumulate(state, std::move(sums));
  unsigned id = state.expr.loops[position];
  auto at = [&](Value *counter, llvm::ArrayRef<Value *> inside) {
    for (Point &point : state.points)
      point.loops[id] = uniform(counter);
    return reduceOver(position + 1, state, Carried(inside));
  };
  if (plan.laneReduce == &state.expr && plan.reduceLane == id)
    return reduceLane(id, position, state, std::move(sums));
  if (unrolls(state, position)) {
    int64_t extent = *constantExtent(semantics, *current, id);
    if (pairsApply(state, position))
      return reducePairs(id, extent, state, std::move(sums));
    for (int64_t i = 0; i < extent; ++i)
      sums = at(b.getInt64(i), sums);
    return sums;
  }
  return loop(b.getInt64(0), extentOf(id), 1, std::move(sums), at);
}

/// `lanes` values of the loop at once; the last vector is cut off.
Generator::Carried Generator::reduceLane(unsigned id, unsigned position, ReduceState &state,
                                         Carried sums) {
  int64_t lanes = plan.lanes;
  Value *extent = extentOf(id), *whole = b.CreateAnd(extent, b.getInt64(-lanes));
  auto emit = [&](Value *begin, Value *end, bool cut) {
    sums = loop(begin, end, lanes, std::move(sums),
                [&](Value *counter, llvm::ArrayRef<Value *> inside) {
                  for (Point &point : state.points) {
                    point.loops[id] = {counter, Lanes::Form::Strided, 1};
                    point.tail = cut ? tailMask(counter, extent) : nullptr;
                  }
                  return reduceOver(position + 1, state, Carried(inside));
                });
  };
  auto known = constantExtent(semantics, *current, id);
  emit(b.getInt64(0), whole, false);
  if (!known || *known % lanes != 0)
    emit(whole, extent, true);
  return sums;
}

static int64_t treeSize(const Expr &expr) {
  int64_t size = 0;
  walk(expr, [&](const Expr &) { ++size; });
  return size;
}

/// Short loops over constant extents are written out, so that what does not move stays in
/// registers. `budget` is in nodes of the body.
bool Generator::unrolls(const ReduceState &state, unsigned position) const {
  if (brief)
    return false;
  constexpr int64_t budget = 3072;
  int64_t total = state.points.size() * treeSize(state.expr);
  for (unsigned id : llvm::ArrayRef(state.expr.loops).drop_front(position)) {
    auto extent = constantExtent(semantics, *current, id);
    if (!extent || plan.reduceLane == id)
      return false;
    total *= std::max<int64_t>(*extent, 1);
    if (total > budget)
      return false;
  }
  return true;
}

/// One value of the body into each sum, where the reduction's own conditions hold.
Generator::Carried Generator::accumulate(ReduceState &state, Carried sums) {
  const Expr &expr = state.expr;
  Points points = state.points;
  llvm::SmallVector<Lanes> own(points.size());
  for (const ExprRef &condition : llvm::ArrayRef(expr.operands).drop_front()) {
    Values holds = evaluate(*condition, points);
    points = guarded(points, holds, /*inverted=*/false);
    for (unsigned p = 0; p < points.size(); ++p)
      own[p] = both(own[p], holds[p]);
  }
  bool acrossLanes = plan.laneReduce == &expr;
  Values bodies = evaluate(*expr.operands[0], points);
  for (unsigned p = 0; p < points.size(); ++p) {
    Value *body = state.varying ? vector(bodies[p]) : bodies[p].value;
    Lanes takes = own[p];
    if (acrossLanes && points[p].tail)
      takes = both(takes, varying(points[p].tail));
    Value *where = !takes.value ? nullptr : state.varying ? vector(takes) : takes.value;
    if (state.indexed)
      accumulateIndex(state, points[p], body, where, llvm::MutableArrayRef(sums).slice(3 * p, 3));
    else
      accumulateValue(state, body, where, sums[p]);
  }
  return sums;
}

void Generator::accumulateValue(ReduceState &state, Value *body, Value *where, Value *&sum) {
  ElementType type = state.expr.operands[0]->type;
  Value *next = arithmetic.combine(state.expr.reduction, sum, body, type);
  sum = where ? b.CreateSelect(where, next, sum) : next;
}

/// The first of equal values wins.
void Generator::accumulateIndex(ReduceState &state, const Point &point, Value *body, Value *where,
                                llvm::MutableArrayRef<Value *> sums) {
  ElementType type = state.expr.operands[0]->type;
  bool largest = state.expr.reduction == Reduction::ArgMax;
  Value *&position = sums[0], *&best = sums[1], *&found = sums[2];
  Value *better = largest ? arithmetic.binary(Op::Less, best, body, type)
                          : arithmetic.binary(Op::Less, body, best, type);
  if (type.isFloat()) // NaN is before all
    better =
        b.CreateOr(better, b.CreateAnd(b.CreateFCmpUNO(body, body), b.CreateFCmpORD(best, best)));
  Value *takes = b.CreateOr(better, b.CreateNot(found));
  if (where)
    takes = b.CreateAnd(takes, where);
  Value *flat = b.getInt64(0);
  for (unsigned id : state.expr.loops)
    flat = b.CreateAdd(b.CreateMul(flat, extentOf(id)), point.loops[id].value);
  Value *index = b.CreateTrunc(flat, b.getInt32Ty());
  if (state.varying)
    index = b.CreateVectorSplat(plan.lanes, index);
  position = b.CreateSelect(takes, index, position);
  best = b.CreateSelect(takes, body, best);
  found = b.CreateOr(found, where ? where : llvm::Constant::getAllOnesValue(found->getType()));
}
