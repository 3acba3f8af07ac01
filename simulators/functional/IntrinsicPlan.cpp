#include "simulators/functional/IntrinsicPlan.h"

#include <algorithm>
#include <set>

using namespace lathe;

// ---- what the statements write

static std::optional<int64_t> number(const Semantics &semantics, const Expr &expr) {
  if (expr.op == Op::Constant)
    return expr.integer;
  return expr.op == Op::Size ? semantics.sizes[expr.id].value : std::nullopt;
}

static bool sameSize(const Semantics &semantics, const Expr &a, const Expr &b) {
  if (a.op == Op::Size && b.op == Op::Size && a.id == b.id)
    return true;
  auto x = number(semantics, a), y = number(semantics, b);
  return x && y && *x == *y;
}

static bool writesAll(const Semantics &semantics, const Statement &statement) {
  const Tensor &tensor = semantics.tensors[statement.tensor];
  std::set<unsigned> loops;
  for (unsigned d = 0; d < tensor.shape.size(); ++d) {
    const Expr &subscript = *statement.subscripts[d];
    if (subscript.op != Op::Loop || !loops.insert(subscript.id).second)
      return false;
    if (!sameSize(semantics, *statement.loops[subscript.id].extent, *tensor.shape[d]))
      return false;
  }
  return statement.conditions.empty();
}

bool lathe::writesAll(const Semantics &semantics, unsigned tensor) {
  return std::any_of(semantics.statements.begin(), semantics.statements.end(),
                     [&](const Statement &statement) {
                       return statement.tensor == tensor && ::writesAll(semantics, statement);
                     });
}

// ---- tiles

/// On chip a row is whole or, when it has one dimension, its beginning.
static void planRow(TilePlan &plan, const Space &space) {
  const TileOperand &tile = *plan.operand;
  auto trailing = llvm::ArrayRef(tile.shape).drop_front(plan.leading);
  bool whole = true;
  for (unsigned d = 0; d < trailing.size(); ++d)
    whole &= !trailing[d].argument && trailing[d].size == space.row[d];
  plan.exact = whole || (trailing.size() == 1 && plan.leading <= 1);
  plan.fixedChunk = space.rowBytes();
  if (whole || !plan.exact)
    return;
  plan.fixedChunk = tile.element.bytes();
  if (trailing[0].argument)
    plan.chunkArguments.push_back(*trailing[0].argument);
  else
    plan.fixedChunk *= trailing[0].size;
}

static void addDimension(TilePlan &plan, const Dimension &dimension) {
  if (dimension.argument)
    plan.chunkArguments.push_back(*dimension.argument);
  else
    plan.fixedChunk *= dimension.size;
}

/// Elements from one index to the next when every dimension has its largest size.
static std::vector<int64_t> stridesOnChip(const TilePlan &plan, const Space &space) {
  const TileOperand &tile = *plan.operand;
  std::vector<int64_t> strides(tile.shape.size());
  int64_t step = 1;
  for (unsigned d = tile.shape.size(); d-- > 0;) {
    strides[d] = step;
    step *= d >= plan.leading ? space.row[d - plan.leading] : tile.shape[d].size;
  }
  return strides;
}

static bool extentsVary(llvm::ArrayRef<Dimension> dimensions) {
  return llvm::any_of(dimensions, [](const Dimension &d) { return d.argument.has_value(); });
}

static TilePlan planTile(const Target &target, const Intrinsic &intrinsic,
                         const TileOperand &tile) {
  const Space &space = target.spaces[tile.space];
  TilePlan plan;
  plan.operand = &tile;
  plan.leading = space.isHost ? tile.shape.size() : tile.shape.size() - space.row.size();
  plan.unitBytes = space.isHost ? 1 : space.rowBytes();
  plan.fixedChunk = tile.element.bytes();
  if (tile.layout) {
    plan.map.emplace(*tile.layout);
    plan.strided = tile.step.kind != Step::Kind::Fixed;
    plan.covered = tile.written && writesAll(intrinsic.semantics, tile.tensor);
    return plan;
  }
  if (!space.isHost)
    planRow(plan, space);
  for (unsigned d = 1; d < plan.leading; ++d)
    addDimension(plan, tile.shape[d]);
  plan.strided = plan.leading > 0 && tile.step.kind != Step::Kind::Fixed;
  plan.layout.steppedFirst = plan.leading > 0 && (plan.strided || plan.leading > 1);
  bool denseOnHost = space.isHost;
  bool variesInside =
      plan.leading > 1 && extentsVary(llvm::ArrayRef(tile.shape).slice(1, plan.leading - 1));
  // Inner dimensions that vary follow each other as they are, not at their largest size.
  if (!denseOnHost && !variesInside)
    plan.layout.strides = stridesOnChip(plan, space);
  plan.covered = plan.exact && tile.written && writesAll(intrinsic.semantics, tile.tensor);
  return plan;
}

std::vector<int64_t> TilePlan::sizes(llvm::ArrayRef<int64_t> values) const {
  std::vector<int64_t> sizes;
  for (const Dimension &dimension : operand->shape)
    sizes.push_back(extent(dimension, values));
  return sizes;
}

/// Rows, one after the other or at the step that the instruction says, or one block.
Chunks TilePlan::laidOut(Chunks access, llvm::ArrayRef<int64_t> values,
                         llvm::ArrayRef<int64_t> states) const {
  access.chunkBytes = operand->layout->bytes();
  if (!operand->layout->hasRows())
    return access;
  access.count = extent(operand->shape[0], values);
  access.stepBytes = operand->step.kind == Step::Kind::State      ? states[operand->step.id]
                     : operand->step.kind == Step::Kind::Argument ? values[operand->step.id]
                                                                  : operand->step.amount;
  return access;
}

Chunks TilePlan::access(llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> states) const {
  Chunks access;
  access.first = values[operand->argument] * unitBytes;
  if (operand->layout)
    return laidOut(access, values, states);
  access.chunkBytes = fixedChunk;
  for (unsigned argument : chunkArguments)
    access.chunkBytes *= values[argument];
  if (leading == 0)
    return access;
  access.count = extent(operand->shape[0], values);
  if (operand->step.kind == Step::Kind::State)
    access.stepBytes = states[operand->step.id] * unitBytes;
  else if (operand->step.kind == Step::Kind::Argument)
    access.stepBytes = values[operand->step.id] * unitBytes;
  else
    access.stepBytes = leading > 1 ? access.chunkBytes : std::max(unitBytes, fixedChunk);
  return access;
}

// ---- scalars

/// An argument or a state, by name.
static ScalarSource sourceOf(const Target &target, const Intrinsic &intrinsic,
                             llvm::StringRef name) {
  if (auto argument = intrinsic.findArgument(name))
    return {ScalarSource::Kind::Argument, *argument};
  if (auto state = target.findState(name))
    return {ScalarSource::Kind::State, *state};
  return {};
}

static int64_t largestBytes(const Semantics &semantics, const Tensor &tensor) {
  int64_t bytes = tensor.type.bytes();
  for (const ExprRef &size : tensor.shape) {
    if (size->op == Op::Size && !semantics.sizes[size->id].value)
      bytes *= semantics.sizes[size->id].max;
    else
      bytes *= number(semantics, *size).value_or(1);
  }
  return bytes;
}

static void planScalars(IntrinsicPlan &plan, const Target &target) {
  const Intrinsic &intrinsic = *plan.intrinsic;
  const Semantics &semantics = intrinsic.semantics;
  for (const Size &size : semantics.sizes)
    plan.sizes.push_back(size.value ? ScalarSource() : sourceOf(target, intrinsic, size.name));
  plan.temporaryBytes.resize(semantics.tensors.size());
  for (unsigned t = 0; t < semantics.tensors.size(); ++t) {
    const Tensor &tensor = semantics.tensors[t];
    bool isTile = intrinsic.tileOfTensor(t);
    plan.scalars.push_back(isTile ? ScalarSource() : sourceOf(target, intrinsic, tensor.name));
    if (isTile || plan.scalars.back().kind != ScalarSource::Kind::None)
      continue;
    plan.temporaries.push_back(t);
    plan.temporaryBytes[t] = largestBytes(semantics, tensor);
  }
}

static void planConflicts(IntrinsicPlan &plan) {
  llvm::ArrayRef<TilePlan> tiles = plan.tiles;
  for (unsigned written = 0; written < tiles.size(); ++written)
    for (unsigned other = 0; other < tiles.size(); ++other)
      if (written != other && !tiles[written].map && !tiles[other].map &&
          tiles[written].operand->written && !tiles[other].operand->written &&
          tiles[written].operand->space == tiles[other].operand->space)
        plan.conflicts.push_back({written, other});
}

IntrinsicPlan lathe::planIntrinsic(const Target &target, const Intrinsic &intrinsic) {
  IntrinsicPlan plan;
  plan.intrinsic = &intrinsic;
  for (const TileOperand &tile : intrinsic.tiles) {
    plan.tiles.push_back(planTile(target, intrinsic, tile));
    if (tile.step.kind == Step::Kind::State)
      plan.stepStates.push_back(tile.step.id);
  }
  plan.statesRead = intrinsic.statesRead;
  plan.statesWritten = intrinsic.statesWritten;
  planScalars(plan, target);
  for (unsigned t = 0; t < plan.scalars.size(); ++t)
    if (plan.scalars[t].kind == ScalarSource::Kind::State && !writesAll(intrinsic.semantics, t) &&
        llvm::is_contained(plan.statesWritten, plan.scalars[t].id))
      plan.statesKept.push_back(plan.scalars[t].id);
  planConflicts(plan);
  return plan;
}
