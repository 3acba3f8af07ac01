// Points of dependence: every ordered pair of intrinsics, by what the second must wait for, by
// bank, and by how many cycles later it comes.
#include "sdk/verify/Cases.h"

using namespace lathe;
using namespace lathe::verify;

static constexpr int64_t kRows = 3;

namespace {
enum class Dependence : uint8_t { Raw, War, Waw, None };

/// What the two instructions share: a space through one tile of each, a state, or nothing.
struct Shared {
  Dependence dependence = Dependence::None;
  std::optional<std::pair<unsigned, unsigned>> tiles;
  std::optional<unsigned> state;
  std::string name; ///< "raw:spm.dst>a"
  bool otherBank = false;
};

struct Pair {
  unsigned first = 0, second = 0; ///< intrinsics
  Shared shared;
  uint32_t gap = 0;
};
} // namespace

static llvm::StringRef name(Dependence dependence) {
  constexpr llvm::StringLiteral kNames[] = {"raw", "war", "waw", "none"};
  return kNames[static_cast<unsigned>(dependence)];
}

static bool dependsBy(Dependence dependence, bool firstReads, bool firstWrites, bool secondReads,
                      bool secondWrites) {
  switch (dependence) {
  case Dependence::Raw:
    return firstWrites && secondReads;
  case Dependence::War:
    return firstReads && secondWrites;
  case Dependence::Waw:
    return firstWrites && secondWrites;
  case Dependence::None:
    return false;
  }
  return false;
}

static constexpr Dependence kDependences[] = {Dependence::Raw, Dependence::War, Dependence::Waw};

// Operands that begin in different banks and still meet, or operands apart: in both banks.
static void addBanks(const Target &target, const Intrinsic &a, Shared shared,
                     std::vector<Shared> &all) {
  shared.otherBank = false;
  all.push_back(shared);
  if (!shared.tiles)
    return;
  const TileOperand &tile = a.tiles[shared.tiles->first];
  auto leading = leadingArgument(target, tile);
  const Space &space = target.spaces[tile.space];
  bool spansBanks = leading && largestValues(target, a)[*leading] > 1;
  if (space.banks > 1 && (spansBanks || shared.dependence == Dependence::None)) {
    shared.otherBank = true;
    all.push_back(shared);
  }
}

// Addresses of a tile whose extents are `rows` where they may be.
static int64_t rowsOfTile(const Target &target, const Intrinsic &intrinsic, const TileOperand &tile,
                          int64_t rows) {
  auto leading = leadingArgument(target, tile);
  return leading ? std::clamp(rows, intrinsic.arguments[*leading].min,
                              largestValues(target, intrinsic)[*leading])
                 : addressesOf(target, tile, {});
}

// True when operands of so many rows cannot lie apart: a space is too small, and one of them is
// written.
static bool mustMeet(const Target &target, const Intrinsic &a, const Intrinsic &b, int64_t rows) {
  for (const TileOperand &x : a.tiles)
    for (const TileOperand &y : b.tiles)
      if (x.space == y.space && x.space != kHostSpace && (x.written || y.written) &&
          rowsOfTile(target, a, x, rows) + rowsOfTile(target, b, y, rows) >
              target.spaces[x.space].addresses)
        return true;
  return false;
}

static std::vector<Shared> sharedOf(const Target &target, const Intrinsic &a, const Intrinsic &b) {
  std::vector<Shared> all;
  Shared apart{Dependence::None, {}, {}, "none", false};
  for (unsigned i = 0; i < a.tiles.size(); ++i)
    for (unsigned j = 0; j < b.tiles.size(); ++j) {
      const TileOperand &x = a.tiles[i], &y = b.tiles[j];
      if (x.space != y.space || x.space == kHostSpace)
        continue;
      if (!apart.tiles)
        apart.tiles = {i, j};
      for (Dependence dependence : kDependences)
        if (dependsBy(dependence, x.read, x.written, y.read, y.written))
          addBanks(
              target, a,
              {dependence,
               std::pair(i, j),
               {},
               (name(dependence) + ":" + target.spaces[x.space].name + "." + x.name + ">" + y.name)
                   .str(),
               false},
              all);
    }
  for (unsigned state = 0; state < target.states.size(); ++state)
    for (Dependence dependence : kDependences)
      if (dependsBy(dependence, llvm::is_contained(a.statesRead, state),
                    llvm::is_contained(a.statesWritten, state),
                    llvm::is_contained(b.statesRead, state),
                    llvm::is_contained(b.statesWritten, state)))
        all.push_back({dependence,
                       {},
                       state,
                       (name(dependence) + ":" + target.states[state].name).str(),
                       false});
  bool alwaysDepend = llvm::any_of(a.statesWritten, [&](unsigned state) {
    return llvm::is_contained(b.statesRead, state) || llvm::is_contained(stepStates(b), state);
  });
  if (!alwaysDepend && !mustMeet(target, a, b, 1))
    addBanks(target, a, apart, all);
  return all;
}

static std::vector<std::pair<unsigned, int64_t>>
rowsOf(const Target &target, const Intrinsic &intrinsic, int64_t rows = kRows) {
  std::vector<std::pair<unsigned, int64_t>> given;
  for (const TileOperand &tile : intrinsic.tiles)
    if (auto leading = leadingArgument(target, tile))
      if (llvm::none_of(given, [&](auto &one) { return one.first == *leading; }))
        given.push_back({*leading, rowsOfTile(target, intrinsic, tile, rows)});
  return given;
}

// One value for the steps of both, so that setting up the second leaves the first as it is.
static void giveSteps(const Target &target, Script &script, const Pair &pair, CallWish &first,
                      CallWish &second) {
  int64_t step = 0;
  for (unsigned id : {pair.first, pair.second})
    for (const TileOperand &tile : target.intrinsics[id].tiles)
      if (tile.step.kind == Step::Kind::State)
        step = std::max(step, denseStep(tile, largestValues(target, target.intrinsics[id])));
  step += script.random.between(0, 9);
  for (unsigned state : stepStates(target.intrinsics[pair.first]))
    first.states.push_back({state, step});
  for (unsigned state : stepStates(target.intrinsics[pair.second]))
    second.states.push_back({state, step});
}

// Leaves room behind the first's operand for the second's.
static void placeFirst(const Target &target, Script &script, const Pair &pair, CallWish &first) {
  if (!pair.shared.tiles)
    return;
  const Intrinsic &intrinsic = target.intrinsics[pair.first];
  const TileOperand &tile = intrinsic.tiles[pair.shared.tiles->first];
  const Space &space = target.spaces[tile.space];
  int64_t most = space.addresses - 3 * rowsOfTile(target, intrinsic, tile, kRows) - space.banks;
  first.values.push_back({tile.argument, script.random.between(0, std::max<int64_t>(0, most))});
}

// Places the second's operand on the first's: at the same address, or one further.
static void meet(const Target &target, const Pair &pair, const Call &first, CallWish &second) {
  auto [a, b] = *pair.shared.tiles;
  const Intrinsic &one = target.intrinsics[pair.first], &two = target.intrinsics[pair.second];
  const TileOperand &x = one.tiles[a], &y = two.tiles[b];
  int64_t address = first.values[x.argument];
  const Space &space = target.spaces[x.space];
  int64_t further = pair.shared.otherBank ? 1 : 0;
  if (pair.shared.dependence == Dependence::None) // a multiple of the banks further
    further += (rowsOfTile(target, one, x, kRows) + space.banks - 1) / space.banks * space.banks;
  if (address + further + rowsOfTile(target, two, y, kRows) <= space.addresses)
    second.values.push_back({y.argument, address + further});
}

// What the first touches; where there is no other place, both may read the same.
static void avoidRest(const Script &script, const Call &first, CallWish &second) {
  second.avoid = touched(script, first, Touch::All);
  if (isPossible(script.target(), script.windows(), second))
    return;
  second.keep = second.avoid;
  second.avoid = touched(script, first, Touch::Written);
}

// The state that both have to do with: another value before the first instruction.
static bool disturbState(Script &script, const Pair &pair, const Call &second) {
  const Target &target = script.target();
  if (!pair.shared.state || pair.shared.dependence != Dependence::Raw)
    return true;
  for (auto [state, argument] : stateAssignments(target, target.intrinsics[pair.first])) {
    int64_t wanted = script.state(state).value_or(0);
    ElementType type = target.states[state].element;
    if (!script.setState(state, wanted == type.max() ? 0 : wanted + 1))
      return false;
  }
  return true;
}

static bool run(Script &script, const Pair &pair) {
  const Target &target = script.target();
  const Intrinsic &a = target.intrinsics[pair.first], &b = target.intrinsics[pair.second];
  CallWish first, second;
  first.intrinsic = pair.first;
  second.intrinsic = pair.second;
  bool isTight = pair.shared.dependence == Dependence::None && mustMeet(target, a, b, kRows);
  first.values = rowsOf(target, a, isTight ? 1 : kRows);
  second.values = rowsOf(target, b, isTight ? 1 : kRows);
  giveSteps(target, script, pair, first, second);
  placeFirst(target, script, pair, first);
  std::optional<Call> one = arrange(script, first);
  if (!one)
    return false;
  if (pair.shared.tiles)
    meet(target, pair, *one, second);
  if (pair.shared.dependence == Dependence::None || pair.shared.state)
    avoidRest(script, *one, second);
  std::optional<Call> two = arrange(script, second);
  if (!two)
    return false;
  // A state that the first sets is what the second was arranged for.
  if (pair.shared.state && pair.shared.dependence == Dependence::Raw)
    for (auto [state, argument] : stateAssignments(target, a))
      one->values[argument] = script.state(state).value_or(one->values[argument]);
  std::vector<Script::Range> shown = touched(script, *one, Touch::Written);
  llvm::append_range(shown, touched(script, *two, Touch::Written));
  if (!disturbState(script, pair, *two))
    return false;
  script.sync();
  if (!script.test(*one) || !script.test(*two, pair.gap))
    return false;
  script.sync();
  return script.observeRanges(widened(script, shown));
}

// Cycles from when the first is taken until it is done with its last row, and one more.
static uint32_t longestGap(const Target &target, const Intrinsic &intrinsic) {
  std::vector<int64_t> values = largestValues(target, intrinsic);
  for (auto [argument, rows] : rowsOf(target, intrinsic))
    values[argument] = rows;
  int64_t cycles = intrinsic.timing.interval.base;
  for (auto [argument, factor] : intrinsic.timing.interval.terms)
    cycles += factor * values[argument];
  cycles = std::max(intrinsic.timing.latencyCycles, intrinsic.timing.releaseCycles) + cycles;
  return static_cast<uint32_t>(std::min<int64_t>(cycles + 1, 64));
}

void verify::addHazardCases(const Target &target, Cases &cases) {
  for (unsigned a = 0; a < target.intrinsics.size(); ++a)
    for (unsigned b = 0; b < target.intrinsics.size(); ++b)
      for (const Shared &shared : sharedOf(target, target.intrinsics[a], target.intrinsics[b])) {
        uint32_t longest = longestGap(target, target.intrinsics[a]);
        for (uint32_t gap = 0; gap <= longest; ++gap) {
          Pair pair{a, b, shared, gap};
          std::string bank = !shared.tiles ? "" : shared.otherBank ? "/other" : "/same";
          addCase(cases, PointClass::Hazard,
                  "hazard/" + target.intrinsics[a].name + ">" + target.intrinsics[b].name + "/" +
                      shared.name + bank + "/gap" + std::to_string(gap),
                  [pair](Script &script) { return run(script, pair); });
        }
      }
}
