#include "sdk/cli/Interrupt.h"

#include "sdk/cli/Session.h"

#include "llvm/Support/Signals.h"

#include <unistd.h>

using namespace lathe::cli;

// A signal handler has nothing but globals.
static std::atomic<bool> deferred, interrupted;

static void say(llvm::StringRef text) { (void)!write(STDERR_FILENO, text.data(), text.size()); }

// In signal handlers only write and _exit are safe. Files half written are removed by LLVM's
// handler before it calls this: every output goes through a temporary file that is registered with
// it. LLVM's handler is gone by then: a second interrupt ends the program.
static void onInterrupt() {
  if (deferred) {
    interrupted = true;
    return say("\nlathe: interrupted; keeps what is finished\n");
  }
  say("\nlathe: interrupted\n");
  _exit(static_cast<int>(ExitCode::Interrupted));
}

void lathe::cli::catchInterrupts() { llvm::sys::SetInterruptFunction(onInterrupt); }

const std::atomic<bool> &lathe::cli::deferInterrupts() {
  deferred = true;
  return interrupted;
}
