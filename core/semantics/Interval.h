// Interval arithmetic over bound semantics: what values an expression can take.
#pragma once

#include "core/semantics/Semantics.h"
#include "llvm/ADT/DynamicAPInt.h"

namespace lathe {

/// All integers from `low` to `high`, exact.
struct Interval {
  llvm::DynamicAPInt low, high;
};

/// The values of `expr` before wrapping, when each tensor holds any value of `tensorRange(tensor)` (default:
/// its type's whole range). A sum over n points is n times its body's interval.
Interval valueRange(const Expr &expr, const Statement &statement, const Semantics &semantics);

/// True when no node of `expr` can leave its type's range, so that wrapping never happens.
bool neverWraps(const Expr &expr, const Statement &statement, const Semantics &semantics);

} // namespace lathe
