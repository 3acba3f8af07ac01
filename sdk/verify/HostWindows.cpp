#include "sdk/verify/HostWindows.h"

#include <algorithm>

using namespace lathe;
using namespace lathe::verify;

static constexpr uint64_t kCornerBytes = 64 << 10;

// One past the last byte that every operand in host memory can begin at.
static uint64_t reachOf(const Target &target) {
  uint64_t reach = uint64_t(1) << 32; // the port's addresses
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.space == kHostSpace)
        reach = std::min<uint64_t>(reach, intrinsic.arguments[tile.argument].max + 1);
  return reach;
}

HostWindows::HostWindows(const Target &target, uint64_t areaBytes, uint64_t imageBytes) {
  uint64_t reach = reachOf(target);
  uint64_t area = std::min(areaBytes, reach / 8), corner = std::min(kCornerBytes, reach / 64);
  // Between powers of two: 3/8 and 5/8 of what can be reached.
  inputArea = {reach / 8 * 3, reach / 8 * 3 + area};
  outputArea = {reach / 8 * 5, reach / 8 * 5 + area};
  add(0, std::max(corner, imageBytes));
  for (uint64_t bit = 1; bit < reach; bit <<= 1)
    add(bit, bit + corner);
  add(inputArea.begin, inputArea.end);
  add(outputArea.begin, outputArea.end);
  add(reach - corner, reach);
  std::sort(windows.begin(), windows.end(),
            [](const HostWindow &a, const HostWindow &b) { return a.address < b.address; });
  std::vector<HostWindow> merged;
  for (const HostWindow &window : windows) {
    uint64_t end = merged.empty() ? 0 : merged.back().address + merged.back().bytes;
    if (!merged.empty() && window.address <= end)
      merged.back().bytes = std::max(end, window.address + window.bytes) - merged.back().address;
    else
      merged.push_back(window);
  }
  windows = std::move(merged);
  for (HostWindow &window : windows) {
    window.modelAddress = total;
    total += (window.bytes + 4095) / 4096 * 4096;
  }
}

void HostWindows::add(uint64_t begin, uint64_t end) { windows.push_back({begin, end - begin, 0}); }

std::optional<uint64_t> HostWindows::toModel(uint64_t address, uint64_t bytes) const {
  for (const HostWindow &window : windows)
    if (address >= window.address && address - window.address <= window.bytes &&
        bytes <= window.bytes - (address - window.address))
      return window.modelAddress + (address - window.address);
  return std::nullopt;
}

std::optional<uint64_t> HostWindows::fromModel(uint64_t modelAddress) const {
  for (const HostWindow &window : windows)
    if (modelAddress >= window.modelAddress && modelAddress - window.modelAddress < window.bytes)
      return window.address + (modelAddress - window.modelAddress);
  return std::nullopt;
}
