// Hesitation of the host's side of every channel: random by a seed, or in a pattern.
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
    active = patterned = false;
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel) {
      threshold[channel] = config.stall[channel] >= 65536 ? 4096 : (config.stall[channel] + 8) >> 4;
      held[channel] = config.pattern_held[channel];
      period[channel] = config.pattern_period[channel];
      active |= threshold[channel] != 0 || period[channel] != 0;
      patterned |= period[channel] != 0;
    }
  }

  bool isActive() const { return active; }

  /// Draws for `cycle`. Bit c of the result: channel c holds back.
  unsigned draw(uint64_t cycle) {
    uint64_t bits = next();
    unsigned result = 0;
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel, bits >>= 12)
      result |= unsigned((bits & 4095) < threshold[channel]) << channel;
    return patterned ? result | drawPattern(cycle) : result;
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

  unsigned drawPattern(uint64_t cycle) const {
    unsigned result = 0;
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel)
      if (period[channel] != 0)
        result |= unsigned(cycle % period[channel] < held[channel]) << channel;
    return result;
  }

  uint64_t state = 0;
  unsigned threshold[LATHE_CHANNELS] = {};
  uint32_t held[LATHE_CHANNELS] = {}, period[LATHE_CHANNELS] = {};
  bool active = false, patterned = false;
};

} // namespace lathe::model
