// What a simulated machine is built from, and what it is built with.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace lathe {

class Bridge;

/// The RTL and its configuration. Two equal specs over equal files are the same model.
struct ModelSpec {
  std::string top = "lathe_top";
  std::vector<std::string> files; ///< .sv, .v and .vlt; packages may come after what uses them
  std::vector<std::string> includeDirectories;
  std::map<std::string, int64_t> parameters; ///< of the top module
  /// Extra arguments for Verilator: -W..., -D..., +define+..., --unroll-count N, --unroll-stmts N.
  std::vector<std::string> flags;
  /// Between the port contract and a top module that does not have it.
  std::shared_ptr<const Bridge> bridge;
  bool trace = false;        ///< waveforms can be opened; a tenth slower when closed
  bool coverage = false;     ///< line, toggle and user coverage; slower, and cannot be saved
  bool lineCoverage = false; ///< of lines alone: a model that builds and runs much faster
  bool replay = false;       ///< inputs can be recorded and replayed, to measure the cycle loop
  bool optimize = true; ///< false: Verilator -O0, as a second opinion on what Verilator made of it
  /// On Icarus Verilog, as an opinion that shares nothing with Verilator's: `files` is one file
  /// that yosys wrote. Without signals, waveforms, coverage and saving.
  bool icarus = false;
};

/// How models are built and where they are kept.
struct CacheOptions {
  std::string directory;
  unsigned jobs = 2;          ///< compilers at a time, >= 1
  double buildSeconds = 1800; ///< wall time for one model, waiting for another process included
  std::string verilator = "verilator_bin";
  std::string iverilog = "iverilog", vvp = "vvp";                        ///< of Icarus Verilog
  std::vector<std::string> compilers = {"clang++-22", "clang++", "g++"}; ///< the first there is
  std::function<void(llvm::StringRef)> progress = {}; ///< told what is being done, in a few words
  const std::atomic<bool> *cancel = nullptr;          ///< ends a build early when it turns true
};

} // namespace lathe
