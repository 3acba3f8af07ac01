// A kernel compiled for a target, with the time that took and its report.
#pragma once

#include "core/Compiler.h"
#include "sdk/cli/KernelArguments.h"
#include "sdk/cli/RunReport.h"
#include "sdk/cli/TargetArgument.h"

namespace lathe::cli {

struct Compiled {
  Compilation compilation;
  double milliseconds = 0; ///< kernel in memory to command words
};

/// Of the option `--mapping N`.
inline constexpr char kMappingHelp[] =
    "take mapping N of every group of statements, as 'lathe explain --all' numbers them (modulo "
    "how many a group has), not the cheapest";

/// Compiles and encodes; mistakes are reported, and a mapping that no group has is one.
std::optional<Compiled> compileKernel(Session &session, const Semantics &kernel,
                                      const Target &target, const CompileOptions &options);

/// Kernel, target, placement, program and prediction; no run yet.
RunReport reportOf(const Compiled &compiled, const Target &target);

/// "a1, h1": the tensors that statements `statements` compute.
std::string statementNames(const Semantics &kernel, llvm::ArrayRef<unsigned> statements);

/// Share of the kernel's operations (reduction points, or elements of a statement without one) that
/// the target does.
double offloadedShare(const Compilation &compilation);

} // namespace lathe::cli
