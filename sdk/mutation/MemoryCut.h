// A netlist without its memories.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace lathe::mutation {

/// A port that was cut.
struct MemoryPort {
  std::string memory;  ///< as in RTLIL
  std::string address; ///< the signal, as in RTLIL
  bool isRead = false;
};

/// `rtlil` with every memory port replaced: number 3 by outputs `lathe_cut_3_address`, `_data` and
/// `_enable`, or by one for the address and an input `lathe_cut_3_read`. `ports` gets them, in
/// order.
std::string cutMemories(llvm::StringRef rtlil, std::vector<MemoryPort> &ports);
/// What every such output is called.
inline constexpr llvm::StringLiteral kCutPrefix = "lathe_cut_";

} // namespace lathe::mutation
