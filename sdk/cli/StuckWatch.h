// Ends the program when a cycle of the RTL does not end: nothing else can, since the model runs in
// this process.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace lathe::cli {

/// Seconds that no sound RTL spends in one slice of cycles.
constexpr double kPatience = 60;

/// While it lives, a run that was given `lastAlive()` and does not come back for `seconds` is
/// reported as a fault of `target`'s RTL; files half written are removed and the exit code is that
/// of a simulator.
class StuckWatch {
public:
  StuckWatch(std::string target, double seconds);
  ~StuckWatch();
  StuckWatch(const StuckWatch &) = delete;
  StuckWatch &operator=(const StuckWatch &) = delete;

  std::atomic<int64_t> *lastAlive() { return &alive; }

private:
  void watch();
  bool isStuck() const;

  std::string target;
  double seconds;
  std::atomic<int64_t> alive = 0;
  std::mutex mutex;
  std::condition_variable wake;
  bool over = false;
  std::thread thread;
};

} // namespace lathe::cli
