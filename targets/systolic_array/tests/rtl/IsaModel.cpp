#include "IsaModel.h"
#include "Command.h"
#include <algorithm>

namespace bench {
namespace {

uint32_t bits(uint64_t word, unsigned lsb, unsigned width) {
  return uint32_t(word >> lsb) & uint32_t((uint64_t(1) << width) - 1);
}
Op opOf(uint64_t word) { return Op(word >> 60); }
Sub subOf(uint64_t word) { return Sub(bits(word, 56, 4)); }

uint64_t reservedOf(Sub sub) {
  switch (sub) {
  case Sub::SetStoreStride:
    return field(~0ull, 32, 24);
  case Sub::SetEpilogue:
    return field(~0ull, 37, 19);
  case Sub::MoveI8:
    return field(~0ull, 15, 17) | field(~0ull, 55, 1);
  default:
    return ~0ull;
  }
}

// Bits that an encoding leaves out must be zero.
uint64_t reserved(uint64_t word) {
  switch (uint32_t(word >> 60)) {
  case 1:
  case 2:
  case 3:
  case 4:
    return 0;
  case 5:
    return field(~0ull, 8, 24) | field(~0ull, 55, 5);
  case 6:
    return field(~0ull, 15, 17) | field(~0ull, 33, 14) | field(~0ull, 52, 8);
  case 7:
  case 8:
    return field(~0ull, 23, 9) | field(~0ull, 44, 3) | field(~0ull, 56, 4);
  case 9:
  case 10:
    return field(~0ull, 11, 21) | field(~0ull, 43, 4) | field(~0ull, 56, 4);
  case 11:
    return field(~0ull, 43, 4) | field(~0ull, 56, 4);
  case 12:
  case 13:
    return 0;
  case 14:
    return field(~0ull, 32, 28);
  case 15:
    return reservedOf(subOf(word));
  default:
    return ~0ull;
  }
}

int32_t wrapAdd(int32_t a, int32_t b) { return int32_t(uint32_t(a) + uint32_t(b)); }
int32_t wrapMultiply(int32_t a, int32_t b) { return int32_t(uint32_t(a) * uint32_t(b)); }

uint8_t epilogue(int32_t value, int32_t floor, uint32_t shift) {
  value = std::max(value, floor);
  if (shift != 0)
    value = wrapAdd(value, int32_t(1u << (shift - 1))) >> shift;
  return uint8_t(std::clamp(value, -128, 127));
}

} // namespace

IsaModel::IsaModel(const HostImage &host)
    : host(host), spm(sizes.spmRows, Row(sizes.dim)), acc(sizes.accRows, Row(sizes.dim)),
      bias(sizes.biasRows, Row(sizes.dim)) {
  for (auto &copy : weights)
    copy.assign(sizes.dim, Row(sizes.dim));
}

uint8_t IsaModel::check(uint64_t word) const {
  if (word >> 60 == 0 || (word & reserved(word)))
    return 1;
  uint32_t moved = bits(word, 47, 8) + 1, cols = bits(word, 55, 5) + 1,
           rows = bits(word, 47, 9) + 1;
  auto fits = [](uint64_t first, uint64_t count, uint64_t limit) { return first + count <= limit; };
  bool ok = true;
  switch (opOf(word)) {
  case Op::Load:
    ok = cols <= sizes.dim && fits(bits(word, 32, 15), moved, sizes.spmRows);
    break;
  case Op::LoadAccI8:
  case Op::LoadAccI32:
    ok = cols <= sizes.dim && fits(bits(word, 32, 15), moved, sizes.accRows);
    break;
  case Op::LoadBias:
    ok = cols <= sizes.dim && fits(bits(word, 32, 15), moved, sizes.biasRows);
    break;
  case Op::Fill:
    ok = fits(bits(word, 32, 15), moved, sizes.spmRows);
    break;
  case Op::Preload: {
    uint32_t count = bits(word, 47, 5) + 1;
    ok = count <= sizes.dim && fits(bits(word, 0, 15), count, sizes.spmRows);
    break;
  }
  case Op::Matmul:
  case Op::MatmulAcc:
    ok = fits(bits(word, 0, 15) + (rows - 1) * bits(word, 15, 8), 1, sizes.spmRows) &&
         fits(bits(word, 32, 11), rows, sizes.accRows);
    break;
  case Op::Vadd:
  case Op::Vmax:
    ok = fits(bits(word, 32, 11), rows, sizes.accRows) &&
         fits(bits(word, 0, 11), rows, sizes.accRows);
    break;
  case Op::Vscale:
    ok = fits(bits(word, 32, 11), rows, sizes.accRows);
    break;
  case Op::StoreI8:
  case Op::StoreI32:
    ok = cols <= sizes.dim && fits(bits(word, 32, 11), moved, sizes.accRows) &&
         bits(word, 43, 4) < sizes.biasRows;
    break;
  case Op::StoreSub:
    ok = subOf(word) != Sub::MoveI8 ||
         (fits(bits(word, 32, 11), moved, sizes.accRows) &&
          fits(bits(word, 0, 15), moved, sizes.spmRows) && bits(word, 43, 4) < sizes.biasRows);
    break;
  case Op::SetLoadStride:
    break;
  }
  return ok ? 0 : 2;
}

void IsaModel::run(uint64_t word) {
  if (uint8_t error = check(word)) {
    if (firstError == 0)
      firstError = error;
    return;
  }
  switch (opOf(word)) {
  case Op::Load:
  case Op::LoadAccI8:
  case Op::LoadAccI32:
  case Op::LoadBias:
  case Op::Fill:
    return runLoad(word);
  case Op::Preload:
    return runPreload(word);
  case Op::Matmul:
  case Op::MatmulAcc:
    return runMatmul(word);
  case Op::Vadd:
  case Op::Vmax:
  case Op::Vscale:
    return runVector(word);
  case Op::StoreI8:
  case Op::StoreI32:
    return runStore(word);
  case Op::SetLoadStride:
    loadStride = uint32_t(word);
    return;
  case Op::StoreSub:
    return runStoreSub(word);
  }
}

void IsaModel::runStoreSub(uint64_t word) {
  switch (subOf(word)) {
  case Sub::SetStoreStride:
    storeStride = uint32_t(word);
    return;
  case Sub::SetEpilogue:
    floorValue = int32_t(uint32_t(word));
    shift = bits(word, 32, 5);
    return;
  case Sub::MoveI8:
    return runMove(word);
  }
}

void IsaModel::runLoad(uint64_t word) {
  Op op = opOf(word);
  uint32_t dst = bits(word, 32, 15), rows = bits(word, 47, 8) + 1, cols = bits(word, 55, 5) + 1;
  bool wide = op == Op::LoadAccI32 || op == Op::LoadBias;
  auto &to = op == Op::Load || op == Op::Fill ? spm : op == Op::LoadBias ? bias : acc;
  for (uint32_t i = 0; i < rows; ++i) {
    Row row(sizes.dim);
    if (op == Op::Fill) {
      row.assign(sizes.dim, int8_t(word));
    } else {
      uint32_t address = uint32_t(word) + i * loadStride;
      noteReads(address, cols * (wide ? 4 : 1));
      for (uint32_t j = 0; j < cols; ++j) {
        if (!wide) {
          row[j] = int8_t(host.at(address + j));
          continue;
        }
        uint32_t value = 0;
        for (uint32_t byte = 0; byte < 4; ++byte)
          value |= uint32_t(host.at(address + 4 * j + byte)) << (8 * byte);
        row[j] = int32_t(value);
      }
    }
    to[dst + i] = row;
  }
}

void IsaModel::runPreload(uint64_t word) {
  uint32_t src = bits(word, 0, 15), rows = bits(word, 47, 5) + 1;
  for (uint32_t k = 0; k < sizes.dim; ++k)
    weights[bits(word, 32, 1)][k] = k < rows ? spm[src + k] : Row(sizes.dim);
}

void IsaModel::runMatmul(uint64_t word) {
  uint32_t a = bits(word, 0, 15), step = bits(word, 15, 8), to = bits(word, 32, 11);
  const auto &w = weights[bits(word, 43, 1)];
  for (uint32_t i = 0, rows = bits(word, 47, 9) + 1; i < rows; ++i) {
    for (uint32_t j = 0; j < sizes.dim; ++j) {
      int32_t sum = opOf(word) == Op::MatmulAcc ? acc[to + i][j] : 0;
      for (uint32_t k = 0; k < sizes.dim; ++k)
        sum = wrapAdd(sum, spm[a + i * step][k] * w[k][j]);
      acc[to + i][j] = sum;
    }
  }
}

void IsaModel::runVector(uint64_t word) {
  uint32_t dst = bits(word, 32, 11), src = bits(word, 0, 11), rows = bits(word, 47, 9) + 1;
  const std::vector<Row> before = acc; // all operands are those before the command
  for (uint32_t i = 0; i < rows; ++i) {
    for (uint32_t j = 0; j < sizes.dim; ++j) {
      int32_t left = before[dst + i][j];
      if (opOf(word) == Op::Vscale)
        acc[dst + i][j] = wrapMultiply(left, int32_t(uint32_t(word)));
      else if (opOf(word) == Op::Vadd)
        acc[dst + i][j] = wrapAdd(left, before[src + i][j]);
      else
        acc[dst + i][j] = std::max(left, before[src + i][j]);
    }
  }
}

void IsaModel::runStore(uint64_t word) {
  uint32_t src = bits(word, 32, 11), cols = bits(word, 55, 5) + 1;
  const Row &offset = bias[bits(word, 43, 4)];
  for (uint32_t i = 0, rows = bits(word, 47, 8) + 1; i < rows; ++i) {
    std::vector<uint8_t> bytes;
    for (uint32_t j = 0; j < cols; ++j) {
      int32_t value = wrapAdd(acc[src + i][j], offset[j]);
      if (opOf(word) == Op::StoreI8) {
        bytes.push_back(epilogue(value, floorValue, shift));
        continue;
      }
      for (uint32_t byte = 0; byte < 4; ++byte)
        bytes.push_back(uint8_t(uint32_t(value) >> (8 * byte)));
    }
    noteWrites(uint32_t(word) + i * storeStride, bytes);
  }
}

void IsaModel::runMove(uint64_t word) {
  uint32_t src = bits(word, 32, 11), dst = bits(word, 0, 15);
  const Row &offset = bias[bits(word, 43, 4)];
  for (uint32_t i = 0, rows = bits(word, 47, 8) + 1; i < rows; ++i)
    for (uint32_t j = 0; j < sizes.dim; ++j)
      spm[dst + i][j] = int8_t(epilogue(wrapAdd(acc[src + i][j], offset[j]), floorValue, shift));
}

void IsaModel::noteReads(uint32_t address, uint32_t bytes) {
  uint32_t first = address / sizes.memBytes, offset = address % sizes.memBytes;
  for (uint32_t beat = 0; beat <= (offset + bytes - 1) / sizes.memBytes; ++beat)
    readBeats.push_back((first + beat) * sizes.memBytes);
}

void IsaModel::noteWrites(uint32_t address, const std::vector<uint8_t> &bytes) {
  std::optional<WriteBeat> beat;
  for (uint32_t i = 0; i < bytes.size(); ++i) {
    uint32_t byte = address + i, aligned = byte / sizes.memBytes * sizes.memBytes;
    if (!beat || beat->address != aligned) {
      if (beat)
        writeBeats.push_back(*beat);
      beat = {aligned, std::vector<uint8_t>(sizes.memBytes), std::vector<bool>(sizes.memBytes)};
    }
    beat->data[byte - aligned] = bytes[i];
    beat->strobe[byte - aligned] = true;
  }
  writeBeats.push_back(*beat);
}

} // namespace bench
