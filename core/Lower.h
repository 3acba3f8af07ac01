// From groups with their mappings to the steps of a program.
#pragma once

#include "core/Compiler.h"
#include "core/library/Library.h"

namespace lathe {

/// A group and where it goes.
struct Placed {
  Group group; ///< of a statement that goes to the host, that statement alone
  Placement placement;
  const LibraryUse *use = nullptr; ///< the library entry that computes it
};

/// Appends symbols, steps and placements to `out`: a device step for each group on the target, or
/// for several that form a chain where that takes fewer cycles, the programs of library entries,
/// and host steps. An entry that has no program for its sizes is told in `out.offers`.
void lower(const Semantics &kernel, std::vector<Placed> placed, const Rules &rules,
           const Target &target, Diagnostics &diagnostics, Compilation &out);

} // namespace lathe
