// What each command means, written from isa/systolic_array.td alone: one command after the other,
// no units, no queues, no time. The RTL must be indistinguishable from it at its memory ports.
#pragma once
#include "Sizes.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace bench {

/// One aligned beat that a store writes: `data` counts where `strobe` is set.
struct WriteBeat {
  uint32_t address;
  std::vector<uint8_t> data;
  std::vector<bool> strobe;
};

/// Host memory as a load sees it: `bytes` repeated over the 32-bit address space.
struct HostImage {
  std::vector<uint8_t> bytes; // a power of two
  uint8_t at(uint32_t address) const { return bytes[address & (bytes.size() - 1)]; }
};

class IsaModel {
public:
  explicit IsaModel(const HostImage &host);

  /// Runs one command word. A word with an error changes nothing but `error()`.
  void run(uint64_t word);

  /// The first error: 0 none, 1 reserved encoding, 2 address or extent out of range.
  uint8_t error() const { return firstError; }

  // What the memory ports must show, in order.
  std::vector<uint32_t> readBeats;
  std::vector<WriteBeat> writeBeats;

private:
  using Row = std::vector<int32_t>;

  uint8_t check(uint64_t word) const;
  void runLoad(uint64_t word);
  void runPreload(uint64_t word);
  void runMatmul(uint64_t word);
  void runVector(uint64_t word);
  void runStore(uint64_t word);
  void runStoreSub(uint64_t word);
  void runMove(uint64_t word);
  void noteReads(uint32_t address, uint32_t bytes);
  void noteWrites(uint32_t address, const std::vector<uint8_t> &bytes);

  const HostImage &host;
  std::vector<Row> spm, acc, bias;
  std::vector<Row> weights[2];
  uint32_t loadStride = 0, storeStride = 0, shift = 0;
  int32_t floorValue = 0;
  uint8_t firstError = 0;
};

} // namespace bench
