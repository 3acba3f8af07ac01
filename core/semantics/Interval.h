// Interval arithmetic over bound semantics: what values an expression can take.
#pragma once

#include "core/semantics/Semantics.h"
#include "llvm/ADT/DynamicAPInt.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace lathe {

/// All integers from `low` to `high`, exact.
struct Interval {
  llvm::DynamicAPInt low, high;
};

/// What values the elements of tensor `id` take.
using TensorRange = llvm::function_ref<Interval(unsigned id)>;

/// All values of a type. Floats, whose values no interval of integers holds: -2^1024 to 2^1024.
Interval typeRange(ElementType type);

/// "[-128, 127]".
std::string toString(const Interval &interval);

/// The values of `expr` before its own operator wraps, when each tensor holds any value of
/// `tensorRange(tensor)` (default: its type's whole range). An operand that may wrap has its type's
/// whole range. A sum over n points is n times its body's interval; a run-time extent counts with
/// its largest value.
Interval valueRange(const Expr &expr, const Statement &statement, const Semantics &semantics);
Interval valueRange(const Expr &expr, const Statement &statement, const Semantics &semantics,
                    TensorRange tensorRange);

/// True when no integer node of `expr` can leave its type's range, so that wrapping never happens.
bool neverWraps(const Expr &expr, const Statement &statement, const Semantics &semantics);
bool neverWraps(const Expr &expr, const Statement &statement, const Semantics &semantics,
                TensorRange tensorRange);

} // namespace lathe
