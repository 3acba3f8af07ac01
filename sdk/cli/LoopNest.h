// A scheduled nest as loops, with what moves between which memories where.
#pragma once

#include "core/Compiler.h"

namespace lathe::cli {

/// A line of a loop nest; `depth` loops are around it.
struct LoopLine {
  unsigned depth = 0;
  std::string text;
};

/// The loops over tiles and chunks around the calls of intrinsics, in the order in which they are
/// emitted:
///
///   b: host -> spm by LOAD
///   for i in 4 tiles of 128
///     a: host -> spm by LOAD
///     for j in 2 chunks of 16
///       b: spm -> wreg by PRELOAD
///       acc = a (spm) and b (wreg), over i, by MATMUL
///       c: acc -> host by STORE_I8
///
/// What is done once for a result and stands in the loops over its reduction says so: ", in the
/// last of k". `statement` gives the names of the kernel's loops; a stationary tile that is still
/// there is not brought again.
std::vector<LoopLine> loopNest(const Nest &nest, const Tiling &tiling, const Statement &statement,
                               const Rules &rules, const Target &target);

/// The nests and tilings that a placement on the target was emitted from.
std::vector<std::pair<const Nest *, const Tiling *>> emittedNests(const Placement &placement);

/// Fused kernel loops, "p,q"; "1" for none.
std::string kernelLoops(const NestLoop &loop, const Statement &statement);

} // namespace lathe::cli
