// A run as a Perfetto (Chrome trace) timeline, one track per unit and pipe.
#pragma once

#include "core/program/Program.h"

namespace lathe {

/// JSON with one microsecond per cycle. Command i was taken at `commandCycles[i]`; its bar is as
/// long as the machine file's interval for it, and begins when it was taken or when its pipe's bar
/// before it ends. Arguments are the instruction's assembly and its index.
std::string perfettoTimeline(const Program &program, const Target &target,
                             llvm::ArrayRef<uint64_t> commandCycles);

} // namespace lathe
