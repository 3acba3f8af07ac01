// Bits moved as a layout says.
#include "core/semantics/Layout.h"

#include <cstring>
#include <utility>

using namespace lathe;

static bool bitAt(const uint8_t *bytes, int64_t place) {
  return bytes[place >> 3] >> (place & 7) & 1;
}

static void setBit(uint8_t *bytes, int64_t place, bool value) {
  uint8_t mask = 1 << (place & 7);
  bytes[place >> 3] = value ? bytes[place >> 3] | mask : bytes[place >> 3] & ~mask;
}

/// Dimensions whose places the tables hold: rows are added to them.
static llvm::ArrayRef<int64_t> tabled(const Layout &layout, llvm::ArrayRef<int64_t> sizes) {
  return layout.hasRows() ? sizes.drop_front() : sizes;
}

static int64_t product(llvm::ArrayRef<int64_t> sizes) {
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  return count;
}

/// Advances `index` in a box of `sizes`, last dimension first.
static void next(std::vector<int64_t> &index, llvm::ArrayRef<int64_t> sizes) {
  for (size_t d = sizes.size(); d-- > 0;) {
    if (++index[d] < sizes[d])
      return;
    index[d] = 0;
  }
}

LayoutMap::LayoutMap(const Layout &from) : layout(from) {
  llvm::ArrayRef<int64_t> sizes = tabled(layout, layout.sizes);
  size_t leading = layout.sizes.size() - sizes.size();
  bool ordered = layout.bitIndex.empty();
  wholeBytes = ordered && layout.element.bits == 8 * layout.element.bytes();
  std::vector<int64_t> index(sizes.size(), 0), whole(layout.sizes.size(), 0);
  for (int64_t e = 0, count = product(sizes); e < count; ++e, next(index, sizes)) {
    std::copy(index.begin(), index.end(), whole.begin() + leading);
    first.push_back(layout.positionOf(whole, 0));
    wholeBytes &= first.back() % 8 == 0;
    for (int64_t bit = 0; !ordered && bit < layout.element.bits; ++bit)
      places.push_back(layout.positionOf(whole, bit));
  }
}

int64_t LayoutMap::denseBytes(llvm::ArrayRef<int64_t> sizes) const {
  return product(sizes) * layout.element.bytes();
}

int64_t LayoutMap::byteOf(int64_t element, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes) const {
  std::vector<int64_t> index(sizes.size());
  for (size_t d = sizes.size(); d-- > 0; element /= sizes[d])
    index[d] = element % sizes[d];
  int64_t row = layout.hasRows() ? std::exchange(index[0], 0) : 0;
  return row * stepBytes + layout.positionOf(index, 0) / 8;
}

/// Calls function(element of the dense array, byte its row or block begins at, entry of the
/// tables).
template <typename Function>
void LayoutMap::forEach(int64_t stepBytes, llvm::ArrayRef<int64_t> sizes, Function function) const {
  llvm::ArrayRef<int64_t> inner = tabled(layout, sizes), most = tabled(layout, layout.sizes);
  int64_t rows = layout.hasRows() ? sizes.front() : 1, count = product(inner);
  std::vector<int64_t> index(inner.size(), 0);
  for (int64_t e = 0; e < count; ++e, next(index, inner)) {
    int64_t entry = 0;
    for (size_t d = 0; d < inner.size(); ++d)
      entry = entry * most[d] + index[d];
    for (int64_t row = 0; row < rows; ++row)
      function(row * count + e, row * stepBytes, entry);
  }
}

/// The bits of an element beyond its own, as its type extends them.
static void extend(uint8_t *element, ElementType type) {
  bool sign = type.isInteger() && type.isSigned() && bitAt(element, type.bits - 1);
  for (int64_t bit = type.bits; bit < 8 * type.bytes(); ++bit)
    setBit(element, bit, sign);
}

void LayoutMap::read(const uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes,
                     uint8_t *dense, bool shadows) const {
  int64_t bytes = layout.element.bytes(), bits = layout.element.bits;
  forEach(stepBytes, sizes, [&](int64_t element, int64_t begin, int64_t entry) {
    uint8_t *to = dense + element * bytes;
    const uint8_t *from = memory + begin;
    if (wholeBytes) {
      std::memcpy(to, from + first[entry] / 8, bytes);
      return;
    }
    std::memset(to, 0, bytes);
    for (int64_t bit = 0; bit < bits; ++bit)
      setBit(to, bit,
             bitAt(from, places.empty() ? first[entry] + bit : places[entry * bits + bit]));
    if (!shadows)
      extend(to, layout.element);
  });
}

void LayoutMap::write(uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes,
                      const uint8_t *dense) const {
  int64_t bytes = layout.element.bytes(), bits = layout.element.bits;
  forEach(stepBytes, sizes, [&](int64_t element, int64_t begin, int64_t entry) {
    const uint8_t *from = dense + element * bytes;
    uint8_t *to = memory + begin;
    if (wholeBytes) {
      std::memcpy(to + first[entry] / 8, from, bytes);
      return;
    }
    for (int64_t bit = 0; bit < bits; ++bit)
      setBit(to, places.empty() ? first[entry] + bit : places[entry * bits + bit],
             bitAt(from, bit));
  });
}

void LayoutMap::fillRest(uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes,
                         bool value) const {
  std::vector<bool> taken(8 * layout.bytes(), false);
  forEach(
      0, layout.hasRows() ? llvm::ArrayRef<int64_t>(sizes) : sizes,
      [&](int64_t, int64_t, int64_t entry) {
        for (int64_t bit = 0; bit < layout.element.bits; ++bit)
          taken[places.empty() ? first[entry] + bit : places[entry * layout.element.bits + bit]] =
              true;
      });
  int64_t rows = layout.hasRows() ? sizes.front() : 1;
  for (int64_t row = 0; row < rows; ++row)
    for (size_t place = 0; place < taken.size(); ++place)
      if (!taken[place])
        setBit(memory + row * stepBytes, static_cast<int64_t>(place), value);
}
