#include "sdk/cli/StuckWatch.h"

#include "sdk/cli/Session.h"

#include "llvm/Support/Signals.h"

#include <chrono>
#include <unistd.h>

using namespace lathe;
using namespace lathe::cli;

StuckWatch::StuckWatch(std::string target, double seconds)
    : target(std::move(target)), seconds(seconds), thread([this] { watch(); }) {}

StuckWatch::~StuckWatch() {
  {
    std::lock_guard lock(mutex);
    over = true;
  }
  wake.notify_one();
  thread.join();
}

bool StuckWatch::isStuck() const {
  int64_t since = alive;
  if (since == 0)
    return false;
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now - std::chrono::nanoseconds(since)).count() > seconds;
}

// The thread inside the model holds what it holds, so only what no one else uses is touched.
void StuckWatch::watch() {
  std::unique_lock lock(mutex);
  while (!wake.wait_for(lock, std::chrono::milliseconds(100), [this] { return over; })) {
    if (!isStuck())
      continue;
    Sources sources;
    Diagnostics diagnostics(sources);
    diagnostics.report(Message::RtlStuck, Place{}, target, llvm::formatv("{0:F0}", seconds).str());
    print(llvm::errs(), diagnostics);
    llvm::sys::RunInterruptHandlers();
    _exit(static_cast<int>(exitCodeOf(diagnostics)));
  }
}
