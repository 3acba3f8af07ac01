// A kernel on one of the three oracles, and its results beside the reference's.
#pragma once

#include "sdk/run/RtlRun.h"
#include "simulators/functional/FunctionalSimulator.h"

namespace lathe {

/// One result compared with another.
struct Check {
  std::string against; ///< "reference"
  bool equal = true;
  std::string detail; ///< of a mismatch: tensor, index, both values, the instruction
  /// On the RTL: the cycles that a waveform should show.
  std::optional<CycleWindow> window;
  std::string blame = {}; ///< of a mismatch; empty: nobody asked
};

/// A compiled kernel with its data. `kernel` may be null: a program file has none.
struct Task {
  const Semantics *kernel = nullptr;
  const Program &program;
  const Target &target;
  const Arrays &inputs;
};

/// The kernel's own statements on its inputs. Reported and nothing when a subscript leaves its
/// tensor.
std::optional<Arrays> runReference(const Semantics &kernel, const Arrays &inputs, Jit &jit,
                                   Diagnostics &diagnostics);

struct ModelOutcome {
  Arrays outputs;
  double runSeconds = 0;
};
/// The program on the functional simulator. A fault (an undefined element, an address out of range)
/// is reported with its instruction.
std::optional<ModelOutcome> runOnModel(const Task &task, Jit &jit, Diagnostics &diagnostics);

/// Where `got` first differs from the reference, and which instruction wrote that. Results of the
/// RTL come with the options that they were made with: the run is repeated to find the cycle of
/// that store.
/// `rtl` is null for results of the functional simulator.
Check compareWithReference(const Task &task, const Arrays &reference, const Arrays &got,
                           const RtlRunOptions *rtl, Jit &jit);

/// The cycles before the hardware stopped.
CycleWindow windowBefore(const RtlStop &stop);

} // namespace lathe
