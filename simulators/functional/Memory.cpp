#include "simulators/functional/Memory.h"

#include <algorithm>
#include <cstring>

using namespace lathe;

static bool allZero(const uint8_t *bytes, int64_t count) {
  if (count < 16)
    return std::all_of(bytes, bytes + count, [](uint8_t byte) { return byte == 0; });
  return bytes[0] == 0 && std::memcmp(bytes, bytes + 1, count - 1) == 0;
}

Memory::Memory(int64_t size, int64_t rowBytes)
    : bytes(size), shadows(size, 0xff), rowBytes(rowBytes), rowIsDefined(size / rowBytes) {}

/// Rows from the one that holds byte `first` to the one that holds byte `end - 1`.
bool Memory::rowsDefined(int64_t first, int64_t end) const {
  int64_t from = first / rowBytes, to = (end + rowBytes - 1) / rowBytes;
  return std::memchr(&rowIsDefined[from], 0, to - from) == nullptr;
}

bool Memory::isDefined(const Chunks &access) const {
  if (access.isContiguous())
    return rowsDefined(access.first, access.first + access.count * access.chunkBytes) ||
           allZero(&shadows[access.first], access.count * access.chunkBytes);
  for (int64_t i = 0; i < access.count; ++i) {
    int64_t first = access.first + i * access.stepBytes;
    if (!rowsDefined(first, first + access.chunkBytes) &&
        !allZero(&shadows[first], access.chunkBytes))
      return false;
  }
  return true;
}

void Memory::markDefined(const Chunks &access) {
  auto mark = [&](int64_t first, int64_t count) {
    if (rowsDefined(first, first + count))
      return;
    std::memset(&shadows[first], 0, count);
    // A row that is touched in part becomes known only when it is looked at again.
    int64_t from = (first + rowBytes - 1) / rowBytes, to = (first + count) / rowBytes;
    if (from < to)
      std::memset(&rowIsDefined[from], 1, to - from);
  };
  if (access.isContiguous())
    return mark(access.first, access.count * access.chunkBytes);
  for (int64_t i = 0; i < access.count; ++i)
    mark(access.first + i * access.stepBytes, access.chunkBytes);
}

void Memory::recount(const Chunks &access, int64_t writer) {
  for (int64_t i = 0; i < access.count; ++i) {
    int64_t first = access.first + i * access.stepBytes;
    int64_t from = first / rowBytes, to = (first + access.chunkBytes + rowBytes - 1) / rowBytes;
    for (int64_t row = from; row < to; ++row) {
      rowIsDefined[row] = allZero(&shadows[row * rowBytes], rowBytes);
      if (rowIsDefined[row])
        continue;
      if (writers.empty())
        writers.assign(rowIsDefined.size(), -1);
      writers[row] = writer;
    }
  }
}

std::optional<int64_t> Memory::firstUndefined(const Chunks &access) const {
  for (int64_t i = 0; i < access.count; ++i) {
    auto first = shadows.begin() + access.first + i * access.stepBytes;
    auto found = std::find_if(first, first + access.chunkBytes, [](uint8_t byte) { return byte; });
    if (found != first + access.chunkBytes)
      return found - shadows.begin();
  }
  return std::nullopt;
}

int64_t Memory::writerOf(int64_t offset) const {
  return writers.empty() ? -1 : writers[offset / rowBytes];
}
