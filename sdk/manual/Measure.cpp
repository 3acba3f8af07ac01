#include "sdk/manual/Measure.h"

#include "core/program/Timing.h"
#include "sdk/manual/Narrate.h"

using namespace lathe;
using namespace lathe::manual;

static constexpr unsigned kRepeats = 9;

// Host memory from address 0 on that holds whatever the instruction touches: its operands' rows are
// at most as far apart as they are long, since states are zero after reset.
static uint64_t hostBytesOf(const Intrinsic &intrinsic) {
  uint64_t most = 64;
  for (const TileOperand &tile : intrinsic.tiles) {
    if (tile.space != kHostSpace)
      continue;
    uint64_t bytes = static_cast<uint64_t>(tile.element.bytes());
    for (const Dimension &dimension : tile.shape)
      bytes *= static_cast<uint64_t>(dimension.size);
    most = std::max(most, bytes);
  }
  return most;
}

static Program programOf(const Target &target, unsigned intrinsic, unsigned times) {
  const Intrinsic &it = target.intrinsics[intrinsic];
  Program program;
  program.kernel = it.name;
  program.target = target.name + "@" + target.machine;
  program.imageBytes = hostBytesOf(it);
  Symbol &memory = program.symbols.emplace_back();
  memory.name = "memory";
  memory.kind = Symbol::Kind::Output;
  memory.type = ElementType::integer(8);
  memory.sizes = {static_cast<int64_t>(program.imageBytes)};
  ProgramStep &step = program.steps.emplace_back();
  std::vector<int64_t> values = exampleValues(target, it);
  for (unsigned i = 0; i < times; ++i)
    step.instructions.add(intrinsic, values);
  return program;
}

static std::string extentsOf(const Target &target, const Intrinsic &intrinsic) {
  std::string text;
  std::vector<int64_t> values = exampleValues(target, intrinsic);
  for (unsigned i = 0; i < values.size(); ++i)
    if (intrinsic.arguments[i].kind == Argument::Kind::Extent)
      text +=
          (text.empty() ? "" : " ") + intrinsic.arguments[i].name + "=" + std::to_string(values[i]);
  return text;
}

namespace {
struct Cycles {
  int64_t measured, predicted;
};
} // namespace

// From the cycle in which the first command is taken until the machine is idle.
static std::optional<Cycles> cyclesOf(const Program &program, const Target &target, Jit &jit,
                                      const RtlRunOptions &options, Diagnostics &diagnostics) {
  std::optional<RtlOutcome> outcome = runOnRtl(program, target, {}, jit, options, diagnostics);
  if (!outcome || outcome->commandCycles.empty())
    return std::nullopt;
  int64_t idle = static_cast<int64_t>(outcome->last.cycles - outcome->commandCycles.front());
  return Cycles{idle, predict(program.steps.front().instructions, target).idleAt};
}

std::optional<std::vector<std::optional<MeasuredTiming>>>
lathe::manual::measureTiming(const Target &target, Jit &jit, const RtlRunOptions &options,
                             Diagnostics &diagnostics) {
  RtlRunOptions recording = options;
  recording.recordCommands = true;
  std::vector<std::optional<MeasuredTiming>> timings;
  for (unsigned i = 0; i < target.intrinsics.size(); ++i) {
    auto one = cyclesOf(programOf(target, i, 1), target, jit, recording, diagnostics);
    auto many = one ? cyclesOf(programOf(target, i, kRepeats), target, jit, recording, diagnostics)
                    : std::nullopt;
    if (!many)
      return std::nullopt;
    MeasuredTiming &timing = timings.emplace_back().emplace();
    timing.operands = extentsOf(target, target.intrinsics[i]);
    timing.cycles = one->measured;
    timing.predictedCycles = one->predicted;
    timing.interval = static_cast<double>(many->measured - one->measured) / (kRepeats - 1);
    timing.predictedInterval =
        static_cast<double>(many->predicted - one->predicted) / (kRepeats - 1);
  }
  return timings;
}
