// Points of the performance counters, whose names say what they count (simulators/rtl/README.md).
//
// A machine that begins idle, with the same memory and the same commands, does the same again: what
// every counter, known or not, grows by in one repetition, it grows by in each. A bit that sticks
// breaks that as soon as the count reaches it.
#include "sdk/verify/Cases.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::verify;

// Many and odd: every low bit of a count takes both values.
static constexpr int kRepeats = 24, kCommands = 21;

namespace {
/// A counter of one name, between two readings.
struct Growth {
  llvm::StringRef name;
  uint64_t by = 0;
};

/// What the counters must have done between two readings with the machine idle at both.
class CounterRules {
public:
  CounterRules(const Target &target, const Script &script) : target(target), script(script) {}
  /// A phrase, or nothing: all is as the names say.
  std::optional<std::string> wrong(const CounterReading &before, const CounterReading &after) const;

private:
  std::optional<uint64_t> exactly(llvm::StringRef name, const CounterReading &before,
                                  const CounterReading &after) const;
  std::optional<std::string> wrongBusy(llvm::ArrayRef<Growth> all, uint64_t cycles) const;

  const Target &target;
  const Script &script;
};
} // namespace

static std::vector<Growth> growths(const Target &target, const CounterReading &before,
                                   const CounterReading &after) {
  std::vector<Growth> all;
  for (auto [name, old, now] : llvm::zip(target.rtl->counters, before.values, after.values))
    all.push_back({name, now - old});
  return all;
}

std::optional<uint64_t> CounterRules::exactly(llvm::StringRef name, const CounterReading &before,
                                              const CounterReading &after) const {
  const Space &host = target.spaces[kHostSpace];
  if (name == "cycles") // reading takes a cycle for each counter and one more
    return after.cycles - before.cycles;
  if (name == "bytes_read")
    return (after.beatsRead - before.beatsRead) * host.readBytes;
  if (name == "bytes_written")
    return (after.beatsWritten - before.beatsWritten) * host.writeBytes;
  if (!name.consume_front("retired_"))
    return std::nullopt;
  uint64_t count = 0;
  for (size_t command = before.commands; command < after.commands; ++command)
    if (auto call = script.callOf(command))
      count += target.intrinsics[call->intrinsic].name == name;
  return count;
}

static uint64_t growthOf(llvm::ArrayRef<Growth> all, const std::string &name) {
  for (const Growth &one : all)
    if (one.name == name)
      return one.by;
  return 0;
}

// In a cycle a unit does one or the other.
std::optional<std::string> CounterRules::wrongBusy(llvm::ArrayRef<Growth> all,
                                                   uint64_t cycles) const {
  for (const Unit &unit : target.units) {
    uint64_t busy = growthOf(all, unit.name + "_busy"), stall = growthOf(all, unit.name + "_stall");
    if (busy > cycles || stall > cycles || busy + stall > cycles)
      return llvm::formatv("'{0}_busy' grows by {1} and '{0}_stall' by {2} in {3} cycles",
                           unit.name, busy, stall, cycles)
          .str();
  }
  return std::nullopt;
}

std::optional<std::string> CounterRules::wrong(const CounterReading &before,
                                               const CounterReading &after) const {
  std::vector<Growth> all = growths(target, before, after);
  for (const Growth &one : all)
    if (auto must = exactly(one.name, before, after); must && *must != one.by)
      return llvm::formatv("'{0}' grows by {1}, must by {2}", one.name, one.by, *must).str();
  return wrongBusy(all, after.cycles - before.cycles);
}

// Nothing has happened yet. The cycles of reset and of reading may be counted.
static std::optional<std::string> wrongAtReset(const Target &target,
                                               const CounterReading &reading) {
  const uint64_t kMostCycles = 64 + reading.values.size();
  for (auto [name, value] : llvm::zip(target.rtl->counters, reading.values))
    if (value > (name == "cycles" ? kMostCycles : 0))
      return llvm::formatv("'{0}' is {1} after reset", name, value).str();
  return std::nullopt;
}

static std::optional<std::string> unequal(llvm::ArrayRef<Growth> now,
                                          llvm::ArrayRef<Growth> before) {
  for (auto [a, b] : llvm::zip(now, before))
    if (a.by != b.by && a.name != "cycles")
      return llvm::formatv("'{0}' grows by {1} when the same commands run again, before by {2}",
                           a.name, a.by, b.by)
          .str();
  return std::nullopt;
}

// ---- programs

// The same commands again and again, idle in between.
static bool buildRepeats(Script &script, unsigned id) {
  CallWish wish;
  wish.intrinsic = id;
  std::optional<Call> call = arrange(script, wish);
  if (!call)
    return false;
  for (int i = 0; i < kRepeats; ++i) {
    script.sync();
    for (int n = 0; n < kCommands; ++n)
      if (!script.test(*call))
        return false;
  }
  script.sync();
  return true;
}

// Everything that the machine can do, queues full.
static bool buildMixture(Script &script) {
  if (!script.prepareAll())
    return false;
  script.sync();
  for (unsigned id = 0; id < script.target().intrinsics.size(); ++id) {
    CallWish wish;
    wish.intrinsic = id;
    wish.keepContents = true;
    std::optional<Call> call = arrange(script, wish);
    script.unprotect();
    for (int n = 0; call && n < kCommands; ++n)
      if (!script.test(*call))
        return false;
  }
  script.sync();
  return true;
}

namespace {
/// A program that ran with its counters read at every rest.
class CounterRun {
public:
  CounterRun(const Bench &bench, llvm::function_ref<bool(Script &)> build)
      : script(bench.target, bench.routes, bench.jit, {1, 4 << 20, SIZE_MAX}),
        judge(bench.target, bench.model), rules(bench.target, script) {
    if (!build(script)) {
      why = script.reason();
      return;
    }
    JudgeOptions options;
    options.variant = bench.variant;
    options.readCounters = true;
    if (auto wrong = judge.run(script, options))
      why = wrong->text;
    else
      why = wrongReadings(bench.target);
  }

  /// Empty when the counters do what their names say.
  const std::string &problem() const { return why; }
  llvm::ArrayRef<CounterReading> readings() const { return judge.readings(); }
  /// Commands before the first under test.
  size_t setUp() const { return script.tested().front(); }

private:
  std::string wrongReadings(const Target &target) const {
    llvm::ArrayRef<CounterReading> all = readings();
    for (const CounterReading &reading : all)
      if (reading.values.size() != target.rtl->counters.size())
        return "the counters cannot be read";
    if (auto wrong = wrongAtReset(target, all.front()))
      return *wrong;
    for (size_t i = 1; i < all.size(); ++i)
      if (auto wrong = rules.wrong(all[i - 1], all[i]))
        return *wrong;
    return {};
  }

  Script script;
  Judge judge;
  CounterRules rules;
  std::string why;
};
} // namespace

static Measurement measureRepeats(const Bench &bench, unsigned id) {
  CounterRun run(bench, [id](Script &script) { return buildRepeats(script, id); });
  if (!run.problem().empty())
    return {false, run.problem()};
  llvm::ArrayRef<CounterReading> all = run.readings();
  while (all.front().commands < run.setUp())
    all = all.drop_front();
  // The first finds the machine as the set-up left it.
  for (size_t i = 3; i < all.size(); ++i)
    if (auto wrong = unequal(growths(bench.target, all[i - 1], all[i]),
                             growths(bench.target, all[i - 2], all[i - 1])))
      return {false, *wrong};
  return {true, llvm::formatv("{0} times {1} commands", kRepeats, kCommands).str()};
}

static Measurement measureMoves(const Bench &bench) {
  CounterRun run(bench, buildMixture);
  if (!run.problem().empty())
    return {false, run.problem()};
  for (auto [name, value] : llvm::zip(bench.target.rtl->counters, run.readings().back().values))
    if (value == 0)
      return {false, "'" + name + "' never counts"};
  return {true, "all of them count"};
}

void verify::addCounterCases(const Target &target, Cases &cases) {
  if (!target.rtl || target.rtl->counters.empty())
    return;
  Case &moves = addCase(cases, PointClass::Counter, "", {});
  moves.measure = measureMoves;
  moves.isClaim = false;
  moves.points.clear();
  for (const std::string &name : target.rtl->counters)
    moves.points.push_back("counter/moves/" + name);
  for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
    Case &again =
        addCase(cases, PointClass::Counter, "counter/again/" + target.intrinsics[id].name, {});
    again.measure = [id](const Bench &bench) { return measureRepeats(bench, id); };
    again.isClaim = false;
  }
}
