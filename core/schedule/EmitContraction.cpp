#include "core/schedule/NestEmitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::divideCeil;

HopSpaces::Place HopSpaces::place(unsigned space, int64_t addresses, const Tile &tile) {
  Contents &contents = spaces[space];
  if (contents.holds.empty())
    contents.holds.assign(addresses, {~0u, 0, -1, 0, 0});
  auto held = llvm::find(contents.holds, tile);
  if (held != contents.holds.end())
    return {held - contents.holds.begin(), true};
  int64_t address = contents.next++ % contents.holds.size();
  contents.holds[address] = tile;
  return {address, false};
}

/// Iterates the loops that stay outside of the rows: lane chunks, then batches, then reductions.
void NestEmitter::contract() {
  const Rule &rule = rules.rules[*nest.contraction->accumulate];
  std::vector<unsigned> outside, inside;
  std::vector<int64_t> counts;
  auto add = [&](unsigned l) {
    outside.push_back(l);
    bool chunked = l < rule.loops.size() && l != nest.rowLoop;
    counts.push_back(chunked ? divideCeil(size[l], pointsOf(nest, l, rules)) : size[l]);
  };
  add(nest.laneLoop);
  inside.push_back(nest.rowLoop);
  for (unsigned l : result.outerLoops)
    if (!hopDependsOn(l))
      inside.push_back(l);
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (l != nest.laneLoop && l != nest.rowLoop && !nest.loops[l].reduction && hopDependsOn(l))
      add(l);
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (nest.loops[l].reduction && l >= rule.loops.size())
      add(l);
  for (unsigned l = 0; l < rule.loops.size(); ++l)
    if (nest.loops[l].reduction)
      add(l);
  Index index(outside.size(), 0);
  while (true) {
    bool chunkBegins = llvm::all_of(llvm::drop_begin(index), [](int64_t i) { return i == 0; });
    if (start && chunkBegins && firstOfResult())
      bring(*start, index[0]);
    contractChunk(outside, index, inside);
    size_t at = outside.size();
    while (at > 1 && ++index[at - 1] == counts[at - 1]) {
      index[at - 1] = 0;
      --at;
    }
    if (at > 1)
      continue;
    if (lastOfResult())
      finishChunk(index[0]);
    if (++index[0] == counts[0])
      return;
  }
}

bool NestEmitter::hopDependsOn(unsigned loop) const {
  return llvm::any_of(nest.contraction->inputs, [&](unsigned i) {
    return nest.inputs[i].hop && dependsOn(nest.inputs[i], loop);
  });
}

void NestEmitter::contractChunk(llvm::ArrayRef<unsigned> outside, const Index &index,
                                llvm::ArrayRef<unsigned> inside) {
  const Rule &accumulate = rules.rules[*nest.contraction->accumulate];
  // Offset within the tile of every loop that is outside.
  Index at(nest.loops.size(), 0);
  bool first = firstOfResult();
  for (size_t o = 0; o < outside.size(); ++o) {
    unsigned l = outside[o];
    bool chunked = l < accumulate.loops.size() && l != nest.rowLoop;
    at[l] = index[o] * (chunked ? pointsOf(nest, l, rules) : 1);
    first &= !nest.loops[l].reduction || index[o] == 0;
  }
  int64_t destination = resultBase + resultBlock() + at[nest.laneLoop] / width * result.planeRows;
  for (size_t o = 0; o < result.outerLoops.size(); ++o)
    destination += at[result.outerLoops[o]] * result.pitches[o];
  llvm::SmallVector<int64_t, 4> sources;
  for (unsigned input : nest.contraction->inputs)
    sources.push_back(sourceBase(input, at));
  const CallVariant *variant = variantOf(at);
  auto emit = [&](const Rule &rule, std::optional<Points> points) {
    Calling &call = callingOf(rule, inside);
    call.site.operands[0].base = destination;
    for (size_t s = 0; s < sources.size(); ++s) {
      bool isMoved = points && rule.window->movedOperand && // others are addressed there
                     rule.window->movedOperand != rule.sources[s].operand;
      int64_t by =
          isMoved ? points->first * addressStep(nest.contraction->inputs[s], rule.window->loop) : 0;
      call.site.operands[s + 1].base = sources[s] + by;
    }
    call.site.scalars = variant ? &variant->scalars : &nest.contraction->scalars;
    if (points)
      call.site.arguments = {{rule.window->first, points->first},
                             {rule.window->count, points->count}};
    calls.emit(call.site, call.plan, call.extents);
  };
  auto ruleOf = [&](bool begins) -> const Rule & {
    if (begins && first && !start)
      return rules.rules[*nest.contraction->set];
    return variant && variant->subtracts ? rules.rules[*nest.contraction->subtract] : accumulate;
  };
  if (!accumulate.window)
    return emit(ruleOf(true), std::nullopt);
  for (const Points &points : windowsOf(accumulate, at))
    emit(ruleOf(points.first == 0), points);
}

/// What the calls at `at` have, or null when all have the same.
const CallVariant *NestEmitter::variantOf(const Index &at) const {
  const Nest::Contraction &contraction = *nest.contraction;
  if (contraction.variants.empty())
    return nullptr;
  int64_t index = 0;
  for (unsigned l : contraction.variedBy)
    index = index * nest.loops[l].extent + origin[l] + at[l];
  return &contraction.variants[index];
}

/// The windowed loop's points from `at` on, as many calls of almost the same length as there must
/// be.
std::vector<NestEmitter::Points> NestEmitter::windowsOf(const Rule &rule, const Index &at) const {
  unsigned loop = rule.window->loop;
  int64_t points = std::min(pointsOf(nest, loop, rules), size[loop] - at[loop]);
  int64_t most = nest.contraction->windowPoints ? nest.contraction->windowPoints : points;
  int64_t calls = divideCeil(points, most);
  std::vector<Points> windows;
  for (int64_t c = 0; c < calls; ++c) {
    int64_t first = points * c / calls;
    windows.push_back({first, points * (c + 1) / calls - first});
  }
  return windows;
}

/// The calls of `rule` in the current tile, but for their bases.
NestEmitter::Calling &NestEmitter::callingOf(const Rule &rule, llvm::ArrayRef<unsigned> inside) {
  auto [known, added] = calling.try_emplace(&rule);
  Calling &call = known->second;
  if (!added)
    return call;
  call.site.rule = &rule;
  call.site.scalars = &nest.contraction->scalars;
  call.site.operands.push_back({&rule.destination, 0, {}});
  for (size_t s = 0; s < nest.contraction->inputs.size(); ++s)
    call.site.operands.push_back({&rule.sources[s], 0, {}});
  for (unsigned l : inside) {
    call.extents.push_back(size[l]);
    call.site.operands[0].steps.push_back(resultStep(l));
    for (size_t s = 0; s < nest.contraction->inputs.size(); ++s) {
      unsigned i = nest.contraction->inputs[s];
      call.site.operands[s + 1].steps.push_back(nest.inputs[i].hop ? 0 : addressStep(i, l));
    }
  }
  call.plan = calls.plan(call.site, call.extents);
  return call;
}

/// Rows before the block that the contraction leaves its result in.
int64_t NestEmitter::resultBlock() const {
  for (size_t v = 0; v < nest.values.size(); ++v)
    if (nest.values[v].kind == PointwiseValue::Kind::Result)
      return tiling.blockOf[v] * (tiling.results.slotRows / tiling.blocks);
  return 0;
}

int64_t NestEmitter::resultStep(unsigned loop) const {
  if (loop == nest.rowLoop)
    return 1;
  for (size_t o = 0; o < result.outerLoops.size(); ++o)
    if (result.outerLoops[o] == loop)
      return result.pitches[o];
  return 0;
}

/// Where the contraction finds input `i` for the iterations at `at`; loads what is missing there.
int64_t NestEmitter::sourceBase(unsigned i, const Index &at) {
  const StagedInput &input = nest.inputs[i];
  const StagedLayout &layout = layouts[i];
  int64_t chunk = input.rowLoop && !input.view.splat ? at[*input.rowLoop] / widths[i] : 0;
  int64_t row = 0;
  bool repeats = input.view.splat && input.hop; // the same rows for every hop
  for (unsigned l = 0; l < nest.loops.size(); ++l)
    if (l != input.rowLoop && !repeats)
      row += at[l] * addressStep(i, l);
  if (input.hop)
    return hop(i, chunk, row, at);
  require(i, chunk, 0, layout.planeRows);
  return slotBase(i) + chunk * layout.planeRows + row;
}

/// Brings the tile at plane row `row` of lane chunk `chunk` to the operand's own space, unless it
/// is there.
int64_t NestEmitter::hop(unsigned i, int64_t chunk, int64_t row, const Index &at) {
  const StagedInput &input = nest.inputs[i];
  const Rule &rule = rules.rules[*input.hop];
  const StagedLayout &layout = layouts[i];
  unsigned rowLoop = rule.sources[0].loops[0];
  int64_t rows = 1;
  if (input.addressedLoop)
    rows = std::min(rule.loops[rowLoop].max, size[*input.addressedLoop] - at[*input.addressedLoop]);
  int64_t address = slotBase(i) + chunk * layout.planeRows + row;
  const TileOperand &to = target.intrinsics[rule.intrinsic].tiles[rule.destination.operand];
  auto [place, held] = hops.place(to.space, target.spaces[to.space].addresses,
                                  {number, i, address, rows, generationOf(i)});
  if (held)
    return place;
  require(i, chunk, row, rows);
  CallSite site;
  site.rule = &rule;
  site.operands.push_back({&rule.destination, place, {0}});
  site.operands.push_back({&rule.sources[0], address, {0}});
  if (rule.padding)
    site.arguments.push_back({rule.padding->argument, rows});
  else if (auto extent = rule.loops[rowLoop].extent)
    site.arguments.push_back({*extent, rows});
  calls.emit(site, {1});
  return place;
}
