// Two results side by side: the first element that differs.
#pragma once

#include "core/semantics/Array.h"

namespace lathe {

/// Where `got` first differs from `expected`, in row-major order.
struct Difference {
  std::vector<int64_t> index;
  std::string expected, got; ///< as numbers
  int64_t count = 0;         ///< elements that differ
};

/// Arrays of one type and shape. Integers agree bit for bit. Floats agree when |got - expected| <=
/// tolerance (a bound derived by the caller; 0: equal values), infinities when they are the same,
/// NaN with NaN.
std::optional<Difference> compare(const Array &expected, const Array &got, double tolerance = 0);

/// "[3,14]"; "" for a scalar.
std::string indexText(llvm::ArrayRef<int64_t> index);
/// The index of row-major element `flat`.
std::vector<int64_t> indexOf(int64_t flat, llvm::ArrayRef<int64_t> sizes);

} // namespace lathe
