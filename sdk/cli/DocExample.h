// The worked example of a manual.
#pragma once

#include "sdk/cli/KernelArguments.h"
#include "sdk/manual/Manual.h"

namespace lathe::cli {

/// `arguments.path` compiled for `target`; mistakes are reported.
std::optional<manual::WorkedExample>
compileExample(Session &session, const KernelArguments &arguments, const Target &target);

/// Of the plugin's own tests the one whose program shows most kinds of instructions in a list that
/// fits on a page; none when no test has so short a program.
std::optional<manual::WorkedExample> pickExample(const Session &session, const Target &target);

} // namespace lathe::cli
