// Where every signal that the build kept lives in the model, by hierarchical name.
#pragma once

#include <cstdint>
#include <string_view>

namespace lathe::model {

/// `offset` counts from the start of the model's symbol table. An element is `elementBytes` bytes
/// apart from the next and holds `bits` bits, lowest first.
struct Signal {
  const char *name;
  uint64_t offset;
  uint64_t elements;
  uint32_t bits;
  uint32_t elementBytes;
};

/// The signal `name` in a table sorted by name, or null.
inline const Signal *findSignal(const Signal *table, uint32_t count, std::string_view name) {
  uint32_t low = 0, high = count;
  while (low < high) {
    uint32_t middle = (low + high) / 2;
    if (std::string_view(table[middle].name) < name)
      low = middle + 1;
    else
      high = middle;
  }
  return low < count && table[low].name == name ? &table[low] : nullptr;
}

} // namespace lathe::model
