// The list that yosys' `mutate -list` writes, a fault a line.
#pragma once

#include "sdk/mutation/Netlist.h"

#include <map>

namespace lathe::mutation {

/// The first `most` lines of `list` that can be put into a model: a fault of a clock pin would make
/// a second clock, which races with the first.
std::string usableFaults(llvm::StringRef list, size_t most);

/// What yosys runs to put the fault of `line` behind the value `select` of the selector.
std::string faultCommand(llvm::StringRef line, size_t select);

/// A fault of a cell's output that is a one-to-one map of its values: an inverted bit.
struct NetFault {
  std::string wire; ///< as in RTLIL
  unsigned bit = 0;
  std::optional<unsigned> control; ///< the bit is inverted where that has `level`
  bool level = true;
};
std::optional<NetFault> netFault(llvm::StringRef line);

/// What a cell drives: a signal with a name in the RTL, and where that is declared.
struct Driven {
  std::string wire, source; ///< "u_fifo.count_q", "rtl.0/fifo.sv:12.3-12.9"; may be empty
};
/// By cell, of a flat module in RTLIL.
std::map<std::string, Driven> drivenByCells(llvm::StringRef rtlil);

/// `driven` tells what cells are that yosys made of no text in particular.
std::vector<Fault> parseFaults(llvm::StringRef list, const std::map<std::string, Driven> &driven,
                               const RtlSources &sources, Diagnostics &diagnostics);

} // namespace lathe::mutation
