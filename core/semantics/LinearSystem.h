// Systems of linear inequalities over integers, and whether they contradict themselves.
#pragma once

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>

namespace lathe {

/// constant + sum of coefficients[v] * v >= 0.
struct LinearRow {
  int64_t constant = 0;
  llvm::SmallVector<int64_t, 8> coefficients;
};

/// A conjunction of rows. Fourier-Motzkin elimination with integer tightening: "empty" is always
/// right; "maybe not empty" may be wrong, when only integers are missing or the system grows too
/// large.
class LinearSystem {
public:
  void add(LinearRow row);
  void truncate(size_t rowCount) { rows.resize(rowCount); }
  size_t size() const { return rows.size(); }
  /// No integer point satisfies all rows.
  bool isEmpty() const;
  /// Every integer point of the system has row >= 0.
  bool implies(const LinearRow &row) const;

private:
  llvm::SmallVector<LinearRow, 16> rows;
};

} // namespace lathe
