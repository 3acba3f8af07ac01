#include "core/program/Timing.h"

#include <algorithm>
#include <cassert>

using namespace lathe;

namespace {

/// The part of one operand that timing depends on.
struct TimedTile {
  const TileOperand *tile;
  int64_t fixedRows = 1; ///< addresses touched when no argument says
  std::optional<unsigned> rowsArgument;
  std::optional<unsigned> columnsArgument; ///< host: run-time extent of the contiguous dimension
  int64_t fixedColumns = 1;
};

struct TimedIntrinsic {
  const Intrinsic *intrinsic;
  unsigned pipe = 0; ///< global pipe index
  std::vector<TimedTile> tiles;
};

/// Addresses [first, last] of an on-chip operand.
struct Range {
  int64_t first, last;
};

/// When each address of a space was last written, by which pipe, and when each pipe will have read
/// it.
struct SpaceTimes {
  std::vector<int64_t> written;
  std::vector<uint16_t> writer;
  std::vector<std::vector<int64_t>> read; ///< per global pipe; empty until that pipe reads here
};

int64_t rowsOf(const TimedTile &tile, llvm::ArrayRef<int64_t> values) {
  return tile.rowsArgument ? values[*tile.rowsArgument] : tile.fixedRows;
}

int64_t beatsOfRow(int64_t address, int64_t bytes, int64_t width) {
  return (address + bytes - 1) / width - address / width + 1;
}

} // namespace

struct TimingModel::Impl {
  Impl(const Target &target, Mode mode) : target(target), mode(mode) {
    for (const Unit &unit : target.units) {
      firstPipe.push_back(pipeFree.size());
      pipeFree.resize(pipeFree.size() + std::max<size_t>(1, unit.pipes.size()), 0);
    }
    unitStarted.assign(target.units.size(), -1);
    queues.resize(target.units.size());
    for (const Intrinsic &intrinsic : target.intrinsics)
      intrinsics.push_back(describe(intrinsic));
    spaces.resize(target.spaces.size());
    for (size_t s = 0; s < spaces.size(); ++s) {
      if (target.spaces[s].isHost)
        continue;
      spaces[s].written.assign(target.spaces[s].addresses, 0);
      spaces[s].writer.assign(target.spaces[s].addresses, 0xffff);
      spaces[s].read.resize(pipeFree.size());
    }
  }

  TimedIntrinsic describe(const Intrinsic &intrinsic) const {
    TimedIntrinsic timed{&intrinsic, firstPipe[intrinsic.unit] + intrinsic.pipe, {}};
    for (const TileOperand &tile : intrinsic.tiles) {
      const Space &space = target.spaces[tile.space];
      TimedTile out{&tile, 1, {}, {}, 1};
      size_t addressed = tile.shape.size() -
                         std::min(tile.shape.size(), space.isHost ? size_t(1) : space.row.size());
      if (addressed > 0) {
        out.fixedRows = tile.shape[0].size;
        out.rowsArgument = tile.shape[0].argument;
      }
      if (space.isHost && !tile.shape.empty()) {
        out.fixedColumns = tile.shape.back().size;
        out.columnsArgument = tile.shape.back().argument;
      }
      timed.tiles.push_back(out);
    }
    return timed;
  }

  int64_t step(const TileOperand &tile, llvm::ArrayRef<int64_t> values,
               llvm::ArrayRef<int64_t> states) const {
    switch (tile.step.kind) {
    case Step::Kind::One:
      return 1;
    case Step::Kind::State:
      return states[tile.step.id];
    case Step::Kind::Argument:
      return values[tile.step.id];
    }
    return 1;
  }

  Range range(const TimedTile &tile, llvm::ArrayRef<int64_t> values,
              llvm::ArrayRef<int64_t> states) const {
    int64_t base = values[tile.tile->argument];
    int64_t last = base + (rowsOf(tile, values) - 1) * step(*tile.tile, values, states);
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
    int64_t bytes = columns * tile.tile->element.bytes();
    int64_t rows = rowsOf(tile, values), address = values[tile.tile->argument];
    int64_t stride = step(*tile.tile, values, states);
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
      const Space &space = target.spaces[a.tile->space];
      if (space.isHost || !a.tile->read || !a.rowsArgument)
        continue;
      int64_t same = 0;
      for (const TimedTile &b : timed.tiles)
        same += b.tile->read && b.tile->space == a.tile->space && b.rowsArgument &&
                (values[a.tile->argument] - values[b.tile->argument]) % space.banks == 0;
      worst = std::max(worst, (same + space.readsPerCycle - 1) / space.readsPerCycle);
    }
    return worst;
  }

  int64_t settled(const TimedIntrinsic &timed, llvm::ArrayRef<int64_t> values,
                  llvm::ArrayRef<int64_t> states) const {
    int64_t ready = 0;
    for (const TimedTile &tile : timed.tiles) {
      if (target.spaces[tile.tile->space].isHost)
        continue;
      auto [first, last] = range(tile, values, states);
      const SpaceTimes &space = spaces[tile.tile->space];
      assert(first >= 0 && last < int64_t(space.written.size()) && "operand outside of its space");
      for (int64_t a = first; a <= last; ++a)
        ready = std::max(ready, space.writer[a] == timed.pipe ? 0 : space.written[a]);
      if (!tile.tile->written)
        continue;
      for (unsigned pipe = 0; pipe < space.read.size(); ++pipe) {
        if (pipe == timed.pipe || space.read[pipe].empty())
          continue;
        const int64_t *read = space.read[pipe].data();
        for (int64_t a = first; a <= last; ++a)
          ready = std::max(ready, read[a]);
      }
    }
    return ready;
  }

  void record(const TimedIntrinsic &timed, llvm::ArrayRef<int64_t> values,
              llvm::ArrayRef<int64_t> states, int64_t done, int64_t released) {
    for (const TimedTile &tile : timed.tiles) {
      if (target.spaces[tile.tile->space].isHost)
        continue;
      auto [first, last] = range(tile, values, states);
      SpaceTimes &space = spaces[tile.tile->space];
      if (tile.tile->read) {
        auto &read = space.read[timed.pipe];
        if (read.empty())
          read.assign(space.written.size(), 0);
        std::fill(read.begin() + first, read.begin() + last + 1, released);
      }
      if (tile.tile->written) {
        std::fill(space.written.begin() + first, space.written.begin() + last + 1, done);
        std::fill(space.writer.begin() + first, space.writer.begin() + last + 1,
                  static_cast<uint16_t>(timed.pipe));
      }
    }
  }

  Times issue(unsigned index, llvm::ArrayRef<int64_t> values, llvm::ArrayRef<int64_t> states) {
    const TimedIntrinsic &timed = intrinsics[index];
    const Intrinsic &intrinsic = *timed.intrinsic;
    int64_t hold = evaluate(intrinsic.timing.interval, values) * portFactor(timed, values);
    int64_t readLatency = 0, writeLatency = 0;
    bool writesHost = false;
    for (const TimedTile &tile : timed.tiles) {
      const Space &space = target.spaces[tile.tile->space];
      if (!space.isHost)
        continue;
      hold = std::max(hold, beats(tile, values, states));
      writesHost |= tile.tile->written;
      (tile.tile->written ? writeLatency : readLatency) = space.latencyCycles;
    }
    Times times;
    times.start = std::max(pipeFree[timed.pipe], settled(timed, values, states));
    if (mode == Mode::Machine)
      times.start = std::max(times.start, inOrder(intrinsic));
    int64_t end = times.start + hold;
    pipeFree[timed.pipe] = end;
    times.done = end + intrinsic.timing.latencyCycles + readLatency + writeLatency;
    if (writesHost)
      times.lastWrite = end + intrinsic.timing.latencyCycles;
    record(timed, values, states, times.done, end + intrinsic.timing.releaseCycles);
    if (mode == Mode::Machine)
      commit(intrinsic.unit, times);
    return times;
  }

  /// The cycle a command can start at, as far as taking, queueing and the unit's order allow.
  int64_t inOrder(const Intrinsic &intrinsic) {
    auto &queue = queues[intrinsic.unit];
    size_t depth = target.units[intrinsic.unit].queue;
    taken = std::max(taken + target.commandInterval, int64_t(0));
    if (queue.size() >= depth) // the oldest of the last `depth` commands frees an entry
      taken = std::max(taken, queue[queue.size() - depth]);
    return std::max(taken + target.commandLatency, unitStarted[intrinsic.unit] + 1);
  }

  void commit(unsigned unit, const Times &times) {
    unitStarted[unit] = times.start;
    auto &queue = queues[unit];
    // Entries are freed in order: a command that completes early waits for the one before it.
    queue.push_back(std::max(times.done, queue.empty() ? 0 : queue.back()));
  }

  const Target &target;
  Mode mode;
  std::vector<TimedIntrinsic> intrinsics;
  std::vector<unsigned> firstPipe;
  std::vector<int64_t> pipeFree;
  std::vector<int64_t> unitStarted;
  std::vector<std::vector<int64_t>> queues; ///< completion of every command so far, per unit
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

std::vector<std::pair<unsigned, unsigned>> lathe::stateAssignments(const Target &target,
                                                                   const Intrinsic &intrinsic) {
  std::vector<std::pair<unsigned, unsigned>> assignments;
  for (const Statement &statement : intrinsic.semantics.statements) {
    const Tensor &tensor = intrinsic.semantics.tensors[statement.tensor];
    if (tensor.role != Role::State || statement.value->op != Op::Load)
      continue;
    auto state = target.findState(tensor.name);
    auto argument = intrinsic.findArgument(intrinsic.semantics.tensors[statement.value->id].name);
    if (state && argument)
      assignments.push_back({*state, *argument});
  }
  return assignments;
}

Prediction lathe::predict(const InstructionStream &stream, const Target &target) {
  TimingModel model(target, TimingModel::Mode::Machine);
  Prediction prediction;
  prediction.busyCycles.assign(target.units.size(), 0);
  std::vector<std::vector<std::pair<unsigned, unsigned>>> sets;
  for (const Intrinsic &intrinsic : target.intrinsics)
    sets.push_back(stateAssignments(target, intrinsic));
  std::vector<int64_t> states(target.states.size(), 0);
  for (size_t i = 0; i < stream.size(); ++i) {
    unsigned intrinsic = stream.intrinsic(i);
    auto values = stream.values(i);
    for (auto [state, argument] : sets[intrinsic])
      states[state] = values[argument];
    auto times = model.issue(intrinsic, values, states);
    prediction.cycles = std::max(prediction.cycles, times.lastWrite);
    prediction.idleAt = std::max(prediction.idleAt, times.done);
  }
  return prediction;
}
