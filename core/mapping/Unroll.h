// Small maxima and minima as chains of their terms.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

constexpr int64_t kMostTerms = 16;

/// `expr` with every maximum and minimum of integers over 2 to kMostTerms points as a chain of its
/// terms, unless a condition leaves some out; `expr` itself when there is none.
///
/// before:  y[p] = max(r) x[2*p + r]           r < 2
/// after:   y[p] = max(x[2*p], x[2*p + 1])
ExprRef writtenOut(const ExprRef &expr, const Statement &statement);

} // namespace lathe
