#include "core/semantics/Compare.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <cmath>
#include <cstring>

using namespace lathe;

std::string lathe::indexText(llvm::ArrayRef<int64_t> index) {
  if (index.empty())
    return "";
  auto numbers = llvm::map_range(index, [](int64_t i) { return std::to_string(i); });
  return "[" + llvm::join(numbers, ",") + "]";
}

std::vector<int64_t> lathe::indexOf(int64_t flat, llvm::ArrayRef<int64_t> sizes) {
  std::vector<int64_t> index(sizes.size());
  for (size_t d = sizes.size(); d-- > 0; flat /= sizes[d])
    index[d] = flat % sizes[d];
  return index;
}

static bool agree(const Array &expected, const Array &got, int64_t i, double tolerance) {
  size_t bytes = expected.type.bytes();
  if (std::memcmp(&expected.bytes[i * bytes], &got.bytes[i * bytes], bytes) == 0)
    return true;
  if (!expected.type.isFloat())
    return false;
  double a = expected.realAt(i), b = got.realAt(i);
  return a == b || std::abs(a - b) <= tolerance || (std::isnan(a) && std::isnan(b));
}

static std::string elementText(const Array &array, int64_t i) {
  if (array.type.isFloat())
    return llvm::formatv("{0:e8}", array.realAt(i)).str();
  int64_t value = array.integerAt(i);
  return array.type.isSigned() ? std::to_string(value)
                               : std::to_string(static_cast<uint64_t>(value));
}

std::optional<Difference> lathe::compare(const Array &expected, const Array &got,
                                         double tolerance) {
  assert(expected.type == got.type && expected.sizes == got.sizes && "arrays of one shape");
  if (expected.bytes == got.bytes)
    return std::nullopt;
  Difference mismatch;
  for (int64_t i = 0; i < expected.elements(); ++i) {
    if (agree(expected, got, i, tolerance) || mismatch.count++ > 0)
      continue;
    mismatch.index = indexOf(i, expected.sizes);
    mismatch.expected = elementText(expected, i);
    mismatch.got = elementText(got, i);
  }
  if (mismatch.count == 0)
    return std::nullopt;
  return mismatch;
}
