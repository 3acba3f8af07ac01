// The host's share of a program: statements compiled for this computer, over the host image.
#pragma once

#include "core/semantics/Jit.h"
#include "sdk/run/HostImage.h"

namespace lathe {

/// Runs host step `step`. Its tensors are the program's symbols of the same names; temporaries get
/// memory of their own. Returns a sentence when it cannot be compiled or a subscript is out of
/// bounds.
std::optional<std::string> runHostStep(const ProgramStep &step, const Program &program,
                                       HostImage &image, Jit &jit);

} // namespace lathe
