// The parts of the runtime that need no RTL.
#include "simulators/rtl/runtime/Backpressure.h"
#include "simulators/rtl/runtime/CommandChannel.h"
#include "simulators/rtl/runtime/HangWatch.h"
#include "simulators/rtl/runtime/HostMemory.h"
#include "simulators/rtl/runtime/Ring.h"
#include "simulators/rtl/runtime/Signals.h"

#include <array>
#include <doctest/doctest.h>
#include <string>

using namespace lathe::model;

TEST_CASE("host memory: a beat inside one region is moved as it is") {
  std::array<uint8_t, 16> bytes;
  for (int i = 0; i < 16; ++i)
    bytes[i] = 10 + i;
  HostMemory memory;
  REQUIRE(memory.attach(0x100, 16, bytes.data()));
  std::array<uint8_t, 8> beat = {};
  REQUIRE(memory.read<8>(0x108, beat.data()));
  CHECK(beat == std::array<uint8_t, 8>{18, 19, 20, 21, 22, 23, 24, 25});
  beat = {1, 2, 3, 4, 5, 6, 7, 8};
  uint64_t refused = 0;
  REQUIRE(memory.write<8>(0x100, beat.data(), 0b00100001, refused));
  CHECK(bytes[0] == 1);
  CHECK(bytes[1] == 11);
  CHECK(bytes[5] == 6);
  CHECK(bytes[7] == 17);
}

TEST_CASE("host memory: a beat over the end reads zeros there and may not be written there") {
  std::array<uint8_t, 5> bytes = {1, 2, 3, 4, 5};
  HostMemory memory;
  REQUIRE(memory.attach(0, 5, bytes.data()));
  std::array<uint8_t, 8> beat;
  beat.fill(99);
  REQUIRE(memory.read<8>(0, beat.data()));
  CHECK(beat == std::array<uint8_t, 8>{1, 2, 3, 4, 5, 0, 0, 0});
  CHECK_FALSE(memory.read<8>(8, beat.data()));
  uint64_t refused = 0;
  CHECK_FALSE(memory.write<8>(0, beat.data(), 0xff, refused));
  CHECK(refused == 5);
  CHECK(bytes[0] == 1);
  beat.fill(7);
  CHECK(memory.write<8>(0, beat.data(), 0x1f, refused));
  CHECK(bytes == std::array<uint8_t, 5>{7, 7, 7, 7, 7});
  CHECK(memory.write<8>(4096, beat.data(), 0, refused));
}

TEST_CASE("host memory: a beat may span two regions, which may touch and not overlap") {
  std::array<uint8_t, 4> low = {1, 2, 3, 4}, high = {5, 6, 7, 8};
  HostMemory memory;
  REQUIRE(memory.attach(0, 4, low.data()));
  REQUIRE(memory.attach(4, 4, high.data()));
  CHECK_FALSE(memory.attach(3, 2, high.data()));
  CHECK_FALSE(memory.attach(0, 8, high.data()));
  CHECK_FALSE(memory.attach(~uint64_t(0) - 1, 4, high.data()));
  std::array<uint8_t, 8> beat = {};
  REQUIRE(memory.read<8>(0, beat.data()));
  CHECK(beat == std::array<uint8_t, 8>{1, 2, 3, 4, 5, 6, 7, 8});
}

TEST_CASE("back-pressure: as often as asked, the same for the same seed, channels apart") {
  LatheMemoryConfig config = {sizeof(config), 1, 42, {65536 / 4, 0, 65536, 65536 / 2, 1}, {}, {}};
  Backpressure one, same;
  one.configure(config);
  same.configure(config);
  CHECK(one.isActive());
  std::array<int, LATHE_CHANNELS> held = {};
  constexpr int kCycles = 40000;
  for (int i = 0; i < kCycles; ++i) {
    unsigned bits = one.draw(i);
    CHECK_MESSAGE(bits == same.draw(i), "at draw ", i);
    for (int channel = 0; channel < LATHE_CHANNELS; ++channel)
      held[channel] += bits >> channel & 1;
  }
  // Five standard deviations of a binomial are 433 and 500.
  CHECK(std::abs(held[0] - kCycles / 4) < 433);
  CHECK(held[1] == 0);
  CHECK(held[2] == kCycles);
  CHECK(std::abs(held[3] - kCycles / 2) < 500);
  CHECK(held[4] == 0); // 1/65536 rounds to never
  CHECK_FALSE([] {
    Backpressure never;
    never.configure({});
    return never.isActive();
  }());
}

TEST_CASE("ring: first in, first out, at any offset") {
  Ring<int> ring;
  ring.size(3); // four, a power of two
  int in = 0, out = 0;
  for (int round = 0; round < 5; ++round) {
    for (; !ring.full(); ring.push())
      ring.next() = in++;
    CHECK(in - out == 4);
    for (int i = 0; i < 3; ++i, ring.pop())
      CHECK(ring.front() == out++);
  }
}

namespace {
struct FakeTop {
  uint8_t cmd_valid_i = 0, cmd_ready_o = 0, perf_sel_i = 0;
  uint64_t cmd_word_i[2] = {};
  uint64_t perf_data_o = 0;
};
} // namespace

TEST_CASE("command channel: words keep their order and width, an offered word stays") {
  FifoCommandChannel<70> channel;
  FakeTop top;
  uint64_t words[] = {1, ~uint64_t(0), 2, 0, 3, 1};
  channel.push(words, 3);
  channel.drive(top, /*held=*/true);
  CHECK(top.cmd_valid_i == 0);
  channel.drive(top, /*held=*/false);
  CHECK(top.cmd_valid_i == 1);
  CHECK(top.cmd_word_i[0] == 1);
  CHECK(top.cmd_word_i[1] == 63); // 70 - 64 bits
  CHECK_FALSE(channel.sample(top, 0));
  channel.drive(top, /*held=*/true);
  CHECK(top.cmd_valid_i == 1);
  top.cmd_ready_o = 1;
  CHECK(channel.sample(top, 7));
  CHECK(channel.firstAcceptedCycle() == 7);
  channel.drive(top, false);
  CHECK(top.cmd_word_i[0] == 2);
  CHECK(channel.sample(top, 8));
  channel.push(words, 1); // drops what was taken
  channel.drive(top, false);
  CHECK(top.cmd_word_i[0] == 3);
  CHECK(channel.sample(top, 9));
  channel.drive(top, false);
  CHECK(top.cmd_word_i[0] == 1);
  CHECK(channel.sample(top, 10));
  CHECK(channel.empty());
  CHECK(channel.acceptedCount() == 4);
}

TEST_CASE("command channel: a gap counts from when the word before it was taken") {
  FifoCommandChannel<64> channel;
  FakeTop top;
  top.cmd_ready_o = 1;
  uint64_t words[] = {1, 2, 3};
  uint32_t gaps[] = {2, 0, 3};
  channel.push(words, 3, gaps);
  std::vector<uint64_t> taken;
  for (uint64_t cycle = 0; cycle < 12; ++cycle) {
    channel.drive(top, /*held=*/false);
    if (channel.sample(top, cycle))
      taken.push_back(cycle);
  }
  // Two cycles late, the next cycle, and three cycles later than the next.
  CHECK(taken == std::vector<uint64_t>{2, 3, 7});
}

TEST_CASE("back-pressure: a pattern holds back the first cycles of each period") {
  LatheMemoryConfig config = {};
  config.pattern_held[1] = 2;
  config.pattern_period[1] = 5;
  Backpressure pattern;
  pattern.configure(config);
  CHECK(pattern.isActive());
  std::string held;
  for (uint64_t cycle = 0; cycle < 12; ++cycle)
    held += pattern.draw(cycle) == 2 ? 'x' : '.';
  CHECK(held == "xx...xx...xx");
}

TEST_CASE("hang watch: counters that move are progress, others are not") {
  LatheHangConfig config = {sizeof(config), 3, 2, 100};
  auto quietUntilHang = [&](auto counter) {
    HangWatch watch;
    watch.configure(config);
    FakeTop top;
    uint64_t counters[8] = {};
    for (int cycle = 1; cycle <= 1000; ++cycle) {
      top.perf_data_o = counters[top.perf_sel_i];
      counter(counters, cycle);
      if (watch.quietCycle(top))
        return cycle;
    }
    return 0;
  };
  int still = quietUntilHang([](uint64_t *, int) {});
  CHECK(still >= 100);
  CHECK(still <= 110);
  // Counter 4 is watched, counter 5 is not.
  CHECK(quietUntilHang([](uint64_t *c, int cycle) { c[4] += cycle % 40 == 0; }) == 0);
  CHECK(quietUntilHang([](uint64_t *c, int) { c[5] += 1; }) == still);
}

TEST_CASE("signals: found by name in a sorted table") {
  constexpr Signal table[] = {{"a", 0, 1, 1, 1}, {"a.b", 8, 1, 7, 1}, {"c[2]", 16, 4, 64, 8}};
  CHECK(findSignal(table, 3, "a") == &table[0]);
  CHECK(findSignal(table, 3, "c[2]") == &table[2]);
  CHECK(findSignal(table, 3, "b") == nullptr);
  CHECK(findSignal(table, 0, "a") == nullptr);
}
