// The test bench through which a machine on Icarus Verilog is driven (docs/decisions/0017).
#pragma once

#include "simulators/rtl/PortContract.h"

#include "llvm/ADT/StringRef.h"

#include <string>

namespace lathe {

/// A module `lathe_bench` around `top`: for ever it reads a line with the inputs of a cycle, and
/// prints a line with the outputs when they have settled, before and after the rising edge
/// (runtime/IcarusModel.cpp is the other side).
///   verilog  the design, as yosys writes it: its registers and memories without an initial value
///            begin at 0
std::string icarusBench(llvm::StringRef top, const PortSizes &sizes, llvm::StringRef verilog);

} // namespace lathe
