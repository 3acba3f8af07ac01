// The order of issue: instructions sorted by when data and pipes let them start.
#pragma once

#include "core/mapping/Rules.h"
#include "core/program/Program.h"
#include "core/schedule/Emit.h"

namespace lathe {

/// Orders `ops` for a machine that takes commands in order, and sets states where their value
/// changes.
///
/// before:  LOAD tile 0, MATMUL tile 0, STORE tile 0, LOAD tile 1, MATMUL tile 1, ...
/// after:   LOAD tile 0, LOAD tile 1, MATMUL tile 0, LOAD tile 2, MATMUL tile 1, STORE tile 0, ...
///
/// Every pipe keeps its own order; between pipes the order is that of the earliest starts under the
/// timing model (list scheduling), so that double buffering follows from the slots that tiles are
/// given.
InstructionStream schedule(OpList ops, const Rules &rules, const Target &target);

} // namespace lathe
