// One kernel through the reference, the compiler, the functional simulator and the RTL.
#pragma once

#include "core/semantics/Jit.h"
#include "core/target/Target.h"

#include <optional>
#include <string>

namespace lathe {

struct OracleOptions {
  std::string cache;           ///< of RTL models
  bool comparesCycles = false; ///< predicted with measured ones, on the RTL
  bool choosesMapping = true;  ///< now and then another than the best: all of them must be right
  bool prints = false;         ///< the program of every kernel
  std::string sabotage;        ///< "argmax": compiles argmin instead, so that failures are seen
};

struct Verdict {
  std::string why;      ///< empty: all agree
  std::string messages; ///< of the tool, as it prints them
  bool mapped = false;  ///< in whole or in part
  bool chained = false; ///< some results stay on chip
  double cycleError = 0;

  /// Failures of one kind differ only in names and numbers: "functional", "does not compile".
  std::string kind() const { return why.substr(0, why.find(':')); }
};

/// Runs kernels with data drawn from a seed and from the tensors' names: corners most of the time.
class Oracles {
public:
  Oracles(const Target &target, Jit &jit, OracleOptions options)
      : target(target), jit(jit), options(std::move(options)) {}

  /// `text`: a kernel, with its sizes in the first line where it has any (Reduce.h).
  Verdict check(uint64_t seed, const std::string &text, bool onRtl) const;

private:
  const Target &target;
  Jit &jit;
  OracleOptions options;
};

} // namespace lathe
