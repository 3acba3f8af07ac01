#include "core/schedule/Chain.h"

#include "core/schedule/NestEmitter.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

#include <deque>

using namespace lathe;
using llvm::divideCeil;

namespace {

constexpr int64_t kFewestRows = 16; ///< of a block: below, commands are short and many
constexpr size_t kMostCandidates = 3;

class ChainTiler {
public:
  ChainTiler(const Chain &given, const Rules &rules, const Target &target, int64_t rows)
      : chain(given), rules(rules), target(target), rows(rows),
        blocks(divideCeil(rowsInAll(given), rows)) {}

  static int64_t rowsInAll(const Chain &chain) {
    const Nest &nest = chain.nests.front();
    return chain.inBlocks ? nest.loops[nest.rowLoop].extent : 1;
  }

  std::optional<Chain> run() {
    if (!placeKept())
      return std::nullopt;
    split();
    chain.tilings.resize(chain.nests.size());
    for (unsigned n = chain.nests.size(); n-- > 0;) // who goes on from a result first
      if (!tile(n))
        return std::nullopt;
    return std::move(chain);
  }

private:
  /// The nest that goes on from what nest `n` leaves.
  std::optional<unsigned> heirOf(unsigned n) const {
    if (chain.nests[n].place != ResultPlace::Left)
      return std::nullopt;
    for (unsigned m = n + 1; m < chain.nests.size(); ++m)
      for (const StagedInput &input : chain.nests[m].inputs)
        if (input.kept == chain.nests[n].kept)
          return m;
    return std::nullopt;
  }

  /// How many blocks of tensor `t` are needed at a time: that being written, and those its readers
  /// have not come to.
  int64_t slotsOf(unsigned t) const {
    unsigned producer = 0, last = 0;
    for (unsigned n = 0; n < chain.nests.size(); ++n) {
      if (chain.nests[n].place != ResultPlace::Host && chain.nests[n].kept == t)
        producer = n;
      for (const StagedInput &input : chain.nests[n].inputs)
        if (input.kept == t)
          last = std::max(last, chain.depth[n]);
    }
    return std::min<int64_t>(blocks, last - chain.depth[producer] + 1);
  }

  /// Kept tensors from the beginning of their spaces on.
  bool placeKept() {
    for (const Nest &nest : chain.nests) {
      if (nest.place != ResultPlace::Kept)
        continue;
      KeptTensor &tensor = chain.kept[nest.kept];
      const Space &space = target.spaces[tensor.space];
      tensor.planeRows = chain.inBlocks ? rows : tensor.rows;
      tensor.slotRows = tensor.planeRows * divideCeil(tensor.rowElements, space.rowElements());
      tensor.slots = slotsOf(nest.kept);
      tensor.base = taken[tensor.space];
      taken[tensor.space] += tensor.slotRows * tensor.slots;
      if (taken[tensor.space] > space.addresses)
        return false;
    }
    return true;
  }

  std::vector<unsigned> spacesOf(unsigned n) const {
    const Nest &nest = chain.nests[n];
    std::vector<unsigned> spaces;
    auto add = [&](unsigned space) {
      if (!llvm::is_contained(spaces, space))
        spaces.push_back(space);
    };
    if (!heirOf(n))
      add(resultSpace(nest, rules, target));
    for (unsigned i = 0; i < nest.inputs.size(); ++i)
      if (!nest.inputs[i].kept && !isScratch(nest, i, rules, target))
        add(stagingSpace(nest.inputs[i], rules, target));
    return spaces;
  }

  /// What kept tensors leave of each space goes to the nests that use it in equal parts.
  void split() {
    std::map<unsigned, std::vector<unsigned>> users;
    limits.resize(chain.nests.size());
    for (unsigned n = 0; n < chain.nests.size(); ++n)
      for (unsigned space : spacesOf(n))
        users[space].push_back(n);
    for (const auto &[space, nests] : users) {
      int64_t part = (target.spaces[space].addresses - taken[space]) / int64_t(nests.size());
      for (auto [k, n] : llvm::enumerate(nests))
        limits[n].spaces[space] = {taken[space] + int64_t(k) * part, part};
    }
  }

  bool tile(unsigned n) {
    const Nest &nest = chain.nests[n];
    TilingLimits &limit = limits[n];
    if (chain.inBlocks)
      limit.rows = rows;
    auto heir = heirOf(n);
    auto start = startOf(nest.values);
    bool takesOver = start && nest.inputs[nest.values[*start].input].kept;
    limit.oneResult = heir || takesOver;
    if (heir) {
      const SlotRegion &results = chain.tilings[*heir].results;
      limit.spaces[results.space] = {results.base, results.slotRows * results.slots};
    }
    std::string why;
    auto tiling = chooseTiling(nest, rules, target, why, limit);
    if (!tiling)
      return false;
    if (heir)
      shareResults(n, *tiling, *heir);
    else if (takesOver &&
             tiling->results.slots < slotsOf(*nest.inputs[nest.values[*start].input].kept))
      return false;
    chain.tilings[n] = std::move(*tiling);
    return true;
  }

  /// Nest `n` leaves its result in the block from which `heir` goes on.
  void shareResults(unsigned n, Tiling &tiling, unsigned heir) const {
    const Tiling &other = chain.tilings[heir];
    tiling.results = other.results;
    tiling.blocks = other.blocks;
    unsigned block = other.blockOf[*startOf(chain.nests[heir].values)];
    for (size_t v = 0; v < tiling.blockOf.size(); ++v)
      if (chain.nests[n].values[v].space == other.results.space)
        tiling.blockOf[v] = block;
  }

  Chain chain;
  const Rules &rules;
  const Target &target;
  int64_t rows, blocks;
  std::map<unsigned, int64_t> taken; ///< by space: addresses of kept tensors
  std::vector<TilingLimits> limits;
};

/// What bounds all nests together, and the blocks that fill and drain the chain.
int64_t costOf(const Chain &chain, int64_t rows, const Target &target) {
  TilingCost sum;
  unsigned deepest = 0;
  for (unsigned n = 0; n < chain.nests.size(); ++n) {
    const TilingCost &cost = chain.tilings[n].cost;
    sum.load += cost.load;
    sum.compute += cost.compute;
    sum.store += cost.store;
    sum.commands += cost.commands;
    deepest = std::max(deepest, chain.depth[n]);
  }
  if (!chain.inBlocks)
    for (const Tiling &tiling : chain.tilings)
      sum.ends += tiling.cost.ends;
  else
    sum.ends = target.spaces[kHostSpace].latencyCycles + (deepest + 2) * rows;
  return sum.total();
}

} // namespace

std::vector<Chain> lathe::tileChain(const Chain &chain, const Rules &rules, const Target &target) {
  std::vector<std::pair<int64_t, Chain>> tiled;
  int64_t all = ChainTiler::rowsInAll(chain), previous = -1;
  for (int64_t parts = 1; parts <= all; parts += std::max<int64_t>(1, parts / 2)) {
    int64_t rows = divideCeil(all, parts);
    if (rows == previous)
      continue;
    previous = rows;
    if (parts > 1 && rows < kFewestRows)
      break;
    if (auto found = ChainTiler(chain, rules, target, rows).run()) {
      int64_t cost = costOf(*found, rows, target);
      tiled.push_back({cost, std::move(*found)});
    }
  }
  llvm::stable_sort(tiled, [](const auto &a, const auto &b) { return a.first < b.first; });
  std::vector<Chain> best;
  for (auto &[cost, found] : tiled)
    if (best.size() < kMostCandidates)
      best.push_back(std::move(found));
  return best;
}

std::vector<Tally> lathe::emitChain(const Chain &chain, const Rules &rules, const Target &target,
                                    SymbolAddresses &symbols, OpList &ops) {
  HopSpaces hops;
  std::deque<NestEmitter> emitters;
  std::vector<Tally> tallies(chain.nests.size());
  unsigned deepest = 0;
  for (unsigned n = 0; n < chain.nests.size(); ++n) {
    emitters.emplace_back(chain.nests[n], chain.tilings[n], chain.kept, n, rules, target, symbols,
                          hops, ops);
    deepest = std::max(deepest, chain.depth[n]);
  }
  auto counted = [&](unsigned n, auto &&emit) {
    size_t before = ops.size();
    emit();
    tallies[n].add(ops, before, ops.size(), target);
  };
  const Nest &first = chain.nests.front();
  int64_t blocks = chain.inBlocks ? divideCeil(first.loops[first.rowLoop].extent,
                                               chain.tilings.front().tile[first.rowLoop])
                                  : 0;
  for (unsigned n = 0; !chain.inBlocks && n < chain.nests.size(); ++n)
    counted(n, [&] { emitters[n].run(); });
  for (int64_t step = 0; chain.inBlocks && step < blocks + deepest; ++step)
    for (unsigned n = 0; n < chain.nests.size(); ++n)
      if (step >= chain.depth[n] && step - chain.depth[n] < blocks)
        counted(n, [&] { emitters[n].runBlock(); });
  return tallies;
}
