// What run and test need around the oracles: the cache, the JIT, arrays of a program file.
#pragma once

#include "sdk/cli/KernelArguments.h"
#include "sdk/cli/Progress.h"
#include "sdk/run/Execution.h"

namespace lathe::cli {

/// Keeps compiled statements in the cache folder. Reports when it cannot be made.
std::unique_ptr<Jit> makeJit(Session &session);

/// Models in the cache folder, progress to `progress`, memory latency of the machine.
RtlRunOptions rtlOptions(Session &session, Progress &progress);

/// The machine's RTL on Verilator, with its optimisations or without.
std::optional<BuiltModel> rtlModel(Session &session, const Target &target, bool optimize,
                                   Diagnostics &diagnostics);

/// The arrays of a program's input symbols, from --in or --seed.
std::optional<Arrays> programInputs(Session &session, const Program &program,
                                    const KernelArguments &arguments);

/// "'y', 'z'".
std::string outputNames(const Arrays &arrays);

} // namespace lathe::cli
