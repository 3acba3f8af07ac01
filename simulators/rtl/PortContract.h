// The ports a machine's top module must have, and what Verilator says it has.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/RtlSources.h"

#include <optional>
#include <string>
#include <vector>

namespace lathe {

struct RtlPort {
  std::string name;
  bool isInput;
  unsigned bits;
};

/// The input that chooses among the machines of a netlist that holds several; no other has it.
inline constexpr llvm::StringLiteral kSelectPort = "lathe_select_i";

/// The sizes that the contract leaves to the machine.
struct PortSizes {
  unsigned commandBits; ///< 1 to 256
  unsigned beatBytes;   ///< a power of two, 1 to 64
  bool hasSelect;       ///< the input that chooses a variant of the machine
};

/// The ports of the top module, from the class that Verilator generated for it.
std::vector<RtlPort> parsePorts(llvm::StringRef generatedHeader);

/// Where `port` stands in the module `top`; the module's name when it does not.
Place placeOfPort(llvm::StringRef port, llvm::StringRef top, const RtlSources &sources,
                  Diagnostics &diagnostics);

/// Checks `ports` against the contract (simulators/rtl/README.md). Every port that is missing, of
/// the wrong width or direction is reported where `top` declares it; an input that the contract
/// does not know is a warning: it is held at 0. Nothing when an error was reported.
std::optional<PortSizes> checkPorts(llvm::ArrayRef<RtlPort> ports, llvm::StringRef top,
                                    const RtlSources &sources, Diagnostics &diagnostics);

} // namespace lathe
