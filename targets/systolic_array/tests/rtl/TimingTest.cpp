// No bubbles where none must be, and the fixed latencies that machines/default.yaml states.
#include "Command.h"
#include "RtlBench.h"
#include <doctest/doctest.h>

using namespace bench;

namespace {

constexpr uint32_t dim = sizes.dim;
constexpr uint32_t retiredMovesIndex = 14, macsIndex = 24, readBytesIndex = 25,
                   writtenBytesIndex = 26;

// With one entry a command of the store unit waits until its predecessor is complete.
constexpr bool storesOverlap = sizes.storeQueue > 1;

struct Measured {
  Run run;
  uint64_t moves, macs, bytesRead, bytesWritten;
};

Measured measure(const std::vector<uint64_t> &words, const Outside &outside = {}) {
  static const HostImage image{.bytes = std::vector<uint8_t>(1 << 12, 1)};
  IsaModel model(image);
  for (uint64_t word : words)
    model.run(word);
  RtlBench rtl(image, 1);
  Run run = rtl.run(words, model, outside);
  REQUIRE(run.failure == "");
  REQUIRE(run.error == 0);
  return {run, rtl.counter(retiredMovesIndex), rtl.counter(macsIndex), rtl.counter(readBytesIndex),
          rtl.counter(writtenBytesIndex)};
}

// Cycles from the first command to rest.
uint64_t cycles(const std::vector<uint64_t> &words, const Outside &outside = {}) {
  Run run = measure(words, outside).run;
  return run.idleAt - run.accepted.front();
}

template <typename Command> std::vector<uint64_t> repeat(uint32_t times, Command command) {
  std::vector<uint64_t> words;
  for (uint32_t i = 0; i < times; ++i)
    for (uint64_t word : std::vector<uint64_t>(command(i)))
      words.push_back(word);
  return words;
}

// What one more repetition costs once the first ones are under way.
template <typename Command> double each(Command command, const Outside &outside = {}) {
  return double(cycles(repeat(60, command), outside) - cycles(repeat(20, command), outside)) / 40;
}

} // namespace

// The two readers of the scratchpad meet in a bank at most once for each set of weights.
TEST_CASE("a stream of weights and multiplies has no bubble, wherever the rows lie") {
  for (uint32_t rows : {dim + 2, dim + 3, 2 * dim, 4 * dim - 1}) {
    if (rows > sizes.accRows || rows + 5 > sizes.spmRows || sizes.spmBanks < 3)
      continue;
    CAPTURE(rows);
    CHECK(each([&](uint32_t i) {
            return std::vector<uint64_t>{preload(i % 3, i % 2, dim),
                                         matmul(Op::MatmulAcc, i % 5, 1, i % 2, 0, rows)};
          }) == rows);
  }
}

TEST_CASE("multiplies of as many rows as the array has hide their weights entirely") {
  if (sizes.spmBanks < 3)
    return;
  CHECK(each([&](uint32_t i) {
          return std::vector<uint64_t>{
              preload(0, i % 2, dim),
              matmul(Op::MatmulAcc, dim % sizes.spmBanks, 1, i % 2, 0, dim)};
        }) == dim);
}

// More than a queue full of them wait for the array's depth instead.
TEST_CASE("multiplies of one row follow each other in every cycle") {
  auto burst = [](uint32_t count) {
    return cycles(repeat(count, [](uint32_t i) {
      return std::vector<uint64_t>{matmul(Op::MatmulAcc, i, 1, i % 2, i % 3, 1)};
    }));
  };
  CHECK(burst(4) - burst(1) == 3);
}

TEST_CASE("loads ask for a beat in every cycle, across rows and commands") {
  uint32_t beats = (dim + sizes.memBytes - 1) / sizes.memBytes;
  auto loads = [](uint32_t i) {
    return std::vector<uint64_t>{load(Op::Load, i * 64, i % 4, 20, dim)};
  };
  std::vector<uint64_t> words = repeat(20, loads);
  words.insert(words.begin(), setLoadStride(int32_t(beats * sizes.memBytes)));
  Run run = measure(words, {.readLatency = 20}).run;
  CHECK(run.reads.back() - run.reads.front() + 1 == run.reads.size());
}

TEST_CASE("stores write a beat in every cycle, across rows and commands") {
  if (dim % sizes.memBytes != 0)
    return;
  std::vector<uint64_t> words = repeat(10, [](uint32_t i) {
    return std::vector<uint64_t>{store(Op::StoreI8, i % 4, 0, i * 4096, 20, dim)};
  });
  words.insert(words.begin(), setStoreStride(int32_t(dim)));
  Run run = measure(words).run;
  CHECK(run.writes.back() - run.writes.front() + 1 == run.writes.size());
}

TEST_CASE("fills and vector work take a row a cycle, operands of one bank two") {
  CHECK(each([](uint32_t) { return std::vector<uint64_t>{fill(0, 10, 1)}; }) == 10);
  CHECK(each([](uint32_t) { return std::vector<uint64_t>{vector(Op::Vscale, 0, 3, 10)}; }) == 10);
  CHECK(each([](uint32_t) {
          return std::vector<uint64_t>{vector(Op::Vadd, 0, 2 * sizes.accBanks, 10)};
        }) == 20);
  if (sizes.accBanks > 1)
    CHECK(each([](uint32_t) { return std::vector<uint64_t>{vector(Op::Vadd, 0, 1, 10)}; }) == 10);
}

TEST_CASE("moves take a row a cycle, among stores as well") {
  if (!storesOverlap)
    return;
  CHECK(each([](uint32_t i) { return std::vector<uint64_t>{moveI8(i % 4, 0, i % 5, 10)}; }) == 10);
  CHECK(each([](uint32_t i) {
          return std::vector<uint64_t>{moveI8(0, 0, i % 4, 10),
                                       store(Op::StoreI8, 0, 0, i * 4096, 10, 1)};
        }) == 20);
}

// Rows that meet in a bank at first are in step from then on: a move waits once.
TEST_CASE("moves take a row a cycle beside a stream of rows into other banks") {
  if (!storesOverlap)
    return;
  constexpr uint32_t rows = 4 * sizes.spmBanks;
  auto moves = [&](uint32_t shift) {
    return cycles(repeat(
        10, [&](uint32_t) { return std::vector<uint64_t>{moveI8(0, 0, rows + shift, rows)}; }));
  };
  auto movesBesideFills = [&](uint32_t shift) {
    return cycles(repeat(10, [&](uint32_t) {
      return std::vector<uint64_t>{fill(0, rows, 1), moveI8(0, 0, rows + shift, rows)};
    }));
  };
  uint64_t most = 0;
  for (uint32_t shift = 0; shift < sizes.spmBanks; ++shift) {
    uint64_t lost = movesBesideFills(shift) - moves(shift) - 1; // the first fill's command slot
    CHECK(lost <= 1);
    most = std::max(most, lost);
  }
  CHECK(most == 1);
}

TEST_CASE("a move waits each cycle in which a load writes its bank, and so do stores behind it") {
  if (!storesOverlap)
    return;
  auto storeBehind = [](uint32_t dst) {
    std::vector<uint64_t> words = {moveI8(0, 0, dst, 1), store(Op::StoreI8, 0, 0, 0, 1, 1)};
    for (int i = 0; i < 3; ++i)
      words.push_back(fill(4 * sizes.spmBanks, 1, 1));
    return measure(words).run.writes[0];
  };
  CHECK(storeBehind(0) - storeBehind(1) == 3);
}

TEST_CASE(
    "a move is complete when its rows are written, whatever stores before it still wait for") {
  if (!storesOverlap)
    return;
  constexpr unsigned latency = 500;
  std::vector<uint64_t> words =
      repeat(20, [](uint32_t i) { return std::vector<uint64_t>{moveI8(0, 0, i, 1)}; });
  words.insert(words.begin(), store(Op::StoreI8, 0, 0, 0, 1, 1));
  Run run = measure(words, {.writeLatency = latency}).run;
  CHECK(run.accepted.back() < latency);
  CHECK(run.idleAt > latency);
}

TEST_CASE("configuration costs a command slot and nothing else") {
  CHECK(each([](uint32_t) {
          return std::vector<uint64_t>{setLoadStride(4), setStoreStride(4), setEpilogue(0, 1)};
        }) == 3);
}

TEST_CASE("from a command to its unit's first action") {
  Run run = measure({load(Op::Load, 0, 0, 1, 1)}).run;
  CHECK(run.reads[0] - run.accepted[0] == 4);
  // A row is read in the cycle that a load's first request would go out; 4 later its beat leaves.
  run = measure({store(Op::StoreI8, 0, 0, 0, 1, 1)}).run;
  CHECK(run.writes[0] - run.accepted[0] == 4 + 4);
}

// Each chain ends in a store, whose first beat shows when its accumulators could be read. What the
// chain adds to the store alone, beyond the row counts, is the latency.
TEST_CASE("results reach a command of another pipe after the stated latency") {
  auto storeAfter = [](std::vector<uint64_t> words, const Outside &outside = {}) {
    words.push_back(store(Op::StoreI8, 0, 0, 0, 1, 1));
    Run run = measure(words, outside).run;
    return int64_t(run.writes[0] - run.accepted[0]) - 8; // cycles from the first row to the store's
  };
  CHECK(storeAfter({matmul(Op::Matmul, 0, 1, 0, 0, 5)}) == 5 - 1 + 2 * dim);
  CHECK(storeAfter({vector(Op::Vscale, 0, 1, 5)}) == 5 - 1 + 2);
  // The load's response comes a cycle after its request; then 4 more until the row can be read.
  CHECK(storeAfter({load(Op::LoadAccI8, 0, 0, 5, 1)}) == 5 - 1 + 1 + 4);
  CHECK(storeAfter({load(Op::LoadAccI8, 0, 0, 5, 1)}, {.readLatency = 40}) == 5 - 1 + 40 + 4);
  CHECK(storeAfter({fill(0, 5, 1), matmul(Op::Matmul, 4, 1, 0, 0, 1)}) == 5 - 1 + 3 + 2 * dim);
  CHECK(storeAfter({load(Op::Load, 0, 0, 5, 1), matmul(Op::Matmul, 4, 1, 0, 0, 1)}) ==
        5 - 1 + 1 + 4 + 2 * dim);
  // A multiply follows the weights two cycles behind their first row, here from other banks.
  CHECK(storeAfter({preload(0, 1, dim), matmul(Op::Matmul, 7, 1, 1, 0, 5)}) == 2 + 5 - 1 + 2 * dim);
  CHECK(storeAfter({moveI8(0, 0, 0, 5), matmul(Op::Matmul, 4, 1, 0, 0, 1)}) == 5 - 1 + 5 + 2 * dim);
  CHECK(storeAfter({moveI8(0, 0, 0, 5), preload(4, 1, 1), matmul(Op::Matmul, 7, 1, 1, 0, 1)}) ==
        5 - 1 + 5 + 2 + 2 * dim);
}

TEST_CASE("sources may be overwritten after the stated release") {
  // Weights wait for the last row that uses the copy, and the next multiply for the weights.
  auto pairs = [](uint32_t rows) {
    return std::vector<uint64_t>{matmul(Op::Matmul, 0, 0, 0, 0, rows), preload(1, 0, 1),
                                 matmul(Op::Matmul, 0, 0, 0, 0, 1)};
  };
  CHECK(cycles(pairs(9)) - cycles({matmul(Op::Matmul, 0, 0, 0, 0, 9)}) == 2 + 2);
  if (!storesOverlap)
    return;
  // A move's accumulators, by vector work whose rows are stored.
  Run run =
      measure({moveI8(0, 0, 0, 9), vector(Op::Vscale, 0, 1, 1), store(Op::StoreI8, 0, 0, 0, 1, 1)})
          .run;
  CHECK(run.writes[0] - run.accepted[0] == 8 + (9 - 1 + 2) + 2);
}

TEST_CASE("traffic and work are counted") {
  Measured measured = measure({load(Op::Load, 0, 0, 3, 1), matmul(Op::Matmul, 0, 0, 0, 0, 7),
                               store(Op::StoreI8, 0, 0, 0, 2, 1)});
  CHECK(measured.macs == 7 * dim * dim);
  CHECK(measured.bytesRead == 3 * sizes.memBytes);
  CHECK(measured.bytesWritten == 2 * sizes.memBytes);
  measured = measure({moveI8(0, 0, 0, 3), moveI8(0, 0, 3, 1)});
  CHECK(measured.moves == 2);
  CHECK(measured.bytesWritten == 0);
}
