// Decides when a machine that is not idle has stopped for good.
#pragma once

#include "LatheModel.h"

#include <cstdint>

namespace lathe::model {

/// A hang is `cycles` cycles without a handshake on any port, during which the watched counters did
/// not change between the middle and the end. The counters pass by one a cycle through the
/// performance port, so watching costs nothing while handshakes happen.
class HangWatch {
public:
  void configure(const LatheHangConfig &given) {
    config = given;
    // Two passes over the counters must fit between the middle and the end.
    uint64_t least = 4 * (uint64_t(config.counter_count) + 2);
    if (config.cycles != 0 && config.cycles < least)
      config.cycles = least;
    restart();
  }

  void restart() { quiet = 0; }
  uint64_t patience() const { return config.cycles; }

  /// After a cycle without a handshake. `top`: to choose and read counters. True on a hang.
  template <typename Top> bool quietCycle(Top &top) {
    ++quiet;
    if (config.cycles == 0 || quiet < config.cycles / 2)
      return false;
    if (config.counter_count == 0)
      return quiet >= config.cycles;
    uint64_t sinceMiddle = quiet - config.cycles / 2;
    if (sinceMiddle <= config.counter_count + 1) {
      sum(top, sinceMiddle, middle);
      return false;
    }
    if (quiet < config.cycles)
      return false;
    uint64_t sinceEnd = quiet - config.cycles;
    if (sinceEnd <= config.counter_count + 1) {
      sum(top, sinceEnd, end);
      return false;
    }
    quiet = 0;
    return middle == end;
  }

  template <typename Archive> void archive(Archive &&visit) {
    visit(quiet);
    visit(middle);
    visit(end);
  }

private:
  // Step 0 chooses the first counter; counter i is on the port at step i + 1.
  template <typename Top> void sum(Top &top, uint64_t step, uint64_t &into) {
    if (step == 0)
      into = 0;
    else if (step <= config.counter_count)
      into += top.perf_data_o * step; // counters may swap values and still count as changed
    if (step < config.counter_count)
      top.perf_sel_i = config.first_counter + step;
  }

  LatheHangConfig config = {};
  uint64_t quiet = 0;
  uint64_t middle = 0, end = 0;
};

} // namespace lathe::model
