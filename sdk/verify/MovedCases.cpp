// Points of time that need no claim: the same instructions, all their operands in one memory moved
// by the same distance, take as many cycles as before.
//
// What depends on what stays the same when everything moves, and so does which operands share a
// bank. A machine that waits where it need not, as for operands that do not meet, does so at some
// addresses and not at others, and computes nothing wrong: only time shows it.
#include "sdk/verify/Cases.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::verify;

static constexpr int kPrograms = 6;      // of each memory
static constexpr int kInstructions = 24; // of each program
static constexpr int64_t kWindow = 24;   // addresses in which their operands lie

using Spaces = std::vector<unsigned>;

// `space`, and those that move with it: they hold operands at the address of one that moves.
static Spaces movedTogether(const Target &target, unsigned space) {
  Spaces spaces{space};
  for (size_t i = 0; i < spaces.size(); ++i)
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const TileOperand &one : intrinsic.tiles)
        for (const TileOperand &other : intrinsic.tiles)
          if (one.space == spaces[i] && one.argument == other.argument &&
              !llvm::is_contained(spaces, other.space))
            spaces.push_back(other.space);
  return spaces;
}

// Distances by which a window at address 0 moves.
static std::vector<int64_t> distances(const Space &space, int64_t window, Random &random) {
  int64_t most = space.addresses - window;
  std::vector<int64_t> all;
  for (int64_t bit = 1; bit <= most; bit *= 2)
    all.push_back(bit);
  for (int i = 0; i < 8 && most > 0; ++i)
    all.push_back(random.between(1, most));
  return all;
}

// Every state has a value that no instruction of the program changes: steps without gaps.
static bool setStates(Script &script) {
  const Target &target = script.target();
  if (!script.prepareAll())
    return false;
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.step.kind == Step::Kind::State &&
          !script.setState(tile.step.id, denseStep(tile, largestValues(target, intrinsic))))
        return false;
  return true;
}

static CallWish wishOf(Script &script, unsigned id, int64_t window) {
  const Intrinsic &intrinsic = script.target().intrinsics[id];
  CallWish wish;
  wish.intrinsic = id;
  wish.keepContents = true;
  wish.mostAddress = window / 2;
  std::vector<unsigned> read = stepStates(intrinsic);
  llvm::append_range(read, intrinsic.statesRead);
  for (unsigned state : read)
    if (auto value = script.state(state))
      wish.states.push_back({state, *value});
  for (unsigned step : stepArguments(intrinsic))
    wish.values.push_back({step, 1});
  return wish;
}

static bool staysInside(const Script &script, const Call &call, const Spaces &spaces,
                        int64_t window) {
  return llvm::all_of(touched(script, call, Touch::All), [&](const Script::Range &range) {
    return !llvm::is_contained(spaces, range.space) || range.address + range.rows <= window;
  });
}

static bool touches(const Intrinsic &intrinsic, const Spaces &spaces) {
  return llvm::any_of(intrinsic.tiles, [&](const TileOperand &tile) {
    return llvm::is_contained(spaces, tile.space);
  });
}

// Instructions that move data or compute.
static std::vector<unsigned> movers(const Target &target) {
  std::vector<unsigned> ids;
  for (unsigned id = 0; id < target.intrinsics.size(); ++id)
    if (stateAssignments(target, target.intrinsics[id]).empty())
      ids.push_back(id);
  return ids;
}

// Such instructions at random; every second one touches what is moved.
static std::vector<Call> chooseProgram(Script &script, const Spaces &spaces, int64_t window) {
  const Target &target = script.target();
  std::vector<unsigned> all = movers(target), touching;
  llvm::copy_if(all, std::back_inserter(touching),
                [&](unsigned id) { return touches(target.intrinsics[id], spaces); });
  std::vector<Call> program;
  for (int attempt = 0; attempt < 8 * kInstructions; ++attempt) {
    const std::vector<unsigned> &ids = attempt % 2 ? all : touching;
    unsigned id = ids[script.random.between(0, static_cast<int64_t>(ids.size()) - 1)];
    std::optional<Call> call = arrange(script, wishOf(script, id, window));
    script.unprotect();
    if (call && staysInside(script, *call, spaces, window))
      program.push_back(*call);
    if (program.size() == kInstructions)
      break;
  }
  return program;
}

static std::vector<Call> moved(const Target &target, llvm::ArrayRef<Call> program,
                               const Spaces &spaces, int64_t by) {
  std::vector<Call> calls = program.vec();
  for (Call &call : calls) {
    const Intrinsic &intrinsic = target.intrinsics[call.intrinsic];
    std::vector<bool> isMoved(call.values.size());
    for (const TileOperand &tile : intrinsic.tiles)
      if (llvm::is_contained(spaces, tile.space) && !isMoved[tile.argument]) {
        isMoved[tile.argument] = true; // two tiles may begin at one address
        call.values[tile.argument] += by;
      }
  }
  return calls;
}

static bool runOnce(Script &script, llvm::ArrayRef<Call> calls) {
  script.sync();
  return llvm::all_of(calls, [&](const Call &call) { return script.test(call); });
}

// Cycles of each segment that begins with a command under test, from idle to idle.
static std::vector<uint64_t> lengthsOf(const Script &script, const Judge &judge,
                                       size_t instructions) {
  std::vector<uint64_t> lengths;
  for (size_t i = 0; i < script.tested().size(); i += instructions)
    for (auto [part, length] : llvm::zip(script.segments(), judge.lengths()))
      if (part.first == script.tested()[i])
        lengths.push_back(length);
  return lengths;
}

static Measurement measureMoved(const Bench &bench, unsigned space, int number) {
  Spaces spaces = movedTogether(bench.target, space);
  const Space &memory = bench.target.spaces[*llvm::min_element(spaces, [&](unsigned a, unsigned b) {
    return bench.target.spaces[a].addresses < bench.target.spaces[b].addresses;
  })];
  Script script(bench.target, bench.routes, bench.jit,
                {static_cast<uint64_t>(number) + 1, 1 << 20, SIZE_MAX});
  if (!setStates(script))
    return {false, script.reason()};
  int64_t window = std::min(kWindow, memory.addresses / 2);
  std::vector<Call> program = chooseProgram(script, spaces, window);
  if (llvm::none_of(program, [&](const Call &call) {
        return touches(bench.target.intrinsics[call.intrinsic], spaces);
      }))
    return {false, "no instruction fits " + std::to_string(window) + " addresses of '" +
                       memory.name + "'"};
  // Twice where it is: the first time it finds what the set-up left.
  std::vector<int64_t> all = {0, 0};
  llvm::append_range(all, distances(memory, window, script.random));
  for (int64_t by : all)
    if (!runOnce(script, moved(bench.target, program, spaces, by)))
      return {false, script.reason()};
  script.sync();
  Judge judge(bench.target, bench.model);
  JudgeOptions options;
  options.variant = bench.variant;
  if (auto wrong = judge.run(script, options))
    return {false, wrong->text};
  std::vector<uint64_t> lengths = lengthsOf(script, judge, program.size());
  if (lengths.size() != all.size())
    return {false, "the machine does not rest between the programs"};
  for (size_t i = 2; i < lengths.size(); ++i)
    if (lengths[i] != lengths[1])
      return {false, llvm::formatv("{0} instructions take {1} cycles, and {2} with everything in "
                                   "'{3}' {4} addresses further",
                                   program.size(), lengths[1], lengths[i], memory.name, all[i])
                         .str()};
  return {true, llvm::formatv("{0} instructions take {1} cycles at {2} places", program.size(),
                              lengths[1], lengths.size() - 1)
                    .str()};
}

void verify::addMovedCases(const Target &target, Cases &cases) {
  if (!target.rtl)
    return;
  for (unsigned space = 0; space < target.spaces.size(); ++space) {
    constexpr int64_t kLeastAddresses = 8; // else there is hardly room to move
    bool isTouched = llvm::any_of(
        movers(target), [&](unsigned id) { return touches(target.intrinsics[id], {space}); });
    if (space == kHostSpace || !isTouched || target.spaces[space].addresses < kLeastAddresses)
      continue;
    for (int number = 0; number < kPrograms; ++number) {
      Case &added =
          addCase(cases, PointClass::Timing,
                  "timing/moved/" + target.spaces[space].name + "/" + std::to_string(number), {});
      added.measure = [space, number](const Bench &bench) {
        return measureMoved(bench, space, number);
      };
      added.isClaim = false;
    }
  }
}
