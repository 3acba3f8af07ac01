// How far a long step is: a bar on a terminal, a line now and then in a log. On stderr.
#pragma once

#include "sdk/cli/Session.h"

#include <chrono>
#include <mutex>

namespace lathe::cli {

/// Clears its line when it goes out of scope. Safe to update from several threads.
class Progress {
public:
  Progress(Session &session, std::string what, size_t total = 0);
  ~Progress();
  /// `done` of the total steps; `note` says what is being done.
  void update(size_t done, llvm::StringRef note = "");

private:
  using Clock = std::chrono::steady_clock;
  void draw(size_t done, llvm::StringRef note);

  Session &session;
  std::string what;
  size_t total;
  bool drawn = false;
  Clock::time_point shown;
  std::mutex mutex;
};

} // namespace lathe::cli
