// Random programs and data that look for trouble: corner values, small windows of addresses so that
// commands keep meeting each other's rows, every alignment, and illegal words where asked for.
#pragma once
#include "IsaModel.h"
#include <random>
#include <vector>

namespace bench {

/// Half corner bytes, half corner 32-bit words.
HostImage cornerImage(std::mt19937 &random);

struct ProgramOptions {
  unsigned commands = 100;
  unsigned illegalPercent = 0;
};

/// Defines all state, runs random commands, and stores everything they can have changed.
std::vector<uint64_t> randomProgram(std::mt19937 &random, const ProgramOptions &options);

} // namespace bench
