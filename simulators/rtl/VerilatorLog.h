// Turns what Verilator prints into located diagnostics on the user's RTL.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/RtlSources.h"

namespace lathe {

/// Reports every error and warning of `log`, lines that Verilator adds to them as notes. A
/// combinational loop has a message of its own; a place without a column has column 0.
void reportVerilatorLog(llvm::StringRef log, const RtlSources &sources, Diagnostics &diagnostics);

} // namespace lathe
