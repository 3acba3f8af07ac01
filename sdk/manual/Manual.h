// The ISA manual of a target, derived from its description: nothing in it is typed twice.
#pragma once

#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "sdk/manual/Document.h"

namespace lathe::manual {

/// A small kernel and what it compiles to.
struct WorkedExample {
  std::string source; ///< in index notation
  std::string sizes;  ///< "M = 15, N = 16, K = 17"
  Compilation compilation;
};

/// What the RTL did with programs of one instruction and of several of the same one.
struct MeasuredTiming {
  std::string operands;                       ///< those that were run: "rows=256 cols=16"
  int64_t cycles = 0, predictedCycles = 0;    ///< one alone, from taken to idle
  double interval = 0, predictedInterval = 0; ///< between two in a row
};

struct ManualInput {
  const Plugin &plugin;
  const Target &target;                 ///< the machine that the manual is about
  std::vector<Target> machines;         ///< all of the plugin's, for comparison
  std::optional<WorkedExample> example; ///< none: the chapter is left out
  std::vector<std::optional<MeasuredTiming>>
      measured; ///< by intrinsic; empty: nothing was measured
};

/// The same text for the same input, always.
Document makeManual(const ManualInput &input);

} // namespace lathe::manual
