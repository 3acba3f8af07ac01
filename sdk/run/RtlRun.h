// A program on the RTL: model built or found, memory attached, words pushed, host steps in between.
#pragma once

#include "core/semantics/Jit.h"
#include "core/target/Target.h"
#include "sdk/run/HostImage.h"
#include "simulators/rtl/RtlSimulator.h"

namespace lathe {

struct RtlRunOptions {
  CacheOptions cache;
  MemoryBehaviour memory{.latencyCycles = 0}; ///< 0: the machine's latency
  RunLimits limits;
  std::string waveform;        ///< FST of the whole run; empty: none
  bool recordCommands = false; ///< fills RtlOutcome::commandCycles
};

struct RtlOutcome {
  Arrays outputs;
  RunResult last{};                    ///< of the last device step: cycles since reset
  uint64_t workCycles = 0;             ///< first command taken to last store taken
  std::vector<uint64_t> commandCycles; ///< by command, over all steps
  double buildSeconds = 0;             ///< the model; near 0 when it was cached
  double runSeconds = 0;               ///< wall time of the cycle loop
  bool wasCached = false;
};

/// The model of a target's RTL with this machine's parameters.
ModelSpec modelSpec(const Target &target, bool trace);

/// Runs `program` from reset. Nothing when the model cannot be built, the hardware stops, hangs or
/// reports an error, or a host step fails: the reason is reported, with its place in the RTL if
/// known.
std::optional<RtlOutcome> runOnRtl(const Program &program, const Target &target,
                                   const Arrays &inputs, Jit &jit, const RtlRunOptions &options,
                                   Diagnostics &diagnostics);

} // namespace lathe
