// Points of time: what the machine file claims, measured on the RTL.
//
// A program that repeats something n and 2n times is run and predicted; the difference over n is
// what one more repetition costs, free of how programs begin and end.
#include "sdk/verify/Cases.h"
#include "sdk/verify/Judge.h"

#include "core/program/Timing.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::verify;

namespace {
/// Instructions that are repeated: built in a script, where operands are set up.
using Body = std::function<bool(Script &, std::vector<Call> &)>;

struct Run {
  std::string problem; ///< empty: it ran
  double cycles = 0;   ///< from the first tested command taken until idle
  double predicted = 0;
  uint64_t bytes = 0; ///< moved on the memory ports
};
} // namespace

static MemoryBehaviour memoryOf(const Target &target) {
  MemoryBehaviour memory;
  memory.latencyCycles =
      static_cast<uint32_t>(std::max<int64_t>(1, target.spaces[kHostSpace].latencyCycles));
  return memory;
}

static double predictedCycles(const Script &script, llvm::ArrayRef<Call> calls) {
  const Target &target = script.target();
  InstructionStream stream;
  // States as they are, so that strides count.
  for (unsigned state = 0; state < target.states.size(); ++state)
    if (auto setter = script.routes().setters[state]; setter && script.state(state)) {
      std::vector<int64_t> values = largestValues(target, target.intrinsics[setter->first]);
      for (auto [other, argument] : stateAssignments(target, target.intrinsics[setter->first]))
        values[argument] = script.state(other).value_or(0);
      stream.add(setter->first, values);
    }
  for (const Call &call : calls)
    stream.add(call.intrinsic, call.values);
  return static_cast<double>(predict(stream, target).idleAt);
}

static Run runLoop(const Bench &bench, const Body &body, int repeats) {
  Script script(bench.target, bench.routes, bench.jit, {1, 4 << 20, SIZE_MAX});
  std::vector<Call> calls, all;
  if (!body(script, calls))
    return {script.reason(), 0, 0, 0};
  script.sync();
  for (int i = 0; i < repeats; ++i)
    for (const Call &call : calls) {
      if (!script.test(call))
        return {script.reason(), 0, 0, 0};
      all.push_back(call);
    }
  Judge judge(bench.target, bench.model);
  JudgeOptions options;
  options.ports = memoryOf(bench.target);
  options.variant = bench.variant;
  if (auto wrong = judge.run(script, options))
    return {wrong->text, 0, 0, 0};
  uint64_t first = judge.commandCycles()[script.tested().front()];
  const RunResult &end = *judge.lastResult();
  const Space &host = bench.target.spaces[kHostSpace];
  uint64_t bytes = end.beatsRead * host.readBytes + end.beatsWritten * host.writeBytes;
  return {"", static_cast<double>(end.cycles - first), predictedCycles(script, all), bytes};
}

static constexpr int kRepeats = 32;

namespace {
/// Of one more repetition, or of one more row of it.
struct Cost {
  std::string problem;
  double measured = 0, claimed = 0; ///< cycles
};
} // namespace

static Cost costOf(const Bench &bench, const Body &body) {
  Run once = runLoop(bench, body, kRepeats), twice = runLoop(bench, body, 2 * kRepeats);
  if (!once.problem.empty() || !twice.problem.empty())
    return {once.problem.empty() ? twice.problem : once.problem, 0, 0};
  return {"", (twice.cycles - once.cycles) / kRepeats,
          (twice.predicted - once.predicted) / kRepeats};
}

/// Slower than claimed by more than two cycles of a whole run breaks what is planned with the
/// claim.
static bool isKept(const Cost &cost) {
  return cost.measured <= cost.claimed + std::max(0.02 * cost.claimed, 2.0 / kRepeats);
}

static Measurement judged(const Cost &cost, llvm::StringRef of, bool holds) {
  if (!cost.problem.empty())
    return {false, cost.problem};
  return {holds,
          llvm::formatv("{0:F2} cycles {1}, claimed are {2:F2}", cost.measured, of, cost.claimed)
              .str()};
}

/// What one more repetition costs. Faster than claimed is safe, and wrong when it is half of it.
static Measurement compareLoops(const Bench &bench, const Body &body) {
  Cost cost = costOf(bench, body);
  return judged(cost, "each", isKept(cost) && cost.measured > 0.5 * cost.claimed);
}

/// What one more row costs, free of what every instruction does: a claim that is too slow shows.
/// One that is too fast shows in what the whole costs.
static Measurement compareRows(const Bench &bench, const Body &few, const Body &many,
                               int64_t rows) {
  Cost least = costOf(bench, few), most = costOf(bench, many);
  Cost row{least.problem.empty() ? most.problem : least.problem,
           (most.measured - least.measured) / static_cast<double>(rows),
           (most.claimed - least.claimed) / static_cast<double>(rows)};
  return judged(row, "a row", row.measured >= 0.75 * row.claimed);
}

static CallWish rowsWish(const Target &target, unsigned id, int64_t rows) {
  CallWish wish;
  wish.intrinsic = id;
  std::vector<int64_t> largest = largestValues(target, target.intrinsics[id]);
  for (unsigned a = 0; a < target.intrinsics[id].arguments.size(); ++a) {
    const Argument &argument = target.intrinsics[id].arguments[a];
    bool leads = llvm::any_of(target.intrinsics[id].tiles, [&](const TileOperand &tile) {
      return tile.space != kHostSpace && leadingArgument(target, tile) == a;
    });
    if (argument.kind == Argument::Kind::Extent)
      wish.values.push_back({a, leads ? std::clamp(rows, argument.min, largest[a]) : largest[a]});
  }
  for (unsigned step : stepArguments(target.intrinsics[id]))
    wish.values.push_back({step, 1});
  for (const TileOperand &tile : target.intrinsics[id].tiles)
    if (tile.step.kind == Step::Kind::State)
      wish.states.push_back({tile.step.id, denseStep(tile, largest)});
  return wish;
}

// ---- intervals

static Body loopOf(unsigned id, int64_t rows) {
  return [id, rows](Script &script, std::vector<Call> &calls) {
    std::optional<Call> call = arrange(script, rowsWish(script.target(), id, rows));
    if (call)
      calls.push_back(*call);
    return call.has_value();
  };
}

// By how much the leading extent of `many` exceeds that of `few`.
static int64_t moreRows(const CallWish &few, const CallWish &many) {
  for (auto [a, b] : llvm::zip(few.values, many.values))
    if (a.second != b.second)
      return b.second - a.second;
  return 0;
}

static void addIntervals(const Target &target, Cases &cases) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
    constexpr int64_t kFew = 1, kMany = 8;
    int64_t more = moreRows(rowsWish(target, id, kFew), rowsWish(target, id, kMany));
    auto add = [&](const std::string &name, std::function<Measurement(const Bench &)> measure) {
      addCase(cases, PointClass::Timing, "timing/" + name, {}).measure = std::move(measure);
    };
    const std::string &intrinsic = target.intrinsics[id].name;
    auto addLoop = [&](const std::string &name, int64_t rows) {
      add(name,
          [body = loopOf(id, rows)](const Bench &bench) { return compareLoops(bench, body); });
    };
    if (more == 0) {
      addLoop("interval/" + intrinsic, kFew);
      continue;
    }
    for (int64_t rows : {kFew, kMany})
      addLoop("interval/" + intrinsic + "/rows=" + std::to_string(rows), rows);
    add("row/" + intrinsic, [few = loopOf(id, kFew), many = loopOf(id, kMany),
                             more](const Bench &b) { return compareRows(b, few, many, more); });
  }
}

// ---- latencies

// The second reads what the first writes, and the next first waits for the second's sources.
static bool arrangeChain(Script &script, unsigned a, unsigned b, unsigned written, unsigned read,
                         std::vector<Call> &calls) {
  const Target &target = script.target();
  CallWish first = rowsWish(target, a, 4), second = rowsWish(target, b, 4);
  first.mostAddress = 16;
  std::optional<Call> one = arrange(script, first);
  if (!one)
    return false;
  second.avoid = touched(script, *one, Touch::All);
  second.values.push_back({target.intrinsics[b].tiles[read].argument,
                           one->values[target.intrinsics[a].tiles[written].argument]});
  for (auto [state, value] : first.states)
    for (auto &[other, step] : second.states)
      if (other == state)
        step = value;
  std::optional<Call> two = arrange(script, second);
  if (!two)
    return false;
  calls = {*one, *two};
  return true;
}

static void addLatencies(const Target &target, Cases &cases) {
  for (unsigned a = 0; a < target.intrinsics.size(); ++a)
    for (unsigned b = 0; b < target.intrinsics.size(); ++b) {
      const Intrinsic &first = target.intrinsics[a], &second = target.intrinsics[b];
      bool samePipe = first.unit == second.unit && first.pipe == second.pipe;
      for (unsigned i = 0; i < first.tiles.size() && !samePipe; ++i)
        for (unsigned j = 0; j < second.tiles.size(); ++j) {
          const TileOperand &x = first.tiles[i], &y = second.tiles[j];
          if (!x.written || !y.read || x.space != y.space || x.space == kHostSpace)
            continue;
          Body body = [a, b, i, j](Script &script, std::vector<Call> &calls) {
            return arrangeChain(script, a, b, i, j, calls);
          };
          addCase(cases, PointClass::Timing,
                  "timing/latency/" + first.name + ">" + second.name + "." + y.name, {})
              .measure = [body](const Bench &bench) { return compareLoops(bench, body); };
        }
    }
}

// ---- bandwidth and commands

static void addBandwidths(const Target &target, Cases &cases) {
  for (bool isWrite : {false, true}) {
    std::optional<unsigned> best;
    int64_t most = 0;
    for (unsigned id = 0; id < target.intrinsics.size(); ++id)
      for (const TileOperand &tile : target.intrinsics[id].tiles) {
        int64_t bytes = hostBytes(tile, largestValues(target, target.intrinsics[id]));
        if (tile.space == kHostSpace && tile.written == isWrite && bytes > most) {
          best = id;
          most = bytes;
        }
      }
    if (!best)
      continue;
    const Space &host = target.spaces[kHostSpace];
    int64_t claimed = isWrite ? host.writeBytes : host.readBytes;
    Body body = [id = *best](Script &script, std::vector<Call> &calls) {
      CallWish wish = rowsWish(script.target(), id, 64);
      std::optional<Call> call = arrange(script, wish);
      if (call)
        calls.push_back(*call);
      return call.has_value();
    };
    addCase(cases, PointClass::Timing,
            std::string("timing/bandwidth/") + (isWrite ? "write" : "read"), {})
        .measure = [body, claimed](const Bench &bench) -> Measurement {
      Run once = runLoop(bench, body, 8), twice = runLoop(bench, body, 16);
      if (!once.problem.empty() || !twice.problem.empty())
        return {false, once.problem.empty() ? twice.problem : once.problem};
      double measured = (twice.bytes - once.bytes) / (twice.cycles - once.cycles);
      // A unit that lets the port rest between its commands moves less, and its claims say so.
      double planned = (twice.bytes - once.bytes) / (twice.predicted - once.predicted);
      // Tiles need not begin at a beat: of 64 rows one beat may be shared.
      bool holds = measured <= claimed * 1.001 &&
                   measured >= 0.95 * std::min(static_cast<double>(claimed), planned);
      return {holds, llvm::formatv("{0:F2} B/cycle, claimed are {1}", measured, claimed).str()};
    };
  }
}

static void addCommands(const Target &target, Cases &cases) {
  std::optional<unsigned> setter;
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    if (!stateAssignments(target, target.intrinsics[id]).empty())
      setter = setter.value_or(id);
  if (!setter)
    return;
  Body body = [id = *setter](Script &script, std::vector<Call> &calls) {
    calls = {{id, largestValues(script.target(), script.target().intrinsics[id])}};
    return true;
  };
  addCase(cases, PointClass::Timing, "timing/command", {}).measure = [body](const Bench &bench) {
    return compareLoops(bench, body);
  };
}

// ---- queues

static bool readsHost(const Intrinsic &intrinsic) {
  return llvm::any_of(intrinsic.tiles, [](const TileOperand &tile) {
    return tile.space == kHostSpace && tile.read;
  });
}

// Something that waits for host memory, and an intrinsic of the unit that waits for it in turn or
// is it; no response ever comes, so the unit takes what its queue holds.
static std::optional<std::pair<std::optional<unsigned>, unsigned>> blocker(const Target &target,
                                                                           unsigned unit) {
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    if (target.intrinsics[id].unit == unit && readsHost(target.intrinsics[id]))
      return std::pair(std::optional<unsigned>(), id);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    for (unsigned other = 0; other < target.intrinsics.size(); ++other) {
      const Intrinsic &waits = target.intrinsics[id], &first = target.intrinsics[other];
      if (waits.unit != unit || first.unit == unit || !readsHost(first))
        continue;
      for (const TileOperand &x : first.tiles)
        for (const TileOperand &y : waits.tiles)
          if (x.written && y.read && x.space == y.space && x.space != kHostSpace)
            return std::pair(std::optional(other), id);
    }
  return std::nullopt;
}

static bool arrangeQueue(Script &script, std::optional<unsigned> first, unsigned id,
                         int64_t count) {
  const Target &target = script.target();
  CallWish wish = rowsWish(target, id, 1);
  std::vector<Call> calls;
  if (first) {
    std::optional<Call> one = arrange(script, rowsWish(target, *first, 1));
    if (!one)
      return false;
    for (const TileOperand &x : target.intrinsics[*first].tiles)
      for (const TileOperand &y : target.intrinsics[id].tiles)
        if (x.written && y.read && x.space == y.space && x.space != kHostSpace)
          wish.values.push_back({y.argument, one->values[x.argument]});
    calls.push_back(*one);
  }
  std::optional<Call> call = arrange(script, wish);
  if (!call)
    return false;
  calls.insert(calls.end(), count, *call);
  script.sync();
  return llvm::all_of(calls, [&](const Call &each) { return script.test(each); });
}

static Measurement measureQueue(const Bench &bench, std::optional<unsigned> first, unsigned id) {
  const Unit &unit = bench.target.units[bench.target.intrinsics[id].unit];
  Script script(bench.target, bench.routes, bench.jit, {1, 1 << 20, SIZE_MAX});
  if (!arrangeQueue(script, first, id, 2 * unit.queue + 16))
    return {false, script.reason()};
  Judge judge(bench.target, bench.model);
  std::optional<uint64_t> taken = judge.countTaken(script, bench.variant);
  if (!taken)
    return {false, "the program before it does not run"};
  int64_t held = static_cast<int64_t>(*taken) - (first ? 1 : 0);
  // Commands on their way to the unit are taken but not in its queue yet.
  bool holds = held >= unit.queue && held <= unit.queue + bench.target.commandLatency;
  return {holds, std::to_string(held) + " commands are taken, claimed is a queue of " +
                     std::to_string(unit.queue)};
}

static void addQueues(const Target &target, Cases &cases) {
  for (unsigned unit = 0; unit < target.units.size(); ++unit)
    if (auto found = blocker(target, unit)) {
      auto [first, id] = *found;
      addCase(cases, PointClass::Timing, "timing/queue/" + target.units[unit].name, {}).measure =
          [first = first, id = id](const Bench &bench) { return measureQueue(bench, first, id); };
    }
}

void verify::addTimingCases(const Target &target, Cases &cases) {
  addIntervals(target, cases);
  addLatencies(target, cases);
  addBandwidths(target, cases);
  addCommands(target, cases);
  addQueues(target, cases);
}
