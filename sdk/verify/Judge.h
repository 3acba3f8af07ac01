// Runs a script on the hardware and says where it differs from what the description means.
#pragma once

#include "sdk/verify/Script.h"
#include "simulators/rtl/RtlSimulator.h"

namespace lathe::verify {

/// The hardware did something else.
struct Mismatch {
  std::optional<unsigned> caseId; ///< nothing: what showed it belongs to no case
  std::string text;
};

struct JudgeOptions {
  MemoryBehaviour ports;
  uint32_t registerSeed = 1; ///< of what registers hold before reset
  const std::atomic<bool> *cancel = nullptr;
};

/// A model that runs scripts, one after the other.
class Judge {
public:
  /// `target` and `model` outlive the judge.
  Judge(const Target &target, const BuiltModel &model) : target(target), model(model) {}

  /// The first difference, in the order of the script: an end that is not idle, an error code, a
  /// byte of host memory, a counter of retired instructions.
  std::optional<Mismatch> run(const Script &script, const JudgeOptions &options);
  /// Commands of the script's last segment that the machine takes while no read is ever answered;
  /// nothing when the segments before it go wrong.
  std::optional<uint64_t> countTaken(const Script &script);
  /// Of the last run: cycles since its last reset in which commands were taken.
  llvm::ArrayRef<uint64_t> commandCycles() const { return cycles; }
  /// Of the last run, by segment: the cycle since its last reset in which it ended.
  llvm::ArrayRef<uint64_t> ends() const { return segmentEnds; }
  /// Of the last run, by segment: the error code at its end.
  llvm::ArrayRef<uint32_t> errorCodes() const { return segmentErrors; }
  /// The hardware's counters as they stand, in the order of the manifest.
  std::vector<uint64_t> counters();
  /// Of the last run's last segment.
  const std::optional<RunResult> &lastResult() const { return last; }
  uint64_t cyclesRun() const { return total; }

private:
  std::optional<std::string> begin(const Script &script, const JudgeOptions &options);
  bool push(const Script &script, const Segment &part);
  std::optional<std::string> runSegment(const Script &script, const Segment &part,
                                        const JudgeOptions &options);
  std::optional<std::string> wrongEnd(const Segment &part, const RunResult &result) const;
  std::optional<Mismatch> compareMemory(const Script &script, llvm::ArrayRef<uint8_t> got) const;
  std::optional<Mismatch> compareCounters(const Script &script);

  const Target &target;
  const BuiltModel &model;
  std::unique_ptr<RtlSimulator> simulator;
  Refusal pending = Refusal::None; ///< refused since the last reset
  std::vector<uint8_t> image;      ///< host memory, as the model has it
  std::vector<uint64_t> cycles, segmentEnds;
  std::vector<uint32_t> segmentErrors;
  std::optional<RunResult> last;
  uint64_t total = 0;
};

/// `VADD dst=4 src=8 rows=2`, host addresses in hexadecimal.
std::string textOf(const Target &target, const Call &call);

} // namespace lathe::verify
