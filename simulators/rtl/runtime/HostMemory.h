// The host's memory as the machine sees it: regions of the caller's buffers at chosen addresses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

namespace lathe::model {

/// Regions do not overlap and are used in place. A beat that lies partly outside every region may
/// be read (the bytes outside read as zero: buses move whole beats); a beat wholly outside, or a
/// strobed byte outside, is refused.
class HostMemory {
public:
  /// False when [base, base + size) wraps around or meets a region that is already there.
  bool attach(uint64_t base, uint64_t size, uint8_t *bytes) {
    if (base + size < base)
      return false;
    for (const Region &region : regions)
      if (base < region.base + region.size && region.base < base + size)
        return false;
    regions.push_back({base, size, bytes});
    forget();
    return true;
  }

  void detachAll() {
    regions.clear();
    forget();
  }

  /// Copies Bytes bytes at `address`. False when none of them is attached.
  template <unsigned Bytes> bool read(uint64_t address, void *to) {
    if (const Region *region = whole(lastRead, address, Bytes)) {
      std::memcpy(to, region->bytes + (address - region->base), Bytes);
      return true;
    }
    return readBytewise(address, Bytes, static_cast<uint8_t *>(to));
  }

  /// Writes the bytes whose bit of `strobe` is set. False, and nothing written, when one of them is
  /// not attached; `refused` is then its address.
  template <unsigned Bytes>
  bool write(uint64_t address, const void *from, uint64_t strobe, uint64_t &refused) {
    constexpr uint64_t all = Bytes == 64 ? ~uint64_t(0) : (uint64_t(1) << (Bytes % 64)) - 1;
    const Region *region = whole(lastWrite, address, Bytes);
    if (region && strobe == all) {
      std::memcpy(region->bytes + (address - region->base), from, Bytes);
      return true;
    }
    return writeBytewise(address, Bytes, static_cast<const uint8_t *>(from), strobe, refused);
  }

private:
  struct Region {
    uint64_t base, size;
    uint8_t *bytes;
    bool holds(uint64_t address, uint64_t count) const {
      return address >= base && address - base <= size && count <= size - (address - base);
    }
  };

  void forget() { lastRead = lastWrite = 0; }

  // The region that holds all of [address, address + count); `last` remembers where it was.
  const Region *whole(size_t &last, uint64_t address, uint64_t count) {
    if (last < regions.size() && regions[last].holds(address, count))
      return &regions[last];
    for (size_t i = 0; i < regions.size(); ++i)
      if (regions[i].holds(address, count))
        return &regions[last = i];
    return nullptr;
  }

  uint8_t *byteAt(uint64_t address) {
    for (const Region &region : regions)
      if (region.holds(address, 1))
        return region.bytes + (address - region.base);
    return nullptr;
  }

  bool readBytewise(uint64_t address, unsigned count, uint8_t *to) {
    bool any = false;
    for (unsigned i = 0; i < count; ++i) {
      const uint8_t *byte = byteAt(address + i);
      to[i] = byte ? *byte : 0;
      any |= byte != nullptr;
    }
    return any;
  }

  bool writeBytewise(uint64_t address, unsigned count, const uint8_t *from, uint64_t strobe,
                     uint64_t &refused) {
    for (unsigned i = 0; i < count; ++i)
      if ((strobe >> i & 1) && !byteAt(address + i)) {
        refused = address + i;
        return false;
      }
    for (unsigned i = 0; i < count; ++i)
      if (strobe >> i & 1)
        *byteAt(address + i) = from[i];
    return true;
  }

  std::vector<Region> regions;
  size_t lastRead = 0, lastWrite = 0;
};

} // namespace lathe::model
