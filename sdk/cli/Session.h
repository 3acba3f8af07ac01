// What every verb gets: the environment, where to write, and what went wrong so far.
#pragma once

#include "core/support/Diagnostic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace lathe::cli {

enum class ExitCode : int {
  Done = 0,        ///< and all asked-for checks hold
  No = 1,          ///< it ran, and the answer is no
  Usage = 2,       ///< the command line is wrong
  Invalid = 3,     ///< a description, kernel, program or array is wrong
  NotMappable = 4, ///< valid, but not possible under the given constraints
  Simulator = 5,   ///< a simulator failed to build, crashed or hung
  Environment = 6, ///< a tool, a folder or a permission is missing
  Bug = 70,
  Skipped = 77,
  Interrupted = 130,
};

/// Everything the tool takes from outside its command line, read once at the start.
struct Environment {
  std::string executable;               ///< absolute path of this program
  std::vector<std::string> pluginPath;  ///< LATHE_PLUGIN_PATH
  std::vector<std::string> dataFolders; ///< the user's and the system's
  std::string cacheFolder;              ///< $XDG_CACHE_HOME/lathe or ~/.cache/lathe
  std::string toolPath;                 ///< PATH
  uint64_t memoryBytes = 0;             ///< of this machine
  bool outIsTerminal = false;
  bool errIsTerminal = false;
  bool color = false; ///< of stderr
};
Environment readEnvironment(const char *program);

/// The exit code that the errors ask for: the first one's area decides. Done without errors.
ExitCode exitCodeOf(const Diagnostics &diagnostics);

struct Session {
  explicit Session(Environment environment)
      : environment(std::move(environment)), diagnostics(sources), out(llvm::outs()),
        err(llvm::errs()) {}
  /// Results go to `out` instead of stdout.
  Session(Environment environment, llvm::raw_ostream &out)
      : environment(std::move(environment)), diagnostics(sources), out(out), err(llvm::errs()) {}

  Environment environment;
  Sources sources;
  Diagnostics diagnostics;
  llvm::raw_ostream &out; ///< results
  llvm::raw_ostream &err; ///< talk, progress and diagnostics

  bool json = false;                ///< the result is one JSON object instead of text
  bool quiet = false;               ///< no progress
  std::vector<std::string> plugins; ///< --plugin
  /// With --json: what the verb found; main adds the exit code and the diagnostics.
  llvm::json::Object result;
};

} // namespace lathe::cli
