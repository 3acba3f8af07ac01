// A netlist without its memories.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lathe::mutation {

/// A port that was cut: its address leaves through a buffer cell.
struct MemoryPort {
  std::string memory;  ///< as in RTLIL
  std::string address; ///< the signal, as in RTLIL
  std::string buffer;  ///< cell between that and the new output
};

/// `rtlil` with every memory port replaced by outputs `lathe_cut_...` (address, data, enable) and
/// an input (what is read). `ports` gets them, in order.
std::string cutMemories(llvm::StringRef rtlil, std::vector<MemoryPort> &ports);
/// What every such output is called.
inline constexpr llvm::StringLiteral kCutPrefix = "lathe_cut_";

} // namespace lathe::mutation
