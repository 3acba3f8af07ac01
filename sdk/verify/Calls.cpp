#include "sdk/verify/Calls.h"

using namespace lathe;
using namespace lathe::verify;
using Range = Script::Range;

std::optional<int64_t> CallWish::given(unsigned argument) const {
  for (auto [which, value] : values)
    if (which == argument)
      return value;
  return std::nullopt;
}

static bool overlap(const Range &a, const Range &b) {
  return a.space == b.space && a.address < b.address + b.rows && b.address < a.address + a.rows;
}

namespace {
/// Chooses the arguments of one call.
class Chooser {
public:
  Chooser(const Target &target, const HostWindows &windows, const CallWish &wish)
      : target(target), windows(windows), wish(wish), intrinsic(target.intrinsics[wish.intrinsic]),
        plan(planIntrinsic(target, intrinsic)), states(target.states.size(), 0) {}

  /// Extents, immediates and steps; at random, or the least of each.
  void chooseSizes(Random *random);
  /// Places on chip that stay inside and apart from what is to be avoided.
  bool choosePlaces(Random *random);
  /// True when the host tiles whose address is given lie in windows.
  bool hostFits() const;
  Chunks access(unsigned tile) const { return plan.tiles[tile].access(call.values, states); }
  /// Writes `elements` of a tile as they lie behind its first byte, at `at`.
  void putElements(unsigned tile, llvm::ArrayRef<uint8_t> elements, uint8_t *at) const;
  std::vector<unsigned> stateSteps;

  Call call;

private:
  void chooseSteps(Random *random);
  Range rangeOf(unsigned tile) const;
  bool sharesEarlierAddress(unsigned tile) const;
  bool isInside(unsigned tile) const;
  bool placeOnChip(unsigned tile, Random *random);

  const Target &target;
  const HostWindows &windows;
  const CallWish &wish;
  const Intrinsic &intrinsic;
  IntrinsicPlan plan;

public:
  std::vector<int64_t> states;
};
} // namespace

void Chooser::chooseSizes(Random *random) {
  call.intrinsic = wish.intrinsic;
  call.values = largestValues(target, intrinsic);
  for (unsigned a = 0; a < intrinsic.arguments.size(); ++a) {
    const Argument &argument = intrinsic.arguments[a];
    int64_t most = std::min(argument.max, std::max(argument.min, wish.mostRows));
    if (auto given = wish.given(a))
      call.values[a] = *given;
    else if (argument.kind == Argument::Kind::Extent)
      call.values[a] = random ? random->between(argument.min, most) : argument.min;
    else if (argument.kind == Argument::Kind::Immediate && random)
      call.values[a] = random->between(argument.min, argument.max);
    else if (argument.kind == Argument::Kind::Immediate)
      call.values[a] = std::clamp<int64_t>(0, argument.min, argument.max);
  }
  chooseSteps(random);
}

// Rows in host memory follow each other, sometimes with a gap; on chip steps are small.
void Chooser::chooseSteps(Random *random) {
  for (const TileOperand &tile : intrinsic.tiles) {
    bool onHost = tile.space == kHostSpace;
    int64_t step = onHost ? denseStep(tile, call.values) + (random ? random->between(0, 20) : 0)
                          : (random ? random->between(0, 3) : 1);
    if (tile.step.kind == Step::Kind::State)
      states[tile.step.id] = step;
    if (tile.step.kind == Step::Kind::Argument && !wish.given(tile.step.id)) {
      const Argument &argument = intrinsic.arguments[tile.step.id];
      call.values[tile.step.id] = std::clamp(step, argument.min, argument.max);
    }
  }
  for (auto [state, value] : wish.states)
    states[state] = value;
}

Range Chooser::rangeOf(unsigned tile) const {
  Chunks chunks = access(tile);
  int64_t unit = plan.tiles[tile].unitBytes;
  int64_t first = chunks.lowest() / unit, end = (chunks.end() + unit - 1) / unit;
  return {intrinsic.tiles[tile].space, first, end - first};
}

// An operand before it begins at the same address, which is chosen there for both.
bool Chooser::sharesEarlierAddress(unsigned tile) const {
  return llvm::any_of(llvm::ArrayRef(intrinsic.tiles).take_front(tile), [&](const auto &other) {
    return other.argument == intrinsic.tiles[tile].argument;
  });
}

bool Chooser::isInside(unsigned tile) const {
  Range range = rangeOf(tile);
  return access(tile).lowest() >= 0 &&
         range.address + range.rows <= target.spaces[range.space].addresses;
}

bool Chooser::placeOnChip(unsigned tile, Random *random) {
  const TileOperand &operand = intrinsic.tiles[tile];
  const Argument &argument = intrinsic.arguments[operand.argument];
  int64_t addresses = target.spaces[operand.space].addresses;
  auto fits = [&](int64_t address) {
    call.values[operand.argument] = address;
    for (unsigned t = tile; t < intrinsic.tiles.size(); ++t) {
      if (intrinsic.tiles[t].argument != operand.argument)
        continue;
      auto meets = [range = rangeOf(t)](const Range &other) { return overlap(range, other); };
      if (!isInside(t) || llvm::any_of(wish.avoid, meets) ||
          (intrinsic.tiles[t].written && llvm::any_of(wish.keep, meets)))
        return false;
    }
    return true;
  };
  if (auto given = wish.given(operand.argument)) {
    call.values[operand.argument] = *given;
    return isInside(tile);
  }
  if (sharesEarlierAddress(tile))
    return true;
  int64_t most = std::min({argument.max, addresses - 1, wish.mostAddress});
  if (wish.leaveRoom && addresses > 2 * wish.mostRows)
    most = std::min(most, addresses / 2 - wish.mostRows);
  for (int attempt = 0; random && attempt < 20; ++attempt)
    if (fits(random->between(argument.min, most)))
      return true;
  for (int64_t address = argument.min; address <= most; ++address)
    if (fits(address))
      return true;
  return false;
}

bool Chooser::choosePlaces(Random *random) {
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (intrinsic.tiles[t].space != kHostSpace && !placeOnChip(t, random))
      return false;
  return true;
}

void Chooser::putElements(unsigned tile, llvm::ArrayRef<uint8_t> elements, uint8_t *at) const {
  Chunks chunks = access(tile);
  if (plan.tiles[tile].map)
    return plan.tiles[tile].map->write(at, chunks.stepBytes, plan.tiles[tile].sizes(call.values),
                                       elements.data());
  for (int64_t i = 0; i < chunks.count; ++i)
    std::copy_n(elements.begin() + i * chunks.chunkBytes, chunks.chunkBytes,
                at + i * chunks.stepBytes);
}

bool Chooser::hostFits() const {
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    if (tile.space != kHostSpace || !wish.given(tile.argument))
      continue;
    Chunks chunks = access(t);
    if (chunks.lowest() < 0 || !windows.toModel(chunks.lowest(), chunks.end() - chunks.lowest()))
      return false;
  }
  return true;
}

bool verify::isPossible(const Target &target, const HostWindows &windows, const CallWish &wish) {
  Chooser chooser(target, windows, wish);
  chooser.chooseSizes(nullptr);
  return chooser.choosePlaces(nullptr) && chooser.hostFits();
}

// ---- in a script

// Host memory for the tiles whose address is not given: their elements at the chosen steps, an odd
// number of bytes behind an aligned address.
static bool placeOnHost(Script &script, const CallWish &wish, Chooser &chooser, unsigned tile) {
  const TileOperand &operand = script.target().intrinsics[wish.intrinsic].tiles[tile];
  int64_t &address = chooser.call.values[operand.argument];
  if (wish.given(operand.argument))
    return true;
  address = 0;
  Chunks chunks = chooser.access(tile);
  int64_t bytes = chunks.end() - chunks.lowest();
  uint64_t offset =
      script.random.between(0, 63) / operand.element.bytes() * operand.element.bytes();
  std::optional<uint64_t> at;
  if (operand.written) {
    at = script.allocateOutput(bytes, offset);
  } else {
    // Bits between the elements of a layout are anything as well.
    ElementType type = operand.layout ? ElementType::integer(8, false) : operand.element;
    std::vector<uint8_t> data =
        randomElements(type, (bytes + type.bytes() - 1) / type.bytes(), script.random);
    for (const auto &[which, elements] : wish.operands)
      if (which == tile)
        chooser.putElements(tile, elements, data.data() + (chunks.first - chunks.lowest()));
    at = script.allocateInput(data, offset);
  }
  address = static_cast<int64_t>(at.value_or(0)) - chunks.lowest();
  return at.has_value() || script.fail("host memory is used up");
}

// Fills the rows of a tile on chip that the call reads.
static bool fillOnChip(Script &script, const CallWish &wish, Chooser &chooser, unsigned tile) {
  const TileOperand &operand = script.target().intrinsics[wish.intrinsic].tiles[tile];
  const Space &space = script.target().spaces[operand.space];
  Chunks chunks = chooser.access(tile);
  const std::vector<uint8_t> *elements = nullptr;
  for (const auto &[which, given] : wish.operands)
    if (which == tile)
      elements = &given;
  if (!elements && (wish.keepContents || !script.routes().writes[operand.space]))
    return true;
  bool inRows = chunks.stepBytes == space.rowBytes() && chunks.chunkBytes == space.rowBytes();
  int64_t rowBytes = space.rowBytes();
  if (!elements) {
    int64_t first = chunks.lowest() / rowBytes, end = (chunks.end() + rowBytes - 1) / rowBytes;
    // A tile that takes all of its space leaves no room for filling others: they stay as they are.
    return script.prepareRandom(operand.space, first, end - first) ||
           script.isDefined({operand.space, first, end - first});
  }
  if (inRows || chunks.count == 1) {
    std::vector<uint8_t> rows = *elements;
    rows.resize((rows.size() + rowBytes - 1) / rowBytes * rowBytes);
    return script.prepare(operand.space, chunks.first / rowBytes, rows);
  }
  for (int64_t i = 0; i < chunks.count; ++i) {
    std::vector<uint8_t> row(rowBytes);
    std::copy_n(elements->begin() + i * chunks.chunkBytes, chunks.chunkBytes, row.begin());
    if (!script.prepare(operand.space, (chunks.first + i * chunks.stepBytes) / rowBytes, row))
      return false;
  }
  return true;
}

static bool fillOperands(Script &script, const CallWish &wish, Chooser &chooser) {
  const Intrinsic &intrinsic = script.target().intrinsics[wish.intrinsic];
  // Those that are filled through other spaces first: that changes the others.
  for (bool fromHost : {false, true})
    for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
      const TileOperand &tile = intrinsic.tiles[t];
      if (tile.space == kHostSpace || !tile.read)
        continue;
      const auto &route = script.routes().writes[tile.space];
      bool direct =
          !route ||
          script.target().intrinsics[route->intrinsic].tiles[route->from].space == kHostSpace;
      if (direct == fromHost && !fillOnChip(script, wish, chooser, t))
        return false;
    }
  return true;
}

static bool setStates(Script &script, const CallWish &wish, const Chooser &chooser) {
  const Intrinsic &intrinsic = script.target().intrinsics[wish.intrinsic];
  for (unsigned state : stepStates(intrinsic))
    if (!script.setState(state, chooser.states[state]))
      return false;
  for (auto [state, value] : wish.states)
    if (!script.setState(state, value))
      return false;
  for (unsigned state : intrinsic.statesRead)
    if (!script.state(state) && !script.setState(state, 0))
      return false;
  return true;
}

std::optional<Call> verify::arrange(Script &script, const CallWish &wish) {
  Chooser chooser(script.target(), script.windows(), wish);
  chooser.chooseSizes(&script.random);
  if (!chooser.choosePlaces(&script.random) || !chooser.hostFits()) {
    chooser.chooseSizes(nullptr);
    if (!chooser.choosePlaces(nullptr) || !chooser.hostFits()) {
      script.fail("no place fits the operands");
      return std::nullopt;
    }
  }
  const Intrinsic &intrinsic = script.target().intrinsics[wish.intrinsic];
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (intrinsic.tiles[t].space == kHostSpace && !placeOnHost(script, wish, chooser, t))
      return std::nullopt;
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t)
    if (const TileOperand &tile = intrinsic.tiles[t]; tile.space != kHostSpace) {
      Chunks chunks = chooser.access(t);
      int64_t unit = script.target().spaces[tile.space].rowBytes();
      script.protect({tile.space, chunks.lowest() / unit,
                      (chunks.end() + unit - 1) / unit - chunks.lowest() / unit});
    }
  bool ready = fillOperands(script, wish, chooser) && setStates(script, wish, chooser);
  return ready ? std::optional(chooser.call) : std::nullopt;
}

std::vector<Range> verify::touched(const Script &script, const Call &call, Touch which) {
  const Intrinsic &intrinsic = script.target().intrinsics[call.intrinsic];
  std::vector<Range> ranges;
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    if (tile.space == kHostSpace || (which == Touch::Written && !tile.written))
      continue;
    Chunks chunks = *script.place(call, t);
    int64_t unit = script.target().spaces[tile.space].rowBytes();
    int64_t first = chunks.lowest() / unit, end = (chunks.end() + unit - 1) / unit;
    ranges.push_back({tile.space, first, end - first});
  }
  return ranges;
}

bool verify::defineRange(Script &script, const Range &range) {
  return script.isDefined(range) || script.prepareRandom(range.space, range.address, range.rows);
}

std::vector<Range> verify::widened(const Script &script, llvm::ArrayRef<Range> ranges) {
  std::vector<Range> wide;
  for (const Range &range : ranges) {
    int64_t first = std::max<int64_t>(0, range.address - 1);
    int64_t end =
        std::min(range.address + range.rows + 1, script.target().spaces[range.space].addresses);
    wide.push_back({range.space, first, end - first});
  }
  return wide;
}

// What takes most of a space leaves no room there for what showing it needs.
static void stageForLarge(Script &script, const CallWish &wish) {
  const Target &target = script.target();
  for (const TileOperand &tile : target.intrinsics[wish.intrinsic].tiles) {
    auto leading = leadingArgument(target, tile);
    auto rows = leading ? wish.given(*leading) : std::nullopt;
    if (tile.written && rows && 2 * *rows > target.spaces[tile.space].addresses)
      script.stage(tile.space);
  }
}

bool verify::runAlone(Script &script, const CallWish &wish) {
  stageForLarge(script, wish);
  std::optional<Call> call = arrange(script, wish);
  if (!call)
    return false;
  std::vector<Range> shown = widened(script, touched(script, *call, Touch::Written));
  for (const Range &range : shown)
    if (range.rows <= 64 && !defineRange(script, range))
      return false;
  script.sync();
  if (!script.test(*call))
    return false;
  script.sync();
  return script.observeRanges(shown);
}
