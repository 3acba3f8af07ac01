// Drives the Verilated top: commands in order, a memory with latency and random back-pressure on
// every port, and a check of every beat against the model's.
#pragma once
#include "IsaModel.h"
#include "Vlathe_top.h"
#include <deque>
#include <memory>
#include <random>
#include <string>

namespace bench {

/// How the outside behaves. Chances are per cycle, in percent; latencies in cycles, at least 1.
struct Outside {
  unsigned command = 100; // a command is offered
  unsigned readReady = 100, readValid = 100, writeReady = 100, ackValid = 100;
  unsigned readLatency = 1, writeLatency = 1;
};

/// What a run did, as seen at the ports. Cycles count from the release of reset.
struct Run {
  std::string failure; // empty when all beats were the expected ones and the machine came to rest
  std::vector<uint64_t> accepted;      // cycle in which command i was taken
  std::vector<uint64_t> reads, writes; // cycles of accepted beats
  uint64_t idleAt = 0;                 // first cycle of rest
  uint8_t error = 0;
};

class RtlBench {
public:
  RtlBench(const HostImage &host, uint32_t seed);
  ~RtlBench();

  /// Runs `words` until the machine rests, checking beats against the model's lists.
  Run run(const std::vector<uint64_t> &words, const IsaModel &expected, const Outside &outside);

  /// A performance counter, by its index.
  uint64_t counter(uint8_t index);

  /// True when every output kept its value while all inputs took random values between two edges.
  bool outputsIgnoreInputs();

private:
  struct Response {
    uint64_t due;
    uint32_t address;
  };
  bool chance(unsigned percent) { return random() % 100 < percent; }
  void drive(const std::vector<uint64_t> &words, const Outside &outside);
  void edge();
  void observe(const IsaModel &expected, const Outside &outside, Run &run);
  std::string compareWrite(const IsaModel &expected, size_t index) const;

  const HostImage &host;
  std::mt19937 random;
  std::unique_ptr<Vlathe_top> top;
  std::deque<Response> reads;
  std::deque<uint64_t> acks;
  uint64_t cycle = 0;
  size_t next = 0;
  // Once offered, a command or response stays until it is taken.
  bool offering = false, responding = false, acking = false;
};

} // namespace bench
