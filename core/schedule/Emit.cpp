#include "core/schedule/Emit.h"

#include "core/schedule/Layout.h"
#include "core/schedule/Runs.h"
#include "core/schedule/Slots.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <cassert>

using namespace lathe;
using llvm::divideCeil;

static int64_t rowsOfHop(const Rule &hop) { return hop.loops[hop.sources[0].loops[0]].max; }

void lathe::completeViews(Nest &nest, const Rules &rules) {
  for (StagedInput &input : nest.inputs) {
    if (!input.addressedLoop)
      continue;
    bool walked = llvm::any_of(input.view.coordinates, [&](const Coordinate &coordinate) {
      return llvm::any_of(coordinate.terms,
                          [&](const auto &term) { return term.first == *input.addressedLoop; });
    });
    bool repeats = input.view.splat && input.hop;
    if (!walked)
      input.view.coordinates.push_back(
          {0, {{*input.addressedLoop, 1}}, repeats ? rowsOfHop(rules.rules[*input.hop]) : 0});
  }
}

namespace {

/// Rows of a staged plane that one load covers at most, when the plane is brought in as it is
/// needed.
constexpr int64_t kGranuleRows = 64;

/// One operand tile of the contraction, kept in slots between tiles.
struct Residency {
  SlotPlan plan;
  std::vector<std::vector<bool>> present; ///< per slot: granules loaded
  std::vector<uint32_t> generation;       ///< per slot: how often it was refilled
};

class NestEmitter {
public:
  NestEmitter(const Nest &nest, const Tiling &tiling, const Rules &rules, const Target &target,
              SymbolAddresses &symbols, OpList &ops)
      : nest(nest), tiling(tiling), rules(rules), target(target), symbols(symbols),
        calls(target, ops), width(resultLaneWidth(nest, rules, target)) {
    for (const StagedInput &input : nest.inputs)
      widths.push_back(laneWidth(nest, input, rules, target));
  }

  void run() {
    enumerateTiles();
    planSlots();
    for (size_t t = 0; t < tiles.size(); ++t) {
      current = t;
      placeTile();
      if (nest.contraction)
        contract();
      if (lastOfResult() && !nest.contraction)
        for (int64_t chunk = 0; chunk < result.chunks; ++chunk)
          finishChunk(chunk);
    }
  }

private:
  using Index = llvm::SmallVector<int64_t, 8>;

  /// Whether a tile is the first, the last one of those that add to its result.
  struct Turn {
    bool first, last;
  };

  /// The contraction's calls in the current tile: they differ in their bases only.
  struct Calling {
    CallSite site;
    llvm::SmallVector<int64_t, 6> extents;
    RowPlan plan;
  };

  // ---- tiles
  // -------------------------------------------------------------------------------------

  /// Each loop turns back where it ended, so that what is still on chip is used first.
  void enumerateTiles() {
    std::vector<unsigned> order = tiling.order;
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
        backwards[order[at - 1]] ^= 1;
        --at;
      }
      if (at == 0)
        return;
    }
  }

  int64_t trips(unsigned loop) const {
    return divideCeil(nest.loops[loop].extent, tiling.tile[loop]);
  }

  /// Which of its tiles an input needs in tile `t`.
  int64_t pieceOf(const StagedInput &input, size_t t) const {
    int64_t key = 0;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (dependsOn(input, l))
        key = key * trips(l) + tiles[t][l];
    return key;
  }

  void planSlots() {
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

  bool firstOfResult() const { return turns[current].first; }
  bool lastOfResult() const { return turns[current].last; }

  void placeTile() {
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
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      // What an input does not depend on has the same layout in edge tiles, so that its tiles can
      // stay.
      Index sizes = size;
      for (unsigned l = 0; l < nest.loops.size(); ++l)
        if (!dependsOn(nest.inputs[i], l))
          sizes[l] = tiling.tile[l];
      layouts.push_back(layOut(nest.inputs[i], sizes, widths[i]));
      for (unsigned l = 0; l < nest.loops.size(); ++l)
        addressSteps.push_back(layouts.back().addressStep(l));
      if (tiling.inputs[i].slots == 0)
        continue;
      const SlotUse &use = residency[i].plan.uses[current];
      if (!use.refill)
        continue;
      residency[i].present[use.slot].assign(granuleCount(i), false);
      ++residency[i].generation[use.slot];
    }
  }

  // ---- inputs
  // ------------------------------------------------------------------------------------

  int64_t slotBase(unsigned i) const {
    const SlotRegion &region = tiling.inputs[i];
    return region.base + residency[i].plan.uses[current].slot * region.slotRows;
  }

  /// Bytes of host memory that `nestLoop` advances the view by.
  int64_t hostStep(const HostView &view, unsigned nestLoop) const {
    int64_t step = 0;
    for (const Coordinate &coordinate : view.coordinates)
      for (auto [loop, coefficient] : coordinate.terms)
        if (loop == nestLoop)
          step += coordinate.stride * coefficient;
    return step * view.type.bytes();
  }

  /// Host address of the view's element at the tile's origin, lane chunk `chunk`.
  int64_t hostAddress(const HostView &view, int64_t chunk, int64_t laneWidth) {
    if (view.splat)
      return symbols.addressOfSplat(*view.splat, view.type, laneWidth);
    int64_t elements = view.offset;
    for (const Coordinate &coordinate : view.coordinates)
      for (auto [loop, coefficient] : coordinate.terms)
        elements += coordinate.stride * coefficient * origin[loop];
    if (view.laneLoop)
      elements += origin[*view.laneLoop] + chunk * laneWidth;
    return symbols.addressOf(view.tensor) + elements * view.type.bytes();
  }

  int64_t lanesIn(std::optional<unsigned> loop, int64_t chunk, int64_t laneWidth) const {
    return loop ? std::min(laneWidth, size[*loop] - chunk * laneWidth) : 1;
  }

  /// Axes that together walk host memory with one stride: their product, and how many they are.
  std::pair<int64_t, size_t> uniformRows(const StagedLayout &layout) const {
    int64_t rows = 1, step = 0;
    size_t axes = 0;
    for (; axes < layout.axes.size(); ++axes) {
      const StagedLayout::Axis &axis = layout.axes[axes];
      int64_t axisStep = axis.divisor * axis.coordinate->stride;
      if (axis.count > 1 && rows > 1 && axisStep != step * rows)
        break;
      if (rows == 1)
        step = axisStep;
      rows *= axis.count;
    }
    return {rows, axes};
  }

  int64_t granulesPerPlane(const StagedLayout &layout) const {
    auto [rows, axes] = uniformRows(layout);
    return divideCeil(rows, kGranuleRows) * (layout.planeRows / rows);
  }

  int64_t granuleCount(unsigned i) const {
    return granulesPerPlane(layouts[i]) * layouts[i].chunks;
  }

  /// Loads what is missing of plane rows [first, first + rows) of lane chunk `chunk`.
  void require(unsigned i, int64_t chunk, int64_t first, int64_t rows) {
    const StagedLayout &layout = layouts[i];
    auto [run, axes] = uniformRows(layout);
    int64_t perRun = divideCeil(run, kGranuleRows), perPlane = granulesPerPlane(layout);
    std::vector<bool> &present = residency[i].present[residency[i].plan.uses[current].slot];
    for (int64_t row = first; row < first + rows;) {
      int64_t outer = row / run, granule = row % run / kGranuleRows;
      int64_t from = granule * kGranuleRows;
      int64_t to = std::min(run, from + kGranuleRows);
      int64_t id = chunk * perPlane + outer * perRun + granule;
      row = outer * run + to;
      if (present[id])
        continue;
      // One load for all missing granules that follow in the run and are needed too.
      present[id] = true;
      while (row < first + rows && to < run && !present[id + 1]) {
        present[++id] = true;
        to = std::min(run, to + kGranuleRows);
        row = outer * run + to;
      }
      load(i, chunk, outer, axes, from, to);
    }
  }

  /// Rows [from, to) of uniform run `outer` of the plane.
  void load(unsigned i, int64_t chunk, int64_t outer, size_t axes, int64_t from, int64_t to) {
    const StagedInput &input = nest.inputs[i];
    const StagedLayout &layout = layouts[i];
    int64_t step = 0, host = 0;
    for (size_t a = 0; a < axes; ++a)
      if (layout.axes[a].count > 1) {
        step = layout.axes[a].divisor * layout.axes[a].coordinate->stride;
        break;
      }
    int64_t address = chunk * layout.planeRows;
    for (size_t a = axes; a < layout.axes.size(); ++a) {
      const StagedLayout::Axis &axis = layout.axes[a];
      int64_t index = outer % axis.count;
      outer /= axis.count;
      address += index * axis.pitch;
      host += index * axis.divisor * axis.coordinate->stride;
    }
    int64_t bytes = input.view.type.bytes();
    CallSite site = loadSite(input, chunk, widths[i]);
    site.operands[0].base = slotBase(i) + address + from;
    site.operands[0].steps = {1};
    site.operands[1].base =
        hostAddress(input.view, chunk, widths[i]) + (host + from * step) * bytes;
    site.operands[1].steps = {step * bytes};
    calls.emit(site, {to - from});
  }

  /// A call of the input's load for lane chunk `chunk`: destination and source, without addresses.
  CallSite loadSite(const StagedInput &input, int64_t chunk, int64_t laneWidth) const {
    const Rule &rule = rules.rules[input.load];
    CallSite site;
    site.rule = &rule;
    site.operands.push_back({&rule.destination, 0, {}});
    site.operands.push_back({&rule.sources[0], 0, {}});
    int64_t lanes = input.view.splat ? laneWidth : lanesIn(input.rowLoop, chunk, laneWidth);
    if (rule.padding)
      site.arguments.push_back({rule.padding->argument, lanes});
    else if (auto extent = rule.loops[rule.sources[0].loops.back()].extent)
      site.arguments.push_back({*extent, lanes});
    return site;
  }

  // ---- contraction
  // -------------------------------------------------------------------------------

  /// Iterates the loops that stay outside of the rows: lane chunks, then batches, then reductions.
  void contract() {
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    std::vector<unsigned> outside, inside;
    std::vector<int64_t> counts;
    auto add = [&](unsigned l) {
      outside.push_back(l);
      bool chunked = l < rule.loops.size() && l != nest.rowLoop;
      counts.push_back(chunked ? divideCeil(size[l], rule.loops[l].max) : size[l]);
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
    auto start = startOf(nest.values);
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

  bool hopDependsOn(unsigned loop) const {
    return llvm::any_of(nest.contraction->inputs, [&](unsigned i) {
      return nest.inputs[i].hop && dependsOn(nest.inputs[i], loop);
    });
  }

  void contractChunk(llvm::ArrayRef<unsigned> outside, const Index &index,
                     llvm::ArrayRef<unsigned> inside) {
    const Rule &accumulate = rules.rules[*nest.contraction->accumulate];
    // Offset within the tile of every loop that is outside.
    Index at(nest.loops.size(), 0);
    bool first = firstOfResult();
    for (size_t o = 0; o < outside.size(); ++o) {
      unsigned l = outside[o];
      bool chunked = l < accumulate.loops.size() && l != nest.rowLoop;
      at[l] = index[o] * (chunked ? accumulate.loops[l].max : 1);
      first &= !nest.loops[l].reduction || index[o] == 0;
    }
    const Rule &rule = first && !startOf(nest.values) ? rules.rules[*nest.contraction->set] : accumulate;
    Calling &call = callingOf(rule, inside);
    int64_t &destination = call.site.operands[0].base;
    destination = resultBase + resultBlock() + at[nest.laneLoop] / width * result.planeRows;
    for (size_t o = 0; o < result.outerLoops.size(); ++o)
      destination += at[result.outerLoops[o]] * result.pitches[o];
    for (size_t s = 0; s < nest.contraction->inputs.size(); ++s)
      call.site.operands[s + 1].base = sourceBase(nest.contraction->inputs[s], at);
    calls.emit(call.site, call.plan, call.extents);
  }

  /// The calls of `rule` in the current tile, but for their bases.
  Calling &callingOf(const Rule &rule, llvm::ArrayRef<unsigned> inside) {
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
  int64_t resultBlock() const {
    for (size_t v = 0; v < nest.values.size(); ++v)
      if (nest.values[v].kind == PointwiseValue::Kind::Result)
        return tiling.blockOf[v] * (tiling.results.slotRows / tiling.blocks);
    return 0;
  }

  int64_t resultStep(unsigned loop) const {
    if (loop == nest.rowLoop)
      return 1;
    for (size_t o = 0; o < result.outerLoops.size(); ++o)
      if (result.outerLoops[o] == loop)
        return result.pitches[o];
    return 0;
  }

  int64_t addressStep(unsigned i, unsigned nestLoop) const {
    return addressSteps[i * nest.loops.size() + nestLoop];
  }

  /// Where the contraction finds input `i` for the iterations at `at`; loads what is missing there.
  int64_t sourceBase(unsigned i, const Index &at) {
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
  int64_t hop(unsigned i, int64_t chunk, int64_t row, const Index &at) {
    const StagedInput &input = nest.inputs[i];
    const Rule &rule = rules.rules[*input.hop];
    const StagedLayout &layout = layouts[i];
    unsigned rowLoop = rule.sources[0].loops[0];
    int64_t rows = 1;
    if (input.addressedLoop)
      rows =
          std::min(rule.loops[rowLoop].max, size[*input.addressedLoop] - at[*input.addressedLoop]);
    int64_t address = slotBase(i) + chunk * layout.planeRows + row;
    const TileOperand &to = target.intrinsics[rule.intrinsic].tiles[rule.destination.operand];
    HopCache &cache = hops[i];
    if (cache.holds.empty())
      cache.holds.assign(target.spaces[to.space].addresses, {-1, 0, 0});
    HopTile key{address, rows, residency[i].generation[residency[i].plan.uses[current].slot]};
    auto held = llvm::find(cache.holds, key);
    if (held != cache.holds.end())
      return held - cache.holds.begin();
    require(i, chunk, row, rows);
    int64_t place = cache.next++ % cache.holds.size();
    cache.holds[place] = key;
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

  // ---- what follows, per lane chunk of the result
  // ------------------------------------------------

  void finishChunk(int64_t chunk) {
    for (size_t v = 0; v < nest.values.size(); ++v) {
      const PointwiseValue &value = nest.values[v];
      if (value.kind == PointwiseValue::Kind::Input && v != startOf(nest.values))
        bring(v, chunk);
      else if (value.kind == PointwiseValue::Kind::Compute)
        compute(v, chunk);
    }
    store(chunk);
  }

  llvm::SmallVector<unsigned, 6> resultLoops() const {
    llvm::SmallVector<unsigned, 6> loops{nest.rowLoop};
    loops.append(result.outerLoops.begin(), result.outerLoops.end());
    return loops;
  }

  llvm::SmallVector<int64_t, 6> resultExtents() const {
    llvm::SmallVector<int64_t, 6> extents;
    for (unsigned l : resultLoops())
      extents.push_back(size[l]);
    return extents;
  }

  int64_t blockAddress(size_t value, int64_t chunk) const {
    return resultBase + tiling.blockOf[value] * (tiling.results.slotRows / tiling.blocks) +
           chunk * result.planeRows;
  }

  /// A value as an operand of a call over the result's loops.
  CallOperand valueOperand(size_t v, const RuleTile &tile, int64_t chunk) const {
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

  void bring(size_t v, int64_t chunk) {
    unsigned i = nest.values[v].input;
    const StagedInput &input = nest.inputs[i];
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

  void compute(size_t v, int64_t chunk) {
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

  void store(int64_t chunk) {
    const Rule &rule = rules.rules[nest.store];
    CallSite site;
    site.rule = &rule;
    site.scalars = &nest.storeScalars;
    CallOperand destination{&rule.destination, hostAddress(nest.result, chunk, width), {}};
    for (unsigned l : resultLoops())
      destination.steps.push_back(hostStep(nest.result, l));
    site.operands.push_back(std::move(destination));
    for (size_t s = 0; s < rule.sources.size(); ++s)
      site.operands.push_back(valueOperand(nest.storeOperands[s], rule.sources[s], chunk));
    if (auto extent = rule.loops[rule.destination.loops.back()].extent)
      site.arguments.push_back({*extent, lanesIn(nest.laneLoop, chunk, width)});
    calls.emit(site, resultExtents());
  }

  /// A tile that was brought through a hop: from which staged rows, in which use of their slot.
  struct HopTile {
    int64_t address, rows;
    uint32_t generation;
    bool operator==(const HopTile &) const = default;
  };
  /// What each address of a hop's space holds.
  struct HopCache {
    std::vector<HopTile> holds;
    size_t next = 0;
  };

  const Nest &nest;
  const Tiling &tiling;
  const Rules &rules;
  const Target &target;
  SymbolAddresses &symbols;
  CallEmitter calls;
  int64_t width;
  std::vector<int64_t> widths;

  std::vector<Index> tiles; ///< tile index per loop, in order
  std::vector<Turn> turns;  ///< per tile
  std::vector<Residency> residency;
  std::map<unsigned, HopCache> hops;
  size_t resultCount = 0;

  size_t current = 0;
  Index origin, size;
  ResultLayout result;
  int64_t resultBase = 0;
  std::vector<StagedLayout> layouts;
  std::vector<int64_t> addressSteps;       ///< of each input along each nest loop
  std::map<const Rule *, Calling> calling; ///< by the contraction's rule
};

} // namespace

void lathe::emitNest(const Nest &nest, const Tiling &tiling, const Rules &rules,
                     const Target &target, SymbolAddresses &symbols, OpList &ops) {
  ops.reserve(tiling.cost.commands + tiling.cost.commands / 16);
  NestEmitter(nest, tiling, rules, target, symbols, ops).run();
}
