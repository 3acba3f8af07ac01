// What an interrupt (control-C) does: ends the program, or asks a verb to finish early.
#pragma once

#include <atomic>

namespace lathe::cli {

/// Interrupts end the program with exit code 130 from now on; called once, by main.
void catchInterrupts();

/// For a verb that keeps what is finished: from now on the first interrupt only sets the flag that
/// is returned, the second one ends the program.
const std::atomic<bool> &deferInterrupts();

} // namespace lathe::cli
