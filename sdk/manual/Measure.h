// Cycles that the RTL takes for programs of one kind of instruction.
#pragma once

#include "sdk/manual/Manual.h"
#include "sdk/run/RtlRun.h"

namespace lathe::manual {

/// For each intrinsic: one instruction, and nine of the same one, with the operands of
/// `exampleValues`, from reset. Nothing when the model cannot be built or a program stops:
/// reported.
std::optional<std::vector<std::optional<MeasuredTiming>>>
measureTiming(const Target &target, Jit &jit, const RtlRunOptions &options,
              Diagnostics &diagnostics);

} // namespace lathe::manual
