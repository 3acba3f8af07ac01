#include "core/schedule/NestEmitter.h"

#include <cassert>

using namespace lathe;

void NestEmitter::finishChunk(int64_t chunk) {
  for (size_t v = 0; v < nest.values.size(); ++v) {
    const PointwiseValue &value = nest.values[v];
    if (value.kind == PointwiseValue::Kind::Input && v != start)
      bring(v, chunk);
    else if (value.kind == PointwiseValue::Kind::Compute)
      compute(v, chunk);
  }
  if (nest.place != ResultPlace::Left)
    store(nest.store, nest.place, chunk);
  if (nest.hostStore)
    store(*nest.hostStore, ResultPlace::Host, chunk);
}

llvm::SmallVector<unsigned, 6> NestEmitter::resultLoops() const {
  llvm::SmallVector<unsigned, 6> loops{nest.rowLoop};
  loops.append(result.outerLoops.begin(), result.outerLoops.end());
  return loops;
}

llvm::SmallVector<int64_t, 6> NestEmitter::resultExtents() const {
  llvm::SmallVector<int64_t, 6> extents;
  for (unsigned l : resultLoops())
    extents.push_back(size[l]);
  return extents;
}

int64_t NestEmitter::blockAddress(size_t value, int64_t chunk) const {
  return resultBase + tiling.blockOf[value] * (tiling.results.slotRows / tiling.blocks) +
         chunk * result.planeRows;
}

/// A value as an operand of a call over the result's loops.
CallOperand NestEmitter::valueOperand(size_t v, const RuleTile &tile, int64_t chunk) const {
  const PointwiseValue &value = nest.values[v];
  CallOperand operand{&tile, 0, {}};
  if (tiling.blockOf[v] != ~0u) {
    operand.base = blockAddress(v, chunk);
    for (unsigned l : resultLoops())
      operand.steps.push_back(resultStep(l));
    return operand;
  }
  const StagedLayout &layout = layouts[value.input];
  operand.base = slotBase(value.input);
  if (!nest.inputs[value.input].view.splat)
    operand.base += chunk * layout.planeRows;
  for (unsigned l : resultLoops())
    operand.steps.push_back(layout.addressStep(l));
  return operand;
}

void NestEmitter::bring(size_t v, int64_t chunk) {
  unsigned i = nest.values[v].input;
  const StagedInput &input = nest.inputs[i];
  if (input.kept)
    return;
  if (tiling.blockOf[v] == ~0u) {
    int64_t plane = input.view.splat ? 0 : chunk;
    return require(i, plane, 0, layouts[i].planeRows);
  }
  CallSite site = loadSite(input, chunk, width);
  site.operands[0].base = blockAddress(v, chunk);
  site.operands[1].base = hostAddress(input.view, chunk, width);
  for (unsigned l : resultLoops()) {
    site.operands[0].steps.push_back(resultStep(l));
    site.operands[1].steps.push_back(hostStep(input.view, l));
  }
  calls.emit(site, resultExtents());
}

void NestEmitter::compute(size_t v, int64_t chunk) {
  const PointwiseValue &value = nest.values[v];
  const Rule &rule = rules.rules[value.rule];
  CallSite site;
  site.rule = &rule;
  site.scalars = &value.scalars;
  site.operands.push_back(valueOperand(v, rule.destination, chunk));
  for (size_t s = 0; s < rule.sources.size(); ++s)
    if (rule.sources[s].operand != rule.destination.operand)
      site.operands.push_back(valueOperand(value.operands[s], rule.sources[s], chunk));
  calls.emit(site, resultExtents());
}

void NestEmitter::store(const StoreCall &call, ResultPlace place, int64_t chunk) {
  const Rule &rule = rules.rules[call.rule];
  CallSite site;
  site.rule = &rule;
  site.scalars = &call.scalars;
  site.operands.push_back(storeDestination(rule, place, chunk));
  for (size_t s = 0; s < rule.sources.size(); ++s)
    site.operands.push_back(valueOperand(call.operands[s], rule.sources[s], chunk));
  if (auto extent = rule.loops[rule.destination.loops.back()].extent)
    site.arguments.push_back({*extent, lanesIn(nest.laneLoop, chunk, width)});
  calls.emit(site, resultExtents());
}

CallOperand NestEmitter::storeDestination(const Rule &rule, ResultPlace place, int64_t chunk) {
  CallOperand destination{&rule.destination, 0, {}};
  if (place == ResultPlace::Host) {
    destination.base = hostAddress(nest.result, chunk, width);
    for (unsigned l : resultLoops())
      destination.steps.push_back(hostStep(nest.result, l));
    return destination;
  }
  const KeptTensor &tensor = kept[nest.kept];
  auto walk = rowWalk(nest.result, nest, tensor.rowElements);
  assert(walk && "a tensor is kept only when it is written row by row");
  destination.base = keptBase(tensor, *walk, nest.laneLoop) + chunk * tensor.planeRows;
  for (unsigned l : resultLoops())
    destination.steps.push_back(walk->steps[l]);
  return destination;
}
