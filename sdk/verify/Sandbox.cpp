#include "sdk/verify/Sandbox.h"

using namespace lathe;
using namespace lathe::verify;

static constexpr int64_t kHostBytes = 4 << 20;
static constexpr int64_t kMostFlips = 1024;

/// An intrinsic with its operands in place.
struct Sandbox::Trial {
  unsigned intrinsic = 0;
  std::vector<int64_t> values;
  unsigned fromSpace = 0, toSpace = 0;
  Chunks from, to;
  std::vector<uint8_t> source, before; ///< what `from` and `to` hold before each run
};

Sandbox::Sandbox(const Target &target, Jit &jit) : target(target), machine(target, jit) {
  symbols.push_back({"host", Symbol::Kind::Internal, ElementType::integer(8), {kHostBytes}, 0, {}});
  (void)machine.reset(symbols, kHostBytes);
  for (unsigned space = 0; space < target.spaces.size(); ++space) {
    const Space &which = target.spaces[space];
    int64_t bytes = which.isHost ? kHostBytes : which.addresses * which.rowBytes();
    machine.write(space, 0, oddElements(which.element, bytes / which.element.bytes(), random));
  }
}

void Sandbox::fill(unsigned space, const Chunks &chunks, llvm::ArrayRef<uint8_t> bytes) {
  int64_t unit = target.spaces[space].isHost ? 1 : target.spaces[space].rowBytes();
  const uint8_t *memory = machine.memory(space).data();
  for (int64_t i = 0; i < chunks.count; ++i) {
    int64_t begin = chunks.first + i * chunks.stepBytes, end = begin + chunks.chunkBytes;
    int64_t first = begin / unit, last = (end + unit - 1) / unit;
    std::vector<uint8_t> rows(memory + first * unit, memory + last * unit);
    std::copy_n(bytes.data() + i * chunks.chunkBytes, chunks.chunkBytes,
                rows.data() + begin - first * unit);
    machine.write(space, first, rows);
  }
}

std::vector<uint8_t> Sandbox::bytesAt(unsigned space, const Chunks &chunks) const {
  std::vector<uint8_t> bytes;
  const uint8_t *memory = machine.memory(space).data();
  for (int64_t i = 0; i < chunks.count; ++i) {
    const uint8_t *chunk = memory + chunks.first + i * chunks.stepBytes;
    bytes.insert(bytes.end(), chunk, chunk + chunks.chunkBytes);
  }
  return bytes;
}

// Operands behind each other in their spaces, dense.
bool Sandbox::place(const SeeRoute &route, Others others, Trial &trial) {
  const Intrinsic &intrinsic = target.intrinsics[route.intrinsic];
  IntrinsicPlan plan = planIntrinsic(target, intrinsic);
  trial.intrinsic = route.intrinsic;
  trial.values = route.values;
  std::vector<int64_t> states(target.states.size(), 0), cursor(target.spaces.size(), 0);
  for (const TileOperand &tile : intrinsic.tiles)
    if (tile.step.kind == Step::Kind::State)
      states[tile.step.id] = denseStep(tile, route.values);
  for (auto [state, value] : route.states)
    states[state] = value;
  for (unsigned state = 0; state < states.size(); ++state)
    machine.setState(state, states[state]);
  for (unsigned t = 0; t < intrinsic.tiles.size(); ++t) {
    const TileOperand &tile = intrinsic.tiles[t];
    bool isShared = llvm::any_of(llvm::ArrayRef(intrinsic.tiles).take_front(t),
                                 [&](const auto &it) { return it.argument == tile.argument; });
    if (!isShared)
      trial.values[tile.argument] = cursor[tile.space];
    Chunks chunks = plan.tiles[t].access(trial.values, states);
    int64_t unit = target.spaces[tile.space].isHost ? 64 : target.spaces[tile.space].rowBytes();
    cursor[tile.space] = (chunks.end() + unit - 1) / unit * (tile.space == kHostSpace ? 64 : 1);
    if (chunks.lowest() < 0 || chunks.end() > machine.memory(tile.space).size())
      return false;
    bool isZero = others == Others::Zero && t != route.from;
    int64_t count = tile.layout ? elementsOf(tile, trial.values)
                                : chunks.count * chunks.chunkBytes / tile.element.bytes();
    std::vector<uint8_t> elements =
        isZero ? repeatElement(tile.element, count, 0) : oddElements(tile.element, count, random);
    if (tile.layout)
      machine.write(tile.space, chunks.lowest(), inHostMemory(tile, trial.values, elements));
    else
      fill(tile.space, chunks, elements);
    if (t == route.from)
      trial.from = chunks, trial.fromSpace = tile.space;
    if (t == route.to)
      trial.to = chunks, trial.toSpace = tile.space;
  }
  trial.source = bytesAt(trial.fromSpace, trial.from);
  trial.before = bytesAt(trial.toSpace, trial.to);
  return true;
}

std::optional<std::vector<uint8_t>> Sandbox::result(const Trial &trial) {
  fill(trial.toSpace, trial.to, trial.before);
  if (machine.execute(trial.intrinsic, trial.values))
    return std::nullopt;
  return bytesAt(trial.toSpace, trial.to);
}

double Sandbox::visibility(const SeeRoute &route, Others others) {
  Trial trial;
  if (!place(route, others, trial))
    return 0;
  std::optional<std::vector<uint8_t>> plain = result(trial);
  if (!plain)
    return 0;
  ElementType type = target.intrinsics[route.intrinsic].tiles[route.from].element;
  int64_t elements = trial.source.size() / type.bytes(), bits = elements * type.bits;
  int64_t step = std::max<int64_t>(1, bits / kMostFlips) | 1, flips = 0,
          visible = 0; // odd: every bit of a byte
  for (int64_t bit = 0; bit < bits; bit += step, ++flips) {
    std::vector<uint8_t> changed = trial.source;
    int64_t within = bit % type.bits;
    changed[bit / type.bits * type.bytes() + within / 8] ^= 1 << (within % 8);
    fill(trial.fromSpace, trial.from, changed);
    std::optional<std::vector<uint8_t>> got = result(trial);
    visible += got && *got != *plain;
  }
  fill(trial.fromSpace, trial.from, trial.source);
  return static_cast<double>(visible) / flips;
}

bool Sandbox::tellsAddressesApart(const SeeRoute &route, Others others) {
  constexpr int64_t kMostPairs = 64;
  Trial trial;
  if (!place(route, others, trial))
    return false;
  std::optional<std::vector<uint8_t>> plain = result(trial);
  int64_t rowBytes = target.spaces[trial.fromSpace].rowBytes();
  int64_t rows = trial.source.size() / rowBytes;
  bool apart = plain.has_value();
  for (int64_t row = 0; row + 1 < rows && row < kMostPairs && apart; ++row) {
    std::vector<uint8_t> changed = trial.source;
    auto first = changed.begin() + row * rowBytes;
    std::swap_ranges(first, first + rowBytes, first + rowBytes);
    if (changed == trial.source)
      continue;
    fill(trial.fromSpace, trial.from, changed);
    std::optional<std::vector<uint8_t>> got = result(trial);
    apart = got && *got != *plain;
  }
  fill(trial.fromSpace, trial.from, trial.source);
  return apart;
}
