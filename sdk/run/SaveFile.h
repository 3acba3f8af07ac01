// A GTKWave save file beside a waveform: the ports in groups, and a mark where to look.
#pragma once

#include "core/target/Target.h"
#include "sdk/run/RtlRun.h"

namespace lathe {

/// Time units of a waveform in one cycle.
constexpr uint64_t kTimePerCycle = 2;

/// The text of the save file (https://gtkwave.sourceforge.net, "save file"): port signals of
/// `waveform` by the port contract, zoomed to `window`, with the marker at cycle `mark`.
std::string gtkwaveSave(llvm::StringRef waveform, const Target &target, const CycleWindow &window,
                        uint64_t mark);

} // namespace lathe
