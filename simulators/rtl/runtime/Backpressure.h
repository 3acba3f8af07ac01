// Seeded random hesitation of the host's side of every channel.
#pragma once

#include "LatheModel.h"

#include <cstdint>

namespace lathe::model {

/// One draw a cycle gives every channel its own 12 bits, so a channel's hesitation does not depend
/// on what the others do. Probabilities are rounded to 1/4096.
class Backpressure {
public:
  void configure(const LatheMemoryConfig &config) {
    state = config.seed;
    active = false;
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel) {
      threshold[channel] = config.stall[channel] >= 65536 ? 4096 : (config.stall[channel] + 8) >> 4;
      active |= threshold[channel] != 0;
    }
  }

  bool isActive() const { return active; }

  /// Draws for one cycle. Bit c of the result: channel c holds back.
  unsigned draw() {
    uint64_t bits = next();
    unsigned held = 0;
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel, bits >>= 12)
      held |= unsigned((bits & 4095) < threshold[channel]) << channel;
    return held;
  }

  template <typename Archive> void archive(Archive &&visit) { visit(state); }

private:
  // splitmix64 (Steele, Lea, Flood 2014): any seed is a good one.
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }

  uint64_t state = 0;
  unsigned threshold[LATHE_CHANNELS] = {};
  bool active = false;
};

} // namespace lathe::model
