// A run as a Perfetto (Chrome trace) timeline, one track per unit and pipe.
#pragma once

#include "core/program/Program.h"

namespace lathe {

/// JSON with one microsecond per cycle. Command i was taken at `commandCycles[i]`, measured; its
/// bar begins and lasts as the machine file predicts, but not before it was taken, nor before the
/// bar of its pipe before it ends. Arguments: the instruction's assembly, its index, when it was
/// taken.
std::string perfettoTimeline(const Program &program, const Target &target,
                             llvm::ArrayRef<uint64_t> commandCycles);

} // namespace lathe
