// RTL as yosys reads it: one flat netlist, in which single faults can be put behind an input.
#pragma once

#include "simulators/rtl/ModelCache.h"

namespace lathe::mutation {

/// One change of one bit at one pin of a cell.
struct Fault {
  std::string what; ///< "'spm_row' bit 3 stuck at 1": the net, or the cell's pin when it has none
  std::string command; ///< of yosys, without a selector: "mutate -mode const1 -module ..."
  Place place;         ///< of the RTL's text that it was made from
};

struct NetlistOptions {
  CacheOptions cache;
  size_t faults = 0; ///< how many are wanted; 0: the machine as it is
  uint64_t seed = 1; ///< of their choice
  /// For an event-driven simulator, which minds no loops among a vector's bits: without faults, and
  /// as few statements as there can be.
  bool eventDriven = false;
  std::string yosys = "yosys";
};

/// Files of a netlist, in the cache.
struct Netlist {
  std::string
      verilog; ///< plain Verilog of all of it: fault i is chosen by `lathe_select_i` = i + 1
  std::string original;      ///< RTLIL of the machine without faults, flat
  std::string selectable;    ///< RTLIL of what `verilog` is
  std::string top;           ///< name of its module
  std::vector<Fault> faults; ///< as many as wanted, or as there are
};

/// The netlist of `spec`'s RTL, its parameters applied; made at most once for the same content.
/// Faults are spread over the design as evenly as yosys' `mutate` can. Reports RTL that cannot be
/// read by Verilator or yosys, and tools that are missing; nothing then, or on cancel.
std::optional<Netlist> makeNetlist(const ModelSpec &spec, const NetlistOptions &options,
                                   Diagnostics &diagnostics);

/// How a netlist is verilated: its own top module, no parameters.
ModelSpec netlistSpec(const ModelSpec &spec, const Netlist &netlist);

} // namespace lathe::mutation
