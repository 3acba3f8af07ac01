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

/// A machine of a netlist that holds several, and how long it is waited for.
struct Variant {
  uint32_t select = 0; ///< see RtlSimulator::Options
  uint64_t hangCycles = 20'000;
  uint64_t mostCycles = 4'000'000; ///< of a segment
  double seconds = 0;              ///< of a segment; 0: no limit
  /// Cycles of each segment on the machine without a fault: three times as many are too many.
  llvm::ArrayRef<uint64_t> usual = {};
};

struct JudgeOptions {
  MemoryBehaviour ports;
  uint32_t registerSeed = 1; ///< of what registers hold before reset
  Variant variant = {};
  const std::atomic<bool> *cancel = nullptr;
  bool readCounters = false; ///< first, and after each segment; of scripts without a restart
};

/// The counters while the machine is idle.
struct CounterReading {
  std::vector<uint64_t> values; ///< in the order of the manifest
  /// As the simulator counts, since reset.
  uint64_t cycles = 0, beatsRead = 0, beatsWritten = 0;
  size_t commands = 0; ///< of the script, given so far
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
  std::optional<uint64_t> countTaken(const Script &script, const Variant &variant = {});
  /// Of the last run: cycles since its last reset in which commands were taken.
  llvm::ArrayRef<uint64_t> commandCycles() const { return cycles; }
  /// Of the last run, by segment: how many cycles it took.
  llvm::ArrayRef<uint64_t> lengths() const { return segmentCycles; }
  /// Of the last run, by segment: the cycle since its last reset in which it ended.
  llvm::ArrayRef<uint64_t> ends() const { return segmentEnds; }
  /// Of the last run, by segment: the error code at its end.
  llvm::ArrayRef<uint32_t> errorCodes() const { return segmentErrors; }
  /// Of the last run that ended as it must: the hardware's counters, in the order of the manifest.
  llvm::ArrayRef<uint64_t> counters() const { return counterValues; }
  /// Of the last run, when its options asked for it.
  llvm::ArrayRef<CounterReading> readings() const { return counterReadings; }
  /// Of the last run's last segment.
  const std::optional<RunResult> &lastResult() const { return last; }
  uint64_t cyclesRun() const { return total; }

private:
  std::optional<std::string> begin(const Script &script, const JudgeOptions &options);
  bool push(const Script &script, const Segment &part);
  uint64_t mostCycles(const Variant &variant) const;
  std::optional<std::string> runSegment(const Script &script, const Segment &part,
                                        const JudgeOptions &options);
  std::optional<std::string> wrongEnd(const Segment &part, const RunResult &result) const;
  std::optional<Mismatch> compareMemory(const Script &script, llvm::ArrayRef<uint8_t> got) const;
  std::optional<Mismatch> compareCounters(const Script &script);
  void readCounters(size_t commands);

  const Target &target;
  const BuiltModel &model;
  /// For places in what the simulator says.
  struct Texts {
    Sources sources;
    Diagnostics diagnostics{sources};
  };
  std::unique_ptr<Texts> texts = std::make_unique<Texts>();
  std::unique_ptr<RtlSimulator> simulator;
  Refusal pending = Refusal::None; ///< refused since the last reset
  std::vector<uint8_t> image;      ///< host memory, as the model has it
  std::vector<uint64_t> cycles, segmentEnds, segmentCycles;
  std::vector<uint32_t> segmentErrors;
  std::vector<uint64_t> counterValues;
  std::vector<CounterReading> counterReadings;
  std::optional<RunResult> last;
  uint64_t total = 0;
};

/// `VADD dst=4 src=8 rows=2`, host addresses in hexadecimal.
std::string textOf(const Target &target, const Call &call);

} // namespace lathe::verify
