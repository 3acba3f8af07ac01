#include "Programs.h"
#include "Command.h"
#include <algorithm>
#include <array>
#include <climits>

namespace bench {
namespace {

constexpr std::array<int8_t, 7> cornerBytes = {-128, -127, -1, 0, 1, 126, 127};
constexpr std::array<int32_t, 9> cornerWords = {INT_MIN, INT_MIN + 1, -129,        -1,     0,
                                                1,       128,         INT_MAX - 1, INT_MAX};
// Rows that random commands leave alone: the identity matrix, to look at the scratchpad with.
constexpr uint32_t keptRows = sizes.dim;
constexpr uint32_t freeRows = sizes.spmRows - keptRows;
constexpr uint32_t maxMoved = 256, maxExecuted = 512;
constexpr uint32_t movedRows = std::min({maxMoved, sizes.accRows, freeRows}); // by a MOVE_I8

class Generator {
public:
  Generator(std::mt19937 &random, const ProgramOptions &options)
      : random(random), options(options) {}

  std::vector<uint64_t> program() {
    define();
    for (unsigned i = 0; i < options.commands; ++i) {
      if (below(100) < options.illegalPercent)
        words.push_back(illegal());
      else
        command();
    }
    look();
    return words;
  }

private:
  uint32_t below(uint32_t limit) { return random() % limit; }
  template <typename T, size_t N> T anyOf(const std::array<T, N> &values) {
    return values[below(N)];
  }
  // One, a few, or up to the limit.
  uint32_t count(uint32_t limit) {
    uint32_t kind = below(8);
    uint32_t most = kind == 0 ? limit : kind < 4 ? 3 : 12;
    return 1 + below(std::min(most, limit));
  }
  // A start for `rows` rows; half of all commands meet at the start or across a bank boundary.
  uint32_t start(uint32_t rows, uint32_t limit, uint32_t banks) {
    uint32_t room = limit - rows + 1, bank = (limit + banks - 1) / banks;
    switch (below(4)) {
    case 0:
      return below(std::min(room, 8u));
    case 1:
      return std::min(room - 1, bank - std::min(bank, 1 + below(4)));
    default:
      return below(room);
    }
  }
  uint32_t hostAddress() {
    switch (below(4)) {
    case 0:
      return below(1 << 16) * 64;
    case 1:
      return uint32_t(0) - below(300); // wraps around the end of memory
    default:
      return random();
    }
  }
  int32_t stride() {
    const std::array<int32_t, 9> values = {0,
                                           1,
                                           int32_t(sizes.dim),
                                           -int32_t(sizes.dim),
                                           int32_t(4 * sizes.dim),
                                           int32_t(sizes.memBytes),
                                           -3,
                                           1000,
                                           int32_t(random())};
    return anyOf(values);
  }

  void add(uint64_t word) { words.push_back(word); }

  void define() {
    add(setLoadStride(int32_t(4 * sizes.dim + 1)));
    add(setStoreStride(int32_t(4 * sizes.dim)));
    add(setEpilogue(INT_MIN, 0));
    for (uint32_t row = 0; row < sizes.spmRows; row += maxMoved)
      add(load(Op::Load, random(), row, std::min(maxMoved, sizes.spmRows - row), sizes.dim));
    for (uint32_t row = 0; row < sizes.accRows; row += maxMoved)
      add(load(Op::LoadAccI32, random() & ~3u, row, std::min(maxMoved, sizes.accRows - row),
               sizes.dim));
    add(load(Op::LoadBias, random() & ~3u, 0, sizes.biasRows, sizes.dim));
    add(preload(0, 0, sizes.dim));
    add(preload(1, 1, sizes.dim));
    // The identity, from a word 0...0 1 0...0 at the image's start, one byte earlier a row.
    add(setLoadStride(-1));
    add(load(Op::Load, sizes.dim - 1, freeRows, sizes.dim, sizes.dim));
    add(setLoadStride(stride()));
  }

  // Stores accumulators, weights (through the scratchpad) and scratchpad (through the identity).
  void look() {
    add(setStoreStride(int32_t(4 * sizes.dim)));
    storeAccumulators();
    for (uint32_t copy : {0u, 1u})
      multiplyScratchpad(copy);
    add(preload(freeRows, 1, sizes.dim));
    multiplyScratchpad(1);
  }
  void storeAccumulators() {
    for (uint32_t row = 0; row < sizes.accRows; row += maxMoved)
      add(store(Op::StoreI32, row, 0, hostAddress() & ~63u, std::min(maxMoved, sizes.accRows - row),
                sizes.dim));
  }
  void multiplyScratchpad(uint32_t copy) {
    uint32_t most = std::min(maxExecuted, sizes.accRows);
    for (uint32_t row = 0; row < sizes.spmRows; row += most) {
      add(matmul(Op::Matmul, row, 1, copy, 0, std::min(most, sizes.spmRows - row)));
      storeAccumulators();
    }
  }

  void command() {
    switch (below(23)) {
    case 0:
      return add(setLoadStride(stride()));
    case 1:
      return add(setStoreStride(stride()));
    case 2: {
      const std::array<int32_t, 6> floors = {INT_MIN, 0, 0, -1, 100, int32_t(random())};
      return add(setEpilogue(anyOf(floors), below(3) ? below(12) : below(32)));
    }
    case 3: {
      uint32_t rows = count(std::min(maxMoved, freeRows));
      return add(fill(start(rows, freeRows, sizes.spmBanks), rows, uint8_t(anyOf(cornerBytes))));
    }
    case 4:
    case 5:
    case 6: {
      uint32_t rows = count(std::min(maxMoved, freeRows));
      return add(load(Op::Load, hostAddress(), start(rows, freeRows, sizes.spmBanks), rows,
                      1 + below(sizes.dim)));
    }
    case 7: {
      uint32_t rows = count(std::min(maxMoved, sizes.accRows));
      return add(load(below(2) ? Op::LoadAccI8 : Op::LoadAccI32, hostAddress(),
                      start(rows, sizes.accRows, sizes.accBanks), rows, 1 + below(sizes.dim)));
    }
    case 8: {
      uint32_t rows = 1 + below(sizes.biasRows);
      return add(load(Op::LoadBias, hostAddress(), below(sizes.biasRows - rows + 1), rows,
                      1 + below(sizes.dim)));
    }
    case 9:
    case 10:
    case 11: {
      uint32_t rows = below(2) ? sizes.dim : 1 + below(sizes.dim);
      return add(preload(start(rows, freeRows, sizes.spmBanks), below(2), rows));
    }
    case 12:
    case 13:
    case 14:
    case 15:
      return multiply();
    case 16:
    case 17: {
      const std::array<Op, 3> ops = {Op::Vadd, Op::Vmax, Op::Vscale};
      Op op = anyOf(ops);
      uint32_t rows = count(std::min(maxExecuted, sizes.accRows));
      uint32_t dst = start(rows, sizes.accRows, sizes.accBanks);
      uint32_t operand = op == Op::Vscale ? below(2) ? uint32_t(anyOf(cornerWords)) : random()
                                          : start(rows, sizes.accRows, sizes.accBanks);
      return add(vector(op, dst, operand, rows));
    }
    case 18:
    case 19:
      return move();
    case 20:
      return chain();
    default: {
      uint32_t rows = count(std::min(maxMoved, sizes.accRows));
      return add(store(below(3) ? Op::StoreI8 : Op::StoreI32,
                       start(rows, sizes.accRows, sizes.accBanks), below(sizes.biasRows),
                       hostAddress(), rows, 1 + below(sizes.dim)));
    }
    }
  }
  void multiply() {
    const std::array<uint32_t, 6> steps = {0, 1, 1, 2, 7, 255};
    uint32_t step = anyOf(steps);
    uint32_t rows = count(
        std::min({maxExecuted, sizes.accRows, step ? (freeRows - 1) / step + 1 : maxExecuted}));
    uint32_t reach = (rows - 1) * step + 1;
    add(matmul(below(3) ? Op::MatmulAcc : Op::Matmul, start(reach, freeRows, sizes.spmBanks), step,
               below(2), start(rows, sizes.accRows, sizes.accBanks), rows));
  }

  void move() {
    uint32_t rows = count(movedRows);
    add(moveI8(start(rows, sizes.accRows, sizes.accBanks), below(sizes.biasRows),
               start(rows, freeRows, sizes.spmBanks), rows));
  }
  // A product, its rows moved, and then whatever must wait for the move: for the rows that it
  // writes, or for the accumulators and the bias that it reads.
  void chain() {
    uint32_t rows = count(std::min(movedRows, sizes.dim));
    uint32_t acc = start(rows, sizes.accRows, sizes.accBanks);
    uint32_t spm = start(rows, freeRows, sizes.spmBanks), bias = below(sizes.biasRows);
    uint32_t row = below(rows), copy = below(2);
    add(matmul(Op::Matmul, start(rows, freeRows, sizes.spmBanks), 1, copy, acc, rows));
    if (below(4) == 0)
      add(fill(spm + row, 1, 126));
    add(moveI8(acc, bias, spm, rows));
    switch (below(7)) {
    case 0:
      return add(matmul(Op::MatmulAcc, spm + row, 0, copy, start(5, sizes.accRows, 1), 5));
    case 1:
      return add(preload(spm, copy, rows));
    case 2:
      return add(load(Op::Load, hostAddress(), spm + row, rows - row, 1 + below(sizes.dim)));
    case 3:
      return add(fill(spm + row, 1, uint8_t(anyOf(cornerBytes))));
    case 4:
      return add(vector(Op::Vscale, acc + row, 3, rows - row));
    case 5:
      return add(load(Op::LoadAccI8, hostAddress(), acc + row, rows - row, sizes.dim));
    default:
      return add(load(Op::LoadBias, hostAddress(), bias, 1, sizes.dim));
    }
  }

  // Words with a reserved bit, an unknown opcode, or an extent that is one too large.
  uint64_t illegal() {
    switch (below(16)) {
    case 0:
      return field(random(), 0, 32);
    case 1:
      return preload(0, 0, 1) | field(1, 15 + below(17), 1) << 0;
    case 2:
      return setLoadStride(1) | uint64_t(1) << (32 + below(28));
    case 3:
      return opcode(Op::StoreSub) | field(3 + below(13), 56, 4);
    case 4:
      return load(Op::Load, 0, sizes.spmRows - 1, 2, 1);
    case 5:
      return load(Op::LoadBias, 0, 0, sizes.biasRows + 1, 1);
    case 6:
      return sizes.dim == 32 ? 0 : load(Op::LoadAccI8, 0, 0, 1, sizes.dim + 1);
    case 7:
      return sizes.dim == 32 ? 0 : preload(0, 0, sizes.dim + 1);
    case 8:
      return matmul(Op::Matmul, sizes.spmRows - 1, 1, 0, 0, 2);
    case 9:
      return vector(Op::Vadd, 0, sizes.accRows - 1, 2);
    case 10:
      return sizes.biasRows == 16 ? 0 : store(Op::StoreI8, 0, sizes.biasRows, 0, 1, 1);
    case 11:
      return moveI8(0, 0, 0, 1) | uint64_t(1) << (below(2) ? 55 : 15 + below(17));
    case 12:
      return moveI8(sizes.accRows - 1, 0, 0, 2);
    case 13:
      return moveI8(0, 0, sizes.spmRows - 1, 2);
    case 14:
      return sizes.biasRows == 16 ? 0 : moveI8(0, sizes.biasRows, 0, 1);
    default:
      return matmul(Op::MatmulAcc, 0, 0, 0, sizes.accRows - 1, 2);
    }
  }

  std::mt19937 &random;
  ProgramOptions options;
  std::vector<uint64_t> words;
};

} // namespace

HostImage cornerImage(std::mt19937 &random) {
  HostImage image{.bytes = std::vector<uint8_t>(1 << 16)};
  for (size_t i = 0; i < image.bytes.size(); ++i)
    image.bytes[i] = uint8_t(random() % 4 ? cornerBytes[random() % cornerBytes.size()] : random());
  for (size_t word = image.bytes.size() / 2; word < image.bytes.size(); word += 4) {
    uint32_t value = random() % 4 ? uint32_t(cornerWords[random() % cornerWords.size()]) : random();
    for (size_t byte = 0; byte < 4; ++byte)
      image.bytes[word + byte] = uint8_t(value >> (8 * byte));
  }
  // The identity's rows, read one byte earlier each.
  for (size_t i = 0; i < 2 * sizes.dim; ++i)
    image.bytes[i] = i == sizes.dim - 1;
  return image;
}

std::vector<uint64_t> randomProgram(std::mt19937 &random, const ProgramOptions &options) {
  return Generator(random, options).program();
}

} // namespace bench
