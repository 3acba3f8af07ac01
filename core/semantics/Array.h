// Dense row-major arrays in host memory, and their .npy files.
#pragma once

#include "core/semantics/ElementType.h"
#include "core/support/Diagnostic.h"

#include <cstdint>
#include <vector>

namespace lathe {

/// Elements in row-major order, ElementType::bytes() each, little endian; integers below a byte are
/// sign- or zero-extended to it.
struct Array {
  ElementType type;
  std::vector<int64_t> sizes;
  std::vector<uint8_t> bytes;

  int64_t elements() const;
  static Array zeros(ElementType type, std::vector<int64_t> sizes);
  /// Element `index` (row major) as an integer, or as a float's value.
  int64_t integerAt(int64_t index) const;
  void setInteger(int64_t index, int64_t value);
  double realAt(int64_t index) const;
  void setReal(int64_t index, double value);
};

/// Reads a .npy file (versions 1 to 3, C order; little endian). `wanted`: i4, u2, ... come from
/// int8/uint8 files whose values are in range; bf16 from uint16 or '<V2'. Mistakes are reported at
/// the file.
std::optional<Array> readNpy(llvm::StringRef path, std::optional<ElementType> wanted,
                             Diagnostics &diagnostics);
/// Writes to a temporary file beside `path` and renames it: never a partial file.
bool writeNpy(llvm::StringRef path, const Array &array, Diagnostics &diagnostics);

} // namespace lathe
