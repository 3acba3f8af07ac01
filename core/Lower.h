// From groups with their mappings to the steps of a program.
#pragma once

#include "core/Compiler.h"

namespace lathe {

/// A group and where it goes.
struct Placed {
  Group group; ///< of a statement that goes to the host, that statement alone
  Placement placement;
};

/// Appends symbols, steps and placements to `out`: a device step for each group on the target, or
/// for several that form a chain where that takes fewer cycles, and host steps.
void lower(const Semantics &kernel, std::vector<Placed> placed, const Rules &rules,
           const Target &target, Diagnostics &diagnostics, Compilation &out);

} // namespace lathe
