#include "core/program/Timing.h"

#include "core/program/TimedSpaces.h"

#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cassert>

using namespace lathe;

namespace {

/// The part of one operand that timing depends on, with what it looks at put beside it: a compile
/// issues some hundred thousand instructions, twice.
struct TimedTile {
  const TileOperand *tile;
  unsigned space = 0, addressArgument = 0;
  bool onHost = false, read = false, written = false;
  Step step;
  int64_t fixedRows = 1; ///< addresses touched when no argument says
  std::optional<unsigned> rowsArgument;
  std::optional<unsigned> columnsArgument; ///< host: run-time extent of the contiguous dimension
  int64_t fixedColumns = 1;

  // On chip, of its space.
  Stamp *writtenAt = nullptr;
  BlockTimes *blocks = nullptr;
  int64_t *readAt = nullptr; ///< by this pipe; null when the operand is not read
  llvm::SmallVector<const int64_t *, 4> readByOthers; ///< when the operand is written
};

struct TimedIntrinsic {
  const Intrinsic *intrinsic;
  unsigned pipe = 0; ///< global pipe index
  llvm::SmallVector<TimedTile, 4> tiles;
  bool sharesPorts = false; ///< reads rows of one space through several operands
};

int64_t beatsOfRow(int64_t address, int64_t bytes, int64_t width) {
  return (address + bytes - 1) / width - address / width + 1;
}

} // namespace

struct TimingModel::Impl {
  Impl(const Target &target, Mode mode) : target(target), mode(mode) {
    for (const Unit &unit : target.units) {
      firstPipe.push_back(pipeFree.size());
      pipeFree.resize(pipeFree.size() + std::max<size_t>(1, unit.pipes.size()), 0);
      queues.emplace_back(unit.queue);
      askers.emplace_back(unit.ahead.value_or(unit.queue) + 1);
    }
    beatsTaken.resize(pipeFree.size(), 0);
    asks.resize(target.units.size());
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const TileOperand &tile : intrinsic.tiles)
        if (tile.space == kHostSpace && tile.read)
          asks[intrinsic.unit] = true;
    spaces.resize(target.spaces.size());
    for (size_t s = 0; s < spaces.size(); ++s) {
      if (target.spaces[s].isHost)
        continue;
      spaces[s].written.resize(target.spaces[s].addresses);
      spaces[s].read.resize(pipeFree.size());
      spaces[s].blocks.resize(target.spaces[s].addresses / kBlock + 1);
    }
    for (const Intrinsic &intrinsic : target.intrinsics)
      intrinsics.push_back(describe(intrinsic));
    for (TimedIntrinsic &timed : intrinsics)
      for (TimedTile &tile : timed.tiles)
        if (!tile.onHost && tile.read)
          spaces[tile.space].read[timed.pipe].resize(target.spaces[tile.space].addresses);
    for (TimedIntrinsic &timed : intrinsics)
      for (TimedTile &tile : timed.tiles)
        if (!tile.onHost)
          connect(tile, timed.pipe);
  }

  /// To the times of its space, which do not move any more.
  void connect(TimedTile &tile, unsigned pipe) {
    SpaceTimes &space = spaces[tile.space];
    tile.writtenAt = space.written.data();
    tile.blocks = space.blocks.data();
    tile.readAt = tile.read ? space.read[pipe].data() : nullptr;
    for (unsigned other = 0; other < space.read.size(); ++other)
      if (tile.written && other != pipe && !space.read[other].empty())
        tile.readByOthers.push_back(space.read[other].data());
  }

  TimedIntrinsic describe(const Intrinsic &intrinsic) const {
    TimedIntrinsic timed{&intrinsic, firstPipe[intrinsic.unit] + intrinsic.pipe, {}};
    for (const TileOperand &tile : intrinsic.tiles) {
      const Space &space = target.spaces[tile.space];
      TimedTile out{&tile,     tile.space,   tile.argument, space.isHost,
                    tile.read, tile.written, tile.step};
      size_t addressed = tile.shape.size() -
                         std::min(tile.shape.size(), space.isHost ? size_t(1) : space.row.size());
      if (addressed > 0) {
        out.fixedRows = tile.shape[0].size;
        out.rowsArgument = tile.shape[0].argument;
      }
      if (tile.layout && !tile.layout->hasRows()) {
        out.fixedRows = 1;
        out.rowsArgument.reset();
      }
      if (space.isHost && !tile.shape.empty()) {
        out.fixedColumns = tile.shape.back().size;
        out.columnsArgument = tile.shape.back().argument;
      }
      for (const TimedTile &other : timed.tiles)
        timed.sharesPorts |= takesPort(other) && takesPort(out) && other.tile->space == tile.space;
      timed.tiles.push_back(out);
    }
    return timed;
  }

  static bool takesPort(const TimedTile &tile) {
    return !tile.onHost && tile.read && tile.rowsArgument;
  }

  static int64_t rowsOf(const TimedTile &tile, llvm::ArrayRef<int64_t> values) {
    return tile.rowsArgument ? values[*tile.rowsArgument] : tile.fixedRows;
  }

  static int64_t step(const TimedTile &tile, llvm::ArrayRef<int64_t> values,
                      llvm::ArrayRef<int64_t> states) {
    switch (tile.step.kind) {
    case Step::Kind::Fixed:
      return tile.step.amount;
    case Step::Kind::State:
      return states[tile.step.id];
    case Step::Kind::Argument:
      return values[tile.step.id];
    }
    return 1;
  }

  static Range range(const TimedTile &tile, llvm::ArrayRef<int64_t> values,
                     llvm::ArrayRef<int64_t> states) {
    int64_t base = values[tile.addressArgument];
    int64_t last = base + (rowsOf(tile, values) - 1) * step(tile, values, states);
    return {std::min(base, last), std::max(base, last)};
  }

  /// Aligned words of the port that the rows touch, one a cycle.
  int64_t beats(const TimedTile &tile, llvm::ArrayRef<int64_t> values,
                llvm::ArrayRef<int64_t> states) const {
    const Space &host = target.spaces[tile.tile->space];
    int64_t width = tile.tile->written ? host.writeBytes : host.readBytes;
    if (width <= 0)
      return 0;
    int64_t columns = tile.columnsArgument ? values[*tile.columnsArgument] : tile.fixedColumns;
    int64_t bytes =
        tile.tile->layout ? tile.tile->layout->bytes() : columns * tile.tile->element.bytes();
    int64_t rows = rowsOf(tile, values), address = values[tile.tile->argument];
    int64_t stride = step(tile, values, states);
    if (stride % width == 0)
      return rows * beatsOfRow(address, bytes, width);
    int64_t total = 0;
    for (int64_t r = 0; r < rows; ++r)
      total += beatsOfRow(address + r * stride, bytes, width);
    return total;
  }

  static int64_t evaluate(const CycleCount &count, llvm::ArrayRef<int64_t> values) {
    int64_t cycles = count.base;
    for (auto [argument, factor] : count.terms)
      cycles += factor * values[argument];
    return cycles;
  }

  /// Addresses an intrinsic reads from one space share its banks' ports.
  int64_t portFactor(const TimedIntrinsic &timed, llvm::ArrayRef<int64_t> values) const {
    int64_t worst = 1;
    for (const TimedTile &a : timed.tiles) {
      if (!takesPort(a))
        continue;
      const Space &space = target.spaces[a.tile->space];
      int64_t same = 0;
      for (const TimedTile &b : timed.tiles)
        same += takesPort(b) && b.tile->space == a.tile->space &&
                (values[a.tile->argument] - values[b.tile->argument]) % space.banks == 0;
      worst = std::max(worst, (same + space.readsPerCycle - 1) / space.readsPerCycle);
    }
    return worst;
  }

  /// True when no other pipe has anything to do with the addresses after cycle `since`.
  static bool quiet(const TimedTile &tile, Range range, unsigned pipe, int64_t since) {
    for (uint64_t block = range.first / kBlock, last = range.last / kBlock; block <= last; ++block)
      if (tile.blocks[block].ofOthers(pipe) > since)
        return false;
    return true;
  }

  /// The cycle from `ready` on at which nothing that another pipe does to the operands is pending.
  static int64_t settled(const TimedIntrinsic &timed, const Range *ranges, int64_t ready) {
    for (const TimedTile &tile : timed.tiles) {
      Range range = *ranges++;
      if (tile.onHost || quiet(tile, range, timed.pipe, ready))
        continue;
      for (int64_t a = range.first; a <= range.last; ++a)
        ready = std::max(ready, tile.writtenAt[a].ofOthers(timed.pipe));
      for (const int64_t *read : tile.readByOthers)
        for (int64_t a = range.first; a <= range.last; ++a)
          ready = std::max(ready, read[a]);
    }
    return ready;
  }

  static void record(const TimedIntrinsic &timed, const Range *ranges, int64_t done,
                     int64_t released) {
    for (const TimedTile &tile : timed.tiles) {
      auto [first, last] = *ranges++;
      if (tile.onHost)
        continue;
      if (tile.read)
        std::fill(tile.readAt + first, tile.readAt + last + 1, released);
      if (tile.written)
        std::fill(tile.writtenAt + first, tile.writtenAt + last + 1, Stamp(done, timed.pipe));
      int64_t latest = tile.written ? std::max(done, released) : released;
      for (uint64_t block = first / kBlock, end = last / kBlock; block <= end; ++block)
        tile.blocks[block].add(timed.pipe, latest);
    }
  }

  Times issue(unsigned index, llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> states) {
    const TimedIntrinsic &timed = intrinsics[index];
    const Intrinsic &intrinsic = *timed.intrinsic;
    int64_t hold = evaluate(intrinsic.timing.interval, values);
    if (timed.sharesPorts)
      hold *= portFactor(timed, values);
    int64_t readLatency = 0, writeLatency = 0;
    bool writesHost = false;
    llvm::SmallVector<Range, 4> ranges;
    for (const TimedTile &tile : timed.tiles) {
      if (!tile.onHost) {
        ranges.push_back(range(tile, values, states));
        assert(ranges.back().first >= 0 &&
               ranges.back().last < target.spaces[tile.space].addresses &&
               "operand outside of its space");
        continue;
      }
      ranges.emplace_back();
      hold = std::max(hold, beats(tile, values, states));
      writesHost |= tile.written;
      (tile.written ? writeLatency : readLatency) = target.spaces[tile.space].latencyCycles;
    }
    Times times;
    if (mode == Mode::Machine && hold == 0)
      return passBy();
    int64_t launch = mode == Mode::Machine ? launchOf(intrinsic) : 0;
    if (mode == Mode::Machine && readLatency > 0) {
      times.start = askAhead(intrinsic, timed, ranges.data(), readLatency, hold);
    } else {
      int64_t free = std::max(pipeFree[timed.pipe], beatsTaken[timed.pipe]);
      times.start = settled(timed, ranges.data(), free);
      if (mode == Mode::Machine)
        times.start = std::max(times.start, inOrder(intrinsic)) + launch;
      pipeFree[timed.pipe] = times.start + hold;
    }
    int64_t end = times.end = times.start + hold;
    times.done = end + intrinsic.timing.latencyCycles + readLatency + writeLatency;
    if (writesHost)
      times.lastWrite = end + intrinsic.timing.latencyCycles;
    record(timed, ranges.data(), times.done, end + intrinsic.timing.releaseCycles);
    if (mode == Mode::Machine) {
      queues[intrinsic.unit].push(times.done);
      if (asks[intrinsic.unit])
        askers[intrinsic.unit].push(end + readLatency);
    }
    return times;
  }

  /// Cycles to start what is gathered in a program memory, before the first command of it runs.
  int64_t launchOf(const Intrinsic &intrinsic) {
    const PortBinding *binding =
        target.rtl && target.rtl->binding ? &*target.rtl->binding : nullptr;
    if (!binding || !binding->program || intrinsic.isCall) {
      gathered = 0;
      return 0;
    }
    int64_t cycles = gathered == 0 ? target.launchCycles : 0;
    gathered = (gathered + 1) % binding->program->capacity;
    return cycles;
  }

  /// A command that holds no pipe takes effect as it passes, and enters no queue.
  Times passBy() {
    taken += target.commandInterval;
    return {.start = taken, .end = taken, .done = taken, .lastWrite = 0};
  }

  /// When a command that reads host memory takes its first beat, less the memory's latency. Beats
  /// are asked for once the command is in its unit; what they bring waits for hazards and for the
  /// rows before it, and the port for what waits, once as much is on its way as comes back in that
  /// time.
  int64_t askAhead(const Intrinsic &intrinsic, const TimedIntrinsic &timed, const Range *ranges,
                   int64_t latency, int64_t hold) {
    int64_t asked =
        std::max({pipeFree[timed.pipe], inOrder(intrinsic), askers[intrinsic.unit].free()});
    int64_t first = settled(timed, ranges, std::max(asked + latency, beatsTaken[timed.pipe]));
    beatsTaken[timed.pipe] = first + hold;
    pipeFree[timed.pipe] = std::max(asked + hold, first + hold - 2 * latency);
    return first - latency;
  }

  /// The cycle a command can start at, as far as taking and queueing allow.
  int64_t inOrder(const Intrinsic &intrinsic) {
    taken = std::max(taken + target.commandInterval, queues[intrinsic.unit].free());
    return taken + target.commandLatency;
  }

  const Target &target;
  Mode mode;
  std::vector<TimedIntrinsic> intrinsics;
  std::vector<unsigned> firstPipe;
  std::vector<int64_t> pipeFree;
  std::vector<int64_t> beatsTaken;  ///< per pipe: the last beat of host memory that it asked for
  std::vector<CommandQueue> queues; ///< per unit
  std::vector<CommandQueue> askers; ///< per unit: those that run, and those that may ask ahead
  std::vector<bool> asks;           ///< per unit: it reads host memory
  int64_t gathered = 0;             ///< commands in the program memory
  int64_t taken = -1;
  std::vector<SpaceTimes> spaces;
};

TimingModel::TimingModel(const Target &target, Mode mode)
    : impl(std::make_unique<Impl>(target, mode)) {}
TimingModel::~TimingModel() = default;

TimingModel::Times TimingModel::issue(unsigned intrinsic, llvm::ArrayRef<int64_t> values,
                                      llvm::ArrayRef<int64_t> states) {
  return impl->issue(intrinsic, values, states);
}

// `visit` gets the times of each instruction, in order.
template <typename Visit>
static void forTimes(const InstructionStream &stream, const Target &target, Visit visit) {
  TimingModel model(target, TimingModel::Mode::Machine);
  std::vector<std::vector<std::pair<unsigned, unsigned>>> sets;
  for (const Intrinsic &intrinsic : target.intrinsics)
    sets.push_back(stateAssignments(target, intrinsic));
  std::vector<int64_t> states(target.states.size(), 0);
  for (size_t i = 0; i < stream.size(); ++i) {
    unsigned intrinsic = stream.intrinsic(i);
    auto values = stream.values(i);
    for (auto [state, argument] : sets[intrinsic])
      states[state] = values[argument];
    visit(model.issue(intrinsic, values, states));
  }
}

std::vector<TimingModel::Times> lathe::predictTimes(const InstructionStream &stream,
                                                    const Target &target) {
  std::vector<TimingModel::Times> times;
  times.reserve(stream.size());
  forTimes(stream, target, [&](const TimingModel::Times &one) { times.push_back(one); });
  return times;
}

Prediction lathe::predict(const InstructionStream &stream, const Target &target) {
  Prediction prediction;
  forTimes(stream, target, [&](const TimingModel::Times &one) {
    prediction.cycles = std::max(prediction.cycles, one.lastWrite);
    prediction.idleAt = std::max(prediction.idleAt, one.done);
  });
  return prediction;
}
