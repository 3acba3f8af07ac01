// A target's memories, its datapath, and a program's instructions over time, as pictures.
#pragma once

#include "sdk/manual/Svg.h"

#include "core/program/Timing.h"

namespace lathe::manual {

/// Host memory on the left, then the spaces that it fills, then those that these fill: sizes,
/// banks, and the intrinsics that move between them.
std::string memoryDiagram(const Target &target);

/// Each pipe with its intrinsics, what they read on the left, what they write on the right.
std::string datapathDiagram(const Target &target);

/// Which pipe works on which instruction (by its number) when, as predicted.
std::string timelineDiagram(const InstructionStream &stream, const Target &target);

} // namespace lathe::manual
