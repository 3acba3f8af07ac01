// The parts of host memory that conformance programs use.
#pragma once

#include "core/target/Target.h"

namespace lathe::verify {

/// A piece of host memory at `address` for the hardware. The functional simulator, whose memory has
/// no holes, has it at `modelAddress`.
struct HostWindow {
  uint64_t address = 0;
  uint64_t bytes = 0;
  uint64_t modelAddress = 0;
};

/// Windows at both ends of the address space and at each power of two, so that every bit of an
/// address field can be walked, and two areas that programs take their operands from.
class HostWindows {
public:
  struct Area {
    uint64_t begin = 0, end = 0;
  };
  /// `areaBytes` are wanted for each area; a small address space gives less. The first
  /// `imageBytes` are a window as well: room for a program's symbols.
  HostWindows(const Target &target, uint64_t areaBytes, uint64_t imageBytes = 0);

  llvm::ArrayRef<HostWindow> all() const { return windows; }
  uint64_t modelBytes() const { return total; }
  /// Inputs are written before a program runs and only read by it, outputs only written.
  Area inputs() const { return inputArea; }
  Area outputs() const { return outputArea; }

  /// Where the model has `address`, when it and all of `bytes` from there on lie in one window.
  std::optional<uint64_t> toModel(uint64_t address, uint64_t bytes = 1) const;
  std::optional<uint64_t> fromModel(uint64_t modelAddress) const;

private:
  void add(uint64_t begin, uint64_t end);

  std::vector<HostWindow> windows; ///< by address, apart from each other
  Area inputArea, outputArea;
  uint64_t total = 0;
};

} // namespace lathe::verify
