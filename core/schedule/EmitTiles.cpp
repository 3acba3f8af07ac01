#include "core/schedule/NestEmitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;

NestEmitter::NestEmitter(const Nest &nest, const Tiling &tiling, llvm::ArrayRef<KeptTensor> kept,
                         unsigned number, const Rules &rules, const Target &target,
                         SymbolAddresses &symbols, HopSpaces &hops, OpList &ops)
    : nest(nest), tiling(tiling), kept(kept), number(number), rules(rules), target(target),
      symbols(symbols), hops(hops), calls(target, ops), width(resultLaneWidth(nest, rules, target)),
      start(startOf(nest.values)) {
  for (const StagedInput &input : nest.inputs) {
    widths.push_back(laneWidth(nest, input, rules, target));
    bool byRow = input.kept && kept[*input.kept].slotRows > 0;
    walks.push_back(byRow ? rowWalk(input.view, nest, kept[*input.kept].rowElements)
                          : std::nullopt);
  }
  enumerateTiles();
  planSlots();
}

/// Each loop turns back where it ended, so that what is still on chip is used first.
void NestEmitter::enumerateTiles() {
  std::vector<unsigned> order = tiling.order;
  if (tiling.inBlocks)
    order.insert(order.begin(), nest.rowLoop);
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (nest.loops[l].reduction && tiling.tile[l] < nest.loops[l].extent)
      order.push_back(l);
  Index passed(nest.loops.size(), 0), backwards(nest.loops.size(), 0);
  while (true) {
    Index trip(nest.loops.size(), 0);
    Turn turn{true, true};
    for (unsigned l : order) {
      trip[l] = backwards[l] ? trips(l) - 1 - passed[l] : passed[l];
      turn.first &= !nest.loops[l].reduction || passed[l] == 0;
      turn.last &= !nest.loops[l].reduction || passed[l] + 1 == trips(l);
    }
    tiles.push_back(trip);
    turns.push_back(turn);
    size_t at = order.size();
    while (at > 0 && ++passed[order[at - 1]] == trips(order[at - 1])) {
      passed[order[at - 1]] = 0;
      // Planes and digits go on from the first: the last may not start a sum.
      backwards[order[at - 1]] ^= !nest.contraction || !nest.contraction->isVaried(order[at - 1]);
      --at;
    }
    if (at == 0)
      return;
  }
}

int64_t NestEmitter::trips(unsigned loop) const {
  return llvm::divideCeil(nest.loops[loop].extent, tiling.tile[loop]);
}

/// Which of its tiles an input needs in tile `t`.
int64_t NestEmitter::pieceOf(const StagedInput &input, size_t t) const {
  int64_t key = 0;
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (dependsOn(input, l))
      key = key * trips(l) + tiles[t][l];
  return key;
}

void NestEmitter::planSlots() {
  residency.resize(nest.inputs.size());
  for (unsigned i = 0; i < nest.inputs.size(); ++i) {
    if (tiling.inputs[i].slots == 0)
      continue;
    std::vector<int64_t> pieces;
    for (size_t t = 0; t < tiles.size(); ++t)
      pieces.push_back(pieceOf(nest.inputs[i], t));
    residency[i].plan = planSlotUse(pieces, tiling.inputs[i].slots);
    residency[i].present.resize(tiling.inputs[i].slots);
    residency[i].generation.assign(tiling.inputs[i].slots, 0);
  }
}

void NestEmitter::run() {
  while (next < tiles.size())
    runTile(next++);
}

void NestEmitter::runBlock() {
  for (int64_t block = tiles[next][nest.rowLoop];
       next < tiles.size() && tiles[next][nest.rowLoop] == block;)
    runTile(next++);
}

void NestEmitter::runTile(size_t t) {
  current = t;
  placeTile();
  if (nest.contraction)
    contract();
  else if (lastOfResult())
    for (int64_t chunk = 0; chunk < result.chunks; ++chunk)
      finishChunk(chunk);
}

void NestEmitter::placeTile() {
  origin.assign(nest.loops.size(), 0);
  size.assign(nest.loops.size(), 0);
  for (unsigned l = 0; l < nest.loops.size(); ++l) {
    origin[l] = tiles[current][l] * tiling.tile[l];
    size[l] = std::min(tiling.tile[l], nest.loops[l].extent - origin[l]);
  }
  result = layOutResult(nest, size, width);
  if (firstOfResult())
    resultBase = tiling.results.base +
                 int64_t(resultCount++ % tiling.results.slots) * tiling.results.slotRows;
  layouts.clear();
  addressSteps.clear();
  calling.clear();
  for (unsigned i = 0; i < nest.inputs.size(); ++i)
    placeInput(i);
}

void NestEmitter::placeInput(unsigned i) {
  const StagedInput &input = nest.inputs[i];
  // What an input does not depend on has the same layout in edge tiles, so that its tiles can stay.
  Index sizes = size;
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (!dependsOn(input, l))
      sizes[l] = tiling.tile[l];
  layouts.push_back(layOut(input, sizes, widths[i]));
  if (walks[i])
    layouts.back().planeRows = kept[*input.kept].planeRows;
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    addressSteps.push_back(walks[i] ? walks[i]->steps[l] : layouts.back().addressStep(l));
  if (tiling.inputs[i].slots == 0)
    return;
  const SlotUse &use = residency[i].plan.uses[current];
  if (!use.refill)
    return;
  residency[i].present[use.slot].assign(granuleCount(layouts[i]), false);
  ++residency[i].generation[use.slot];
}
