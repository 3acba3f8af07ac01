#include "core/schedule/Tiling.h"

#include "core/schedule/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <cmath>
#include <numeric>
#include <set>

using namespace lathe;
using llvm::divideCeil;

static const TileOperand &tileOf(const Rule &rule, const RuleTile &tile, const Target &target) {
  return target.intrinsics[rule.intrinsic].tiles[tile.operand];
}

int64_t lathe::laneWidth(const Nest &nest, const StagedInput &input, const Rules &rules,
                         const Target &target) {
  if (input.lanes > 0)
    return input.lanes;
  return target.spaces[stagingSpace(input, rules, target)].rowElements();
}

unsigned lathe::stagingSpace(const StagedInput &input, const Rules &rules, const Target &target) {
  const Rule &load = rules.rules[input.load];
  return tileOf(load, load.destination, target).space;
}

unsigned lathe::resultSpace(const Nest &nest, const Rules &rules, const Target &target) {
  if (nest.contraction)
    return nest.contraction->space;
  const Rule &store = rules.rules[nest.store.rule];
  return tileOf(store, store.sources[0], target).space;
}

int64_t lathe::resultLaneWidth(const Nest &nest, const Rules &rules, const Target &target) {
  return target.spaces[resultSpace(nest, rules, target)].rowElements();
}

bool lathe::isScratch(const Nest &nest, unsigned input, const Rules &rules, const Target &target) {
  if (nest.contraction && llvm::is_contained(nest.contraction->inputs, input))
    return false;
  return stagingSpace(nest.inputs[input], rules, target) == resultSpace(nest, rules, target);
}

/// Cycles that one more row holds the pipe of the rule's intrinsic.
static int64_t rowCycles(const Rule &rule, const Target &target) {
  const Intrinsic &intrinsic = target.intrinsics[rule.intrinsic];
  std::optional<unsigned> rows;
  if (rule.destination.addressedDims > 0)
    rows = rule.loops[rule.destination.loops[0]].extent;
  for (auto [argument, cycles] : intrinsic.timing.interval.terms)
    if (rows == argument)
      return std::max<int64_t>(1, cycles);
  return 1;
}

int64_t lathe::pointsOf(const Nest &nest, unsigned l, const Rules &rules) {
  const Rule &rule = rules.rules[*nest.contraction->accumulate];
  bool isShort = rule.window && rule.window->loop == l && nest.contraction->rowPoints > 0;
  return isShort ? nest.contraction->rowPoints : rule.loops[l].max;
}

int64_t lathe::lowerBound(const Nest &nest, const Rules &rules, const Target &target) {
  int64_t rows = 1;
  for (unsigned l = 0; l < nest.loops.size(); ++l) {
    int64_t width = 1;
    if (nest.contraction && l < nest.contraction->loops.size())
      width = l == nest.rowLoop ? 1 : pointsOf(nest, l, rules);
    else if (l == nest.laneLoop)
      width = resultLaneWidth(nest, rules, target);
    rows *= divideCeil(nest.loops[l].extent, width);
  }
  if (nest.contraction)
    rows *= rowCycles(rules.rules[*nest.contraction->accumulate], target);
  return rows;
}

namespace {

/// Estimates one tiling. Built once per nest, asked many times.
class Estimator {
public:
  Estimator(const Nest &nest, const Rules &rules, const Target &target, const TilingLimits &limits)
      : nest(nest), rules(rules), target(target), limits(limits),
        width(resultLaneWidth(nest, rules, target)) {
    assignBlocks();
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      scratch.push_back(isScratch(nest, i, rules, target));
      widths.push_back(laneWidth(nest, nest.inputs[i], rules, target));
    }
  }

  /// Fills regions and cost; false when the tile does not fit.
  bool evaluate(Tiling &tiling, std::string *why) const {
    tiling.blockOf = blockOf;
    tiling.blocks = blocks;
    tiling.cost = {};
    return placeResults(tiling, why) && placeInputs(tiling, why) && cost(tiling);
  }

  unsigned blockCount() const { return blocks; }

  /// The part of a space that the nest may use.
  TilingLimits::Part part(unsigned space) const {
    auto limited = limits.spaces.find(space);
    return limited == limits.spaces.end() ? TilingLimits::Part{0, target.spaces[space].addresses}
                                          : limited->second;
  }

private:
  /// Values in the result's space get blocks; a value computed in place shares its operand's.
  void assignBlocks() {
    unsigned space = resultSpace(nest, rules, target);
    blocks = 0;
    for (const PointwiseValue &value : nest.values) {
      bool shares = value.kind == PointwiseValue::Kind::Compute && value.inPlace;
      bool started = value.kind == PointwiseValue::Kind::Result && !value.operands.empty();
      if (shares)
        blockOf.push_back(blockOf[inPlaceOperand(value)]);
      else if (started)
        blockOf.push_back(blockOf[value.operands.front()]);
      else
        blockOf.push_back(value.space == space ? blocks++ : ~0u);
    }
    blocks = std::max(1u, blocks);
  }

  unsigned inPlaceOperand(const PointwiseValue &value) const {
    const Rule &rule = rules.rules[value.rule];
    for (size_t s = 0; s < rule.sources.size(); ++s)
      if (rule.sources[s].operand == rule.destination.operand)
        return value.operands[s];
    return value.operands[0];
  }

  /// Rows between two blocks of a slot: row i of one is in another bank than row i of the other, so
  /// that an intrinsic reads both at a time.
  int64_t blockPitch(int64_t rows, const Space &space) const {
    if (blocks == 1 || space.banks == 1)
      return rows;
    return rows + (space.banks + 1 - rows % space.banks) % space.banks;
  }

  bool placeResults(Tiling &tiling, std::string *why) const {
    unsigned id = resultSpace(nest, rules, target);
    auto [base, addresses] = part(id);
    ResultLayout layout = layOutResult(nest, tiling.tile, width);
    int64_t rows = blockPitch(layout.rows(), target.spaces[id]) * blocks;
    if (rows > addresses) {
      if (why)
        *why = llvm::formatv("a result tile needs {0} rows, '{1}' has {2}", rows,
                             target.spaces[id].name, addresses);
      return false;
    }
    int64_t tiles = 1;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (!nest.loops[l].reduction)
        tiles *= divideCeil(nest.loops[l].extent, tiling.tile[l]);
    tiling.results = {id, base, rows, std::min(tiles, addresses / rows), tiles == 1};
    return true;
  }

  int64_t pieces(const StagedInput &input, const Tiling &tiling) const {
    int64_t n = 1;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (dependsOn(input, l))
        n *= divideCeil(nest.loops[l].extent, tiling.tile[l]);
    return n;
  }

  /// Inputs of one space share it: two slots each, then more to those that gain from it.
  bool placeInputs(Tiling &tiling, std::string *why) const {
    tiling.inputs.assign(nest.inputs.size(), {});
    std::map<unsigned, std::vector<unsigned>> bySpace;
    for (unsigned i = 0; i < nest.inputs.size(); ++i)
      if (!scratch[i] && !nest.inputs[i].kept)
        bySpace[stagingSpace(nest.inputs[i], rules, target)].push_back(i);
    for (auto &[space, members] : bySpace)
      if (!placeShared(tiling, space, members, why))
        return false;
    return true;
  }

  bool placeShared(Tiling &tiling, unsigned space, llvm::ArrayRef<unsigned> members,
                   std::string *why) const {
    int64_t left = part(space).addresses;
    for (unsigned i : members) {
      StagedLayout layout = layOut(nest.inputs[i], tiling.tile, widths[i]);
      if (!stepsFit(nest.inputs[i], layout, why))
        return false;
      SlotRegion &region = tiling.inputs[i];
      int64_t tiles = pieces(nest.inputs[i], tiling);
      region = {space, 0, layout.rows(), std::min<int64_t>(2, tiles), tiles == 1};
      left -= region.slots * region.slotRows;
    }
    if (left < 0) {
      if (why)
        *why = llvm::formatv("tiles need {0} rows, '{1}' has {2}", part(space).addresses - left,
                             target.spaces[space].name, part(space).addresses);
      return false;
    }
    // All of a small operand first, then what is left to the others.
    std::vector<unsigned> order(members.begin(), members.end());
    llvm::sort(order, [&](unsigned a, unsigned b) {
      return pieces(nest.inputs[a], tiling) * tiling.inputs[a].slotRows <
             pieces(nest.inputs[b], tiling) * tiling.inputs[b].slotRows;
    });
    for (unsigned i : order) {
      SlotRegion &region = tiling.inputs[i];
      int64_t more =
          std::min(pieces(nest.inputs[i], tiling) - region.slots, left / region.slotRows);
      region.slots += more;
      left -= more * region.slotRows;
    }
    int64_t base = part(space).base;
    for (unsigned i : members) {
      tiling.inputs[i].base = base;
      base += tiling.inputs[i].slots * tiling.inputs[i].slotRows;
    }
    return true;
  }

  /// The intrinsic that reads the staged tile steps by what its operand can say.
  bool stepsFit(const StagedInput &input, const StagedLayout &layout, std::string *why) const {
    if (!input.addressedLoop)
      return true;
    int64_t step = layout.addressStep(*input.addressedLoop);
    const TileOperand *reader = readerOf(input);
    if (!reader)
      return true;
    int64_t least = 1, most = 1;
    if (reader->step.kind == Step::Kind::Argument) {
      const Intrinsic &intrinsic = readerIntrinsic(input);
      least = intrinsic.arguments[reader->step.id].min;
      most = intrinsic.arguments[reader->step.id].max;
    } else if (reader->step.kind == Step::Kind::State) {
      least = INT32_MIN;
      most = INT32_MAX;
    }
    if (step >= least && step <= most)
      return true;
    if (why)
      *why = llvm::formatv("'{0}' would step by {1} rows, at most {2} is possible", reader->name,
                           step, most);
    return false;
  }

  const Intrinsic &readerIntrinsic(const StagedInput &input) const {
    unsigned rule = input.hop ? *input.hop : *nest.contraction->accumulate;
    return target.intrinsics[rules.rules[rule].intrinsic];
  }

  const TileOperand *readerOf(const StagedInput &input) const {
    if (!nest.contraction)
      return nullptr;
    if (input.hop) {
      const Rule &hop = rules.rules[*input.hop];
      return &tileOf(hop, hop.sources[0], target);
    }
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    for (size_t s = 0; s < nest.contraction->inputs.size(); ++s)
      if (&nest.inputs[nest.contraction->inputs[s]] == &input)
        return &tileOf(rule, rule.sources[s], target);
    return nullptr;
  }

  int64_t trips(const Tiling &tiling, unsigned loop) const {
    return divideCeil(nest.loops[loop].extent, tiling.tile[loop]);
  }

  /// How many tiles of the input are loaded. A loop it does not depend on passes over the tiles
  /// below once more each time, and turns back where it ended: what is in the slots then is used
  /// again.
  int64_t timesLoaded(const StagedInput &input, const SlotRegion &region,
                      const Tiling &tiling) const {
    int64_t loads = 1, distinct = 1;
    auto visit = [&](unsigned loop) {
      int64_t n = trips(tiling, loop);
      if (!dependsOn(input, loop)) {
        loads = n * loads - (n - 1) * std::min(region.slots, distinct);
        return;
      }
      distinct *= n;
      loads *= n;
    };
    for (unsigned l = nest.loops.size(); l-- > 0;)
      if (nest.loops[l].reduction)
        visit(l);
    for (unsigned l : llvm::reverse(tiling.order))
      visit(l);
    if (tiling.inBlocks)
      visit(nest.rowLoop);
    return loads;
  }

  /// Cycles of the port for the rows of one full tile.
  int64_t tileBeats(const StagedInput &input, const StagedLayout &layout, const Tiling &tiling,
                    int64_t laneWidth) const {
    int64_t lanes = input.rowLoop ? tiling.tile[*input.rowLoop] : 1;
    return std::llround(layout.planeRows *
                        laneBeats(input.view, lanes, laneWidth, host().readBytes));
  }

  /// Beats of one row through all lane chunks, on average over the places in a beat where rows
  /// begin.
  double laneBeats(const HostView &view, int64_t lanes, int64_t laneWidth, int64_t beat) const {
    int64_t element = view.type.bytes();
    int64_t chunks = divideCeil(lanes, laneWidth), rest = lanes - (chunks - 1) * laneWidth;
    if (view.encoding) {
      int64_t bytes = view.encoding->rowBytes, aligned = std::gcd(beat, bytes);
      return double(view.splat ? 1 : chunks) * (bytes + beat - aligned) / beat;
    }
    int64_t grid = std::gcd(beat, view.offset * element); // rows begin at multiples of it
    if (chunks > 1)
      grid = std::gcd(grid, laneWidth * element);
    for (const Coordinate &coordinate : view.coordinates)
      grid = std::gcd(grid, coordinate.stride * element);
    auto beats = [&](int64_t n) {
      return double(llvm::alignTo(n * element, grid) + beat - grid) / beat;
    };
    return view.splat ? beats(lanes < laneWidth ? lanes : laneWidth)
                      : (chunks - 1) * beats(laneWidth) + beats(rest);
  }

  const Space &host() const { return target.spaces[kHostSpace]; }

  bool cost(Tiling &tiling) const {
    TilingCost &cost = tiling.cost;
    int64_t tiles = 1;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      tiles *= trips(tiling, l);
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      const StagedInput &input = nest.inputs[i];
      if (input.kept)
        continue;
      StagedLayout layout = layOut(input, tiling.tile, widths[i]);
      int64_t beats = std::max(tileBeats(input, layout, tiling, widths[i]),
                               layout.rows() * rowCycles(rules.rules[input.load], target));
      int64_t times =
          scratch[i] ? parallelTiles(tiling) : timesLoaded(input, tiling.inputs[i], tiling);
      // Edge tiles are smaller: scale to the elements there are.
      double share = 1;
      for (unsigned l = 0; l < nest.loops.size(); ++l)
        if (dependsOn(input, l))
          share *= double(nest.loops[l].extent) / (trips(tiling, l) * tiling.tile[l]);
      cost.load += int64_t(beats * times * share);
      cost.commands += divideCeil(int64_t(layout.rows() * times * share), 64);
    }
    cost.loadBytes = cost.load * host().readBytes;
    storeCost(tiling);
    computeCost(tiling);
    endCost(tiling, tiles);
    return true;
  }

  int64_t parallelTiles(const Tiling &tiling) const {
    int64_t n = 1;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (!nest.loops[l].reduction)
        n *= trips(tiling, l);
    return n;
  }

  int64_t parallelRows(llvm::ArrayRef<int64_t> sizes) const {
    int64_t rows = 1;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (!nest.loops[l].reduction && l != nest.laneLoop)
        rows *= sizes[l];
    return rows;
  }

  std::vector<int64_t> extents() const {
    std::vector<int64_t> sizes;
    for (const NestLoop &loop : nest.loops)
      sizes.push_back(loop.extent);
    return sizes;
  }

  void storeCost(Tiling &tiling) const {
    int64_t rows = parallelRows(extents());
    int64_t lanes = nest.loops[nest.laneLoop].extent;
    double beats = laneBeats(nest.result, lanes, width, host().writeBytes);
    int64_t moved = rows * int64_t(divideCeil(lanes, width));
    if (nest.place == ResultPlace::Host || nest.hostStore) {
      tiling.cost.store = std::max<int64_t>(std::llround(rows * beats), moved);
      tiling.cost.storeBytes = tiling.cost.store * host().writeBytes;
    }
    if (nest.place == ResultPlace::Kept)
      tiling.cost.store += moved;
    // Values computed here hold their pipe for a row each.
    int64_t computed = llvm::count_if(nest.values, [](const PointwiseValue &value) {
      return value.kind == PointwiseValue::Kind::Compute;
    });
    tiling.cost.compute += computed * rows * divideCeil(lanes, width);
  }

  void computeCost(Tiling &tiling) const {
    if (!nest.contraction)
      return;
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    int64_t rowsFed = 1, rowsPerHop = 1, hopRows = 0;
    std::vector<int64_t> chunksOf(nest.loops.size(), 1);
    for (unsigned l = 0; l < nest.loops.size(); ++l) {
      bool ofRule = l < rule.loops.size();
      int64_t size = ofRule && l != nest.rowLoop ? pointsOf(nest, l, rules) : 1;
      int64_t chunks = 0;
      for (int64_t at = 0; at < nest.loops[l].extent; at += tiling.tile[l])
        chunks += divideCeil(std::min(tiling.tile[l], nest.loops[l].extent - at), size);
      rowsFed *= chunks * callsOfWindow(rule, l, tiling.tile[l]);
      chunksOf[l] = divideCeil(std::min(tiling.tile[l], nest.loops[l].extent), size);
      if (!hopDependsOn(l) && !nest.loops[l].reduction && l != nest.laneLoop)
        rowsPerHop *= std::min(tiling.tile[l], nest.loops[l].extent);
    }
    rowsPerHop *= reductionsPerHop(chunksOf);
    for (unsigned i : nest.contraction->inputs)
      if (nest.inputs[i].hop) {
        const Rule &hop = rules.rules[*nest.inputs[i].hop];
        hopRows = std::max(hopRows, hop.loops[hop.destination.loops[0]].max + 3);
      }
    int64_t fed = rowsFed;
    if (hopRows > rowsPerHop && rowsPerHop < rowsFed)
      fed = rowsFed / rowsPerHop * hopRows;
    tiling.cost.compute += fed * rowCycles(rule, target);
    int64_t runs = std::max<int64_t>(1, std::min(tiling.tile[nest.rowLoop], int64_t(256)));
    tiling.cost.commands +=
        rowsFed / runs + (hopRows ? rowsFed / std::max<int64_t>(1, rowsPerHop) : 0);
  }

  /// Calls that take the points of one chunk of loop `l`.
  int64_t callsOfWindow(const Rule &rule, unsigned l, int64_t tile) const {
    if (!rule.window || rule.window->loop != l || nest.contraction->windowPoints == 0)
      return 1;
    return divideCeil(std::min(tile, pointsOf(nest, l, rules)), nest.contraction->windowPoints);
  }

  /// Innermost reductions that one hop serves, the rule's own inside of the others.
  int64_t reductionsPerHop(llvm::ArrayRef<int64_t> chunksOf) const {
    unsigned ofRule = nest.contraction->loops.size();
    int64_t n = 1;
    auto serves = [&](unsigned l) {
      if (nest.loops[l].reduction)
        n *= hopDependsOn(l) ? 1 : chunksOf[l];
      return !nest.loops[l].reduction || !hopDependsOn(l) || chunksOf[l] == 1;
    };
    for (unsigned l = ofRule; l-- > 0;)
      if (!serves(l))
        return n;
    for (unsigned l = nest.loops.size(); l-- > ofRule;)
      if (!serves(l))
        return n;
    return n;
  }

  bool hopDependsOn(unsigned loop) const {
    return llvm::any_of(nest.contraction->inputs, [&](unsigned i) {
      return nest.inputs[i].hop && dependsOn(nest.inputs[i], loop);
    });
  }

  /// The first tile's first operands, the last tile's last rows; everything when nothing can
  /// overlap.
  void endCost(Tiling &tiling, int64_t tiles) const {
    TilingCost &cost = tiling.cost;
    int64_t rows = parallelRows(tiling.tile);
    int64_t chunks = divideCeil(tiling.tile[nest.laneLoop], width);
    cost.ends = host().latencyCycles + std::min<int64_t>(rows, cost.load) +
                std::min<int64_t>(rows, cost.store);
    if (tiling.results.slots < 2 && tiles > 1)
      cost.ends += cost.store;
    else if (tiling.results.slots < 2)
      cost.ends += rows * (chunks - 1) / 2;
    for (unsigned i = 0; i < nest.inputs.size(); ++i)
      if (!scratch[i] && !nest.inputs[i].kept && tiling.inputs[i].slots < 2 &&
          pieces(nest.inputs[i], tiling) > 1)
        cost.ends += cost.load;
    // Between equals, the one that moves less.
    cost.ends += (cost.load + cost.store) / 64;
  }

  const Nest &nest;
  const Rules &rules;
  const Target &target;
  const TilingLimits &limits;
  int64_t width;
  unsigned blocks = 1;
  std::vector<unsigned> blockOf;
  std::vector<bool> scratch;
  std::vector<int64_t> widths;
};

/// Walks the candidate tiles.
class TilingSearch {
public:
  TilingSearch(const Nest &nest, const Rules &rules, const Target &target,
               const TilingLimits &limits)
      : nest(nest), limits(limits), estimator(nest, rules, target, limits),
        width(resultLaneWidth(nest, rules, target)),
        capacity(estimator.part(resultSpace(nest, rules, target)).addresses) {
    for (unsigned l = 0; l < nest.loops.size(); ++l) {
      int64_t unit = 1;
      if (l == nest.laneLoop)
        unit = width;
      else if (nest.contraction && l < nest.contraction->loops.size() && l != nest.rowLoop)
        unit = pointsOf(nest, l, rules);
      candidates.push_back(splits(nest.loops[l], unit));
      if (limits.rows && l == nest.rowLoop)
        candidates.back() = {std::min(*limits.rows, nest.loops[l].extent)};
      else if (limits.oneResult && !nest.loops[l].reduction)
        candidates.back() = {nest.loops[l].extent};
    }
  }

  std::optional<Tiling> run(std::string &why) {
    // Parallel loops first: whether the result fits depends on them alone.
    for (unsigned pass = 0; pass < 2; ++pass)
      for (unsigned l = 0; l < nest.loops.size(); ++l)
        if (nest.loops[l].reduction == (pass == 1))
          sequence.push_back(l);
    std::vector<int64_t> tile(nest.loops.size()), extents;
    for (unsigned l = 0; l < nest.loops.size(); ++l) {
      tile[l] = candidates[l].back();
      extents.push_back(nest.loops[l].extent);
    }
    wholeRows = layOutResult(nest, extents, width).rows() * estimator.blockCount();
    // Reductions are kept whole and small result tiles left out while anything fits.
    for (bool thorough : {false, true}) {
      exhaustive = thorough;
      visit(0, tile);
      if (best)
        return best;
    }
    why = reason;
    return std::nullopt;
  }

private:
  /// Even splits of a loop into tiles of whole units: all of it, halves, thirds, ... down to one
  /// unit.
  static std::vector<int64_t> splits(const NestLoop &loop, int64_t unit) {
    int64_t units = divideCeil(loop.extent, unit);
    std::vector<int64_t> sizes;
    int64_t previous = -1;
    for (int64_t parts = 1; parts <= units;) {
      int64_t size = divideCeil(units, parts);
      if (size != previous)
        sizes.push_back(std::min(size * unit, loop.extent));
      previous = size;
      int64_t next = loop.role == NestLoop::Role::Row ? parts + std::max<int64_t>(1, parts / 5)
                                                      : parts + std::max<int64_t>(1, parts / 2);
      // The last split is always one unit.
      parts = next > units && parts < units ? units : next;
    }
    if (loop.reduction && loop.role == NestLoop::Role::Outer && sizes.size() > 2)
      sizes = {sizes.front(), sizes.back()};
    return sizes;
  }

  void visit(unsigned depth, std::vector<int64_t> &tile) {
    if (depth == sequence.size())
      return tryOrders(tile);
    unsigned loop = sequence[depth];
    bool reduction = nest.loops[loop].reduction;
    bool outerReduction = reduction && nest.loops[loop].role == NestLoop::Role::Outer;
    for (int64_t size : candidates[loop]) {
      tile[loop] = size;
      bool lastParallel =
          !nest.loops[loop].reduction &&
          (depth + 1 == sequence.size() || nest.loops[sequence[depth + 1]].reduction);
      if (!lastParallel || worthwhile(tile))
        visit(depth + 1, tile);
      if (outerReduction && !exhaustive)
        break;
      // A shorter reduction tile only helps where the longer one could not be double-buffered, or
      // where more of its tiles would stay.
      if (reduction && !exhaustive && std::exchange(roomy, false) && !loadBound)
        break;
    }
    tile[loop] = candidates[loop].back();
  }

  /// A result tile that fits, and is not much smaller than what does, or than all there is.
  bool worthwhile(const std::vector<int64_t> &tile) {
    int64_t rows = layOutResult(nest, tile, width).rows() * estimator.blockCount();
    bool whole = true;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      whole &= nest.loops[l].reduction || tile[l] == nest.loops[l].extent;
    if (rows > capacity && best)
      return false;
    return exhaustive || whole || limits.rows ||
           (rows >= std::min(capacity / 10, wholeRows / 16) && rows <= capacity);
  }

  void tryOrders(const std::vector<int64_t> &tile) {
    Tiling tiling;
    tiling.tile = tile;
    tiling.inBlocks = limits.rows.has_value();
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (!nest.loops[l].reduction && tile[l] < nest.loops[l].extent &&
          !(tiling.inBlocks && l == nest.rowLoop))
        tiling.order.push_back(l);
    std::string why;
    bool permute = tiling.order.size() <= 3;
    do {
      if (!estimator.evaluate(tiling, best ? nullptr : &why)) {
        if (!best)
          reason = why;
        return;
      }
      roomy = llvm::all_of(tiling.inputs, [](const SlotRegion &region) {
        return region.slots != 1 || region.whole;
      });
      loadBound = tiling.cost.load > tiling.cost.compute;
      if (!best || tiling.cost.total() < best->cost.total())
        best = tiling;
      // The order of tiles changes what is loaded again, which matters where loading is the bound.
      permute &= tiling.cost.load * 2 > tiling.cost.compute;
    } while (permute && std::next_permutation(tiling.order.begin(), tiling.order.end()));
  }

  const Nest &nest;
  const TilingLimits &limits;
  Estimator estimator;
  int64_t width, capacity, wholeRows = 0;
  bool exhaustive = false;
  bool roomy = false;             ///< the last tiling had two slots for every input that needs them
  bool loadBound = false;         ///< the last tiling loads longer than it computes
  std::vector<unsigned> sequence; ///< nest loops in the order they are chosen
  std::vector<std::vector<int64_t>> candidates;
  std::optional<Tiling> best;
  std::string reason;
};

} // namespace

std::optional<Tiling> lathe::chooseTiling(const Nest &nest, const Rules &rules,
                                          const Target &target, std::string &why,
                                          const TilingLimits &limits) {
  return TilingSearch(nest, rules, target, limits).run(why);
}
