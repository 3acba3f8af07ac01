// A program on the RTL: model built or found, memory attached, words pushed, host steps in between.
#pragma once

#include "core/semantics/Jit.h"
#include "core/target/Target.h"
#include "sdk/run/HostImage.h"
#include "sdk/run/LineCoverage.h"
#include "simulators/rtl/RtlSimulator.h"

namespace lathe {

/// Cycles [from, to) since reset, of device step `step` of the program.
struct CycleWindow {
  size_t step = 0;
  uint64_t from = 0, to = LATHE_NEVER;
  uint64_t mark = 0; ///< the cycle to look at
};

struct RtlRunOptions {
  CacheOptions cache;
  MemoryBehaviour memory{.latencyCycles = 0}; ///< 0: the machine's latency
  RunLimits limits;
  std::string waveform;                 ///< FST; empty: none
  std::optional<CycleWindow> window;    ///< of the waveform; nothing: the whole run
  bool recordCommands = false;          ///< fills RtlOutcome::commandCycles
  std::optional<uint64_t> watchAddress; ///< of a host byte; fills RtlOutcome::watchedCycle
  uint32_t registerSeed = 0;            ///< of registers before reset; 0: zeros
  const BuiltModel *model = nullptr;    ///< to run on, instead of one from the cache
  uint32_t select = 0;                  ///< see RtlSimulator::Options
  bool coverage = false;                ///< fills RtlOutcome::lines; a slower model
};

/// Where the hardware stopped: device step and cycles since reset.
struct RtlStop {
  size_t step = 0;
  uint64_t cycle = 0;
};

struct RtlOutcome {
  Arrays outputs;
  RunResult last{};                     ///< of the last device step: cycles since reset
  uint64_t workCycles = 0;              ///< first command taken to last store taken
  std::vector<uint64_t> commandCycles;  ///< by command, over all steps
  std::vector<uint64_t> counters;       ///< the hardware's own, in the order of the manifest
  std::optional<uint64_t> watchedCycle; ///< of the last write of the watched byte
  LineCoverage lines;                   ///< of the RTL that were executed
  double buildSeconds = 0;              ///< the model; near 0 when it was cached
  double runSeconds = 0;                ///< wall time of the cycle loop
  bool wasCached = false;
};

/// `memory` with the machine's latency where it says none.
MemoryBehaviour memoryOf(const Target &target, MemoryBehaviour memory);

/// The model of a target's RTL with this machine's parameters.
ModelSpec modelSpec(const Target &target, bool trace);

/// Runs `program` from reset. Nothing when the model cannot be built, the hardware stops, hangs or
/// reports an error, or a host step fails: the reason is reported, with its place in the RTL if
/// known. `stop` is set when it was the hardware. A waveform appears whole, also of a run that
/// stopped.
std::optional<RtlOutcome> runOnRtl(const Program &program, const Target &target,
                                   const Arrays &inputs, Jit &jit, const RtlRunOptions &options,
                                   Diagnostics &diagnostics,
                                   std::optional<RtlStop> *stop = nullptr);

} // namespace lathe
