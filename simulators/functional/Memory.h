// One memory of the simulated machine, and which of its bytes hold a value.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// `count` chunks of `chunkBytes` bytes, `stepBytes` apart, in one memory. Offsets are in bytes.
struct Chunks {
  int64_t first = 0;
  int64_t count = 1;
  int64_t stepBytes = 0;
  int64_t chunkBytes = 0;

  int64_t lowest() const { return stepBytes < 0 ? first + (count - 1) * stepBytes : first; }
  /// One past the last byte.
  int64_t end() const {
    return (stepBytes < 0 ? first : first + (count - 1) * stepBytes) + chunkBytes;
  }
  /// Chunks follow each other without gaps.
  bool isContiguous() const { return stepBytes == chunkBytes || count == 1; }
};

/// Bytes, each with a shadow byte that is 0 when it is defined. Rows (the machine's addresses) that
/// are defined throughout are known by a flag, so that whole tiles are judged by a few comparisons.
class Memory {
public:
  /// Everything undefined. `rowBytes` divides `bytes`.
  Memory(int64_t bytes, int64_t rowBytes);

  uint8_t *data() { return bytes.data(); }
  uint8_t *shadow() { return shadows.data(); }
  const uint8_t *data() const { return bytes.data(); }
  const uint8_t *shadow() const { return shadows.data(); }
  int64_t size() const { return bytes.size(); }
  int64_t bytesPerRow() const { return rowBytes; }

  bool isDefined(const Chunks &access) const;
  void markDefined(const Chunks &access);
  /// Brings the flags of the rows of `access` in line with the shadow bytes; rows that are not
  /// defined are noted as left so by instruction `writer`.
  void recount(const Chunks &access, int64_t writer);
  /// Offset of the first undefined byte of `access`.
  std::optional<int64_t> firstUndefined(const Chunks &access) const;
  /// The instruction that left the row of byte `offset` undefined, or -1: it was never written.
  int64_t writerOf(int64_t offset) const;

private:
  bool rowsDefined(int64_t first, int64_t end) const;

  std::vector<uint8_t> bytes, shadows;
  int64_t rowBytes;
  std::vector<uint8_t> rowIsDefined;
  std::vector<int64_t> writers; ///< by row; empty until a row is left undefined
};

} // namespace lathe
