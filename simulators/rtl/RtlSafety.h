// Refuses RTL that would do more on the user's machine than be simulated.
#pragma once

#include "core/support/Diagnostic.h"
#include "simulators/rtl/RtlSources.h"

namespace lathe {

/// Looks at RTL as Verilator sees it, after macros, conditions and includes. Reports at the user's
/// lines what runs programs, opens files or pastes C++ into the model, files included that are not
/// ours (their content is not part of what was hashed), and warnings silenced that must stay
/// errors. A token that a macro made is reported at the start of the line it came from.
///   preprocessed   output of `verilator -E`, with its `line directives
/// False when it reported something.
bool reportUnsafeRtl(llvm::StringRef preprocessed, const RtlSources &sources,
                     Diagnostics &diagnostics);

} // namespace lathe
