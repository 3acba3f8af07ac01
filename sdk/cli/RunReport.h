// What a run found, for people and as JSON.
#pragma once

#include "sdk/run/Execution.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace lathe::cli {

/// Where some of a kernel's statements ran.
struct PlacementRow {
  std::string statements; ///< "a1, h1"
  std::string where;      ///< "target" or "host"
  std::string mapping;
  std::optional<int64_t> predictedCycles;
  std::optional<double> utilisation; ///< predicted, of the target's peak
  int64_t bytes = 0;                 ///< moved between host memory and chip
  int64_t packedBytes = 0;           ///< read and written by copies of the host
  // Of a statement on the host, estimated.
  std::optional<int64_t> hostNanoseconds;
  int64_t hostBytes = 0; ///< read and written
  std::string stays;     ///< the on-chip space that the result stays in; empty: none
};

struct RunReport {
  std::string kernel, target, on;
  std::vector<PlacementRow> placement;
  size_t instructions = 0;
  std::optional<double> compileMs;
  std::optional<uint64_t> workCycles;  ///< RTL: first command to last store
  std::optional<uint64_t> totalCycles; ///< RTL: reset to idle
  std::optional<int64_t> predictedCycles;
  std::optional<int64_t> macs;             ///< that the kernel needs on the target
  std::optional<int64_t> peakMacsPerCycle; ///< of the target
  std::optional<double> runSeconds;
  std::vector<std::pair<std::string, uint64_t>> counters; ///< RTL: by name
  std::vector<Check> checks;
  std::string waveform; ///< of a mismatch; empty: none

  bool exact() const;
  /// macs / (cycles * peak); of predicted cycles when none were measured.
  std::optional<double> utilisation() const;
};

/// Of a program that was not compiled here: what is known without running it.
RunReport reportOf(const Program &program, const Target &target);

/// "about 1.5 us on the host, 3.0 KiB read and written".
std::string hostText(int64_t nanoseconds, int64_t bytes);

void printPlacement(llvm::raw_ostream &out, const RunReport &report);
void print(llvm::raw_ostream &out, const RunReport &report);
llvm::json::Object toJson(const RunReport &report);

} // namespace lathe::cli
