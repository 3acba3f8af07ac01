// Runs programs in a directory, several at a time, with a deadline.
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <atomic>
#include <string>
#include <vector>

namespace lathe {

/// One program to run. It inherits the environment except for VERILATOR_ROOT (which misleads
/// Verilator), with messages in plain English and temporary files in `directory`.
struct Command {
  std::vector<std::string> arguments; ///< the program, looked up on the path, and what it gets
  std::string directory;              ///< working directory
  std::string logFile;                ///< receives stdout and stderr, relative to `directory`
};

enum class CommandOutcome {
  Succeeded,
  Failed,     ///< exit code other than 0, or killed by a signal
  NotStarted, ///< no such program
  TimedOut,
  Cancelled
};

/// Runs all of `commands`, at most `parallel` at a time; after the first that does not succeed no
/// more are started and the running ones are ended. Never leaves a process behind.
///   seconds    wall time for all of them together
///   cancel     looked at every few milliseconds; may be null
///   failed     index of the command that the outcome is about
CommandOutcome runCommands(llvm::ArrayRef<Command> commands, unsigned parallel, double seconds,
                           const std::atomic<bool> *cancel, size_t &failed);

} // namespace lathe
