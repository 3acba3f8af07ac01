#include "core/schedule/Runs.h"

#include "llvm/ADT/STLExtras.h"

#include <cassert>

using namespace lathe;

namespace {

/// The rule's loop over rows: the addressed dimension of its operands.
std::optional<unsigned> rowLoopOf(const CallSite &site) {
  for (const CallOperand &operand : site.operands)
    if (operand.tile->addressedDims > 0)
      return operand.tile->loops[0];
  return std::nullopt;
}

} // namespace

RowPlan CallEmitter::plan(const CallSite &site, llvm::ArrayRef<int64_t> extents) const {
  const Intrinsic &intrinsic = target.intrinsics[site.rule->intrinsic];
  RowPlan plan;
  plan.rowLoop = rowLoopOf(site);
  plan.maxRows = plan.rowLoop ? site.rule->loops[*plan.rowLoop].max : 1;
  plan.rowSteps.assign(site.operands.size(), 0);
  auto canStep = [&](const CallOperand &operand, int64_t by) {
    const Step &step = intrinsic.tiles[operand.tile->operand].step;
    return step.kind != Step::Kind::Fixed || step.amount == by;
  };
  // A loop of one iteration has any step.
  bool stepsKnown = false;
  for (; plan.fused < extents.size() && plan.rowLoop; ++plan.fused) {
    if (extents[plan.fused] == 1)
      continue;
    bool fits = true;
    for (size_t o = 0; o < site.operands.size(); ++o) {
      const CallOperand &operand = site.operands[o];
      int64_t step = operand.steps[plan.fused];
      // What has no rows, or rows of another loop, is the same for all rows of a call.
      if (operand.tile->addressedDims == 0 || operand.tile->loops[0] != *plan.rowLoop)
        fits &= step == 0;
      else if (stepsKnown)
        fits &= step == plan.rowSteps[o] * plan.rows;
      else
        fits &= canStep(operand, step);
    }
    if (!fits)
      break;
    if (!stepsKnown)
      for (size_t o = 0; o < site.operands.size(); ++o)
        plan.rowSteps[o] = site.operands[o].steps[plan.fused];
    stepsKnown = true;
    plan.rows *= extents[plan.fused];
  }
  return plan;
}

void CallEmitter::emit(const CallSite &site, const RowPlan &plan, llvm::ArrayRef<int64_t> extents) {
  llvm::SmallVector<int64_t, 6> index(extents.size(), 0);
  llvm::SmallVector<int64_t, 4> offsets(site.operands.size());
  while (true) {
    for (int64_t first = 0; first < plan.rows; first += plan.maxRows) {
      for (size_t o = 0; o < site.operands.size(); ++o) {
        offsets[o] = site.operands[o].base + first * plan.rowSteps[o];
        for (size_t l = plan.fused; l < extents.size(); ++l)
          offsets[o] += index[l] * site.operands[o].steps[l];
      }
      emitOne(site, plan, offsets, std::min(plan.maxRows, plan.rows - first));
    }
    size_t l = plan.fused;
    while (l < extents.size() && ++index[l] == extents[l])
      index[l++] = 0;
    if (l >= extents.size())
      return;
  }
}

void CallEmitter::emitOne(const CallSite &site, const RowPlan &plan,
                          llvm::ArrayRef<int64_t> offsets, int64_t rows) {
  const Intrinsic &intrinsic = target.intrinsics[site.rule->intrinsic];
  ops.intrinsics.push_back(site.rule->intrinsic);
  ops.valuesAt.push_back(ops.values.size());
  ops.statesAt.push_back(ops.states.size());
  size_t at = ops.values.size();
  ops.values.resize(at + intrinsic.arguments.size());
  int64_t *values = ops.values.data() + at;
  for (size_t i = 0; i < intrinsic.arguments.size(); ++i)
    values[i] = intrinsic.arguments[i].min; // an extent that nothing sets is one
  if (plan.rowLoop)
    if (auto argument = site.rule->loops[*plan.rowLoop].extent)
      values[*argument] = rows;
  for (auto [argument, value] : site.arguments)
    values[argument] = value;
  size_t states = ops.states.size();
  ops.states.resize(states + intrinsic.statesRead.size(), 0);
  auto setState = [&](unsigned state, int64_t value) {
    auto found = llvm::find(intrinsic.statesRead, state);
    assert(found != intrinsic.statesRead.end() && "a state the intrinsic does not read");
    ops.states[states + (found - intrinsic.statesRead.begin())] = value;
  };
  for (size_t o = 0; o < site.operands.size(); ++o) {
    const TileOperand &tile = intrinsic.tiles[site.operands[o].tile->operand];
    values[tile.argument] = offsets[o];
    if (tile.step.kind == Step::Kind::Argument)
      values[tile.step.id] =
          std::clamp(rows > 1 ? plan.rowSteps[o] : 1, intrinsic.arguments[tile.step.id].min,
                     intrinsic.arguments[tile.step.id].max);
    else if (tile.step.kind == Step::Kind::State)
      setState(tile.step.id,
               rows > 1 ? plan.rowSteps[o] : INT64_MIN); // one row: any stride will do
  }
  if (!site.scalars)
    return;
  for (auto [tensor, value] : *site.scalars) {
    const Tensor &scalar = intrinsic.semantics.tensors[tensor];
    if (auto argument = intrinsic.findArgument(scalar.name))
      values[*argument] = value;
    else if (auto state = target.findState(scalar.name))
      setState(*state, value);
  }
}
