// RTL that Verilator warns of with UNOPTFLAT, and simulates wrongly.
#pragma once

#include "sdk/mutation/RtlMutants.h"

namespace lathe::blame {

/// A machine and its RTL's faults, in a top module that holds `loops` modules whose vectors depend
/// on parts of each other. `lathe_select_i` chooses: 0 the machine as it is; i + 1 fault i of the
/// netlist; loopSelect(k) that the machine shows where the simulator is wrong about module k.
struct LoopedRtl {
  std::vector<std::string> files; ///< for Verilator
  std::string flat;               ///< one file of the same, by yosys, for Icarus Verilog
  size_t faults = 0;              ///< of the netlist
  std::vector<std::string> loops; ///< "form 3 on cmd_word_i[15:8], shown as ..."

  uint32_t loopSelect(size_t k) const { return static_cast<uint32_t>(faults + 1 + k); }
};

/// Writes files into `folder`. Every second module shows in the input that it reads, the others
/// switch a fault of the netlist on. Reports what goes wrong.
std::optional<LoopedRtl> makeLoops(const mutation::Netlist &netlist, size_t loops, uint64_t seed,
                                   const std::string &folder, Diagnostics &diagnostics);

} // namespace lathe::blame
