// Why an intrinsic does not fit a statement, in the kernel's own names.
#pragma once

#include "core/mapping/Match.h"

namespace lathe {

/// The condition that fails, and what would make it hold; `help` is empty when that is not known.
struct Reason {
  std::string text, help;
};

/// The place where the bodies of `intrinsic` and `statement` part.
Reason whyNot(const Mismatch &mismatch, const Intrinsic &intrinsic, const Semantics &kernel,
              const Statement &statement);

/// "reduces by 'sum'; the kernel reduces by 'min' over k"
Reason otherReduction(Reduction wanted, const Expr &reduction, const Statement &statement);

/// `load` has a subscript that is a gather, or not a sum of loops times constants.
Reason notAffine(const Expr &load, const Semantics &kernel, const Statement &statement);

/// `expr` would be operand `operand`, but it is computed and lies in no memory.
Reason computedOperand(const TileOperand &operand, const Expr &expr, const Semantics &kernel,
                       const Statement &statement);

/// A condition of a reduction that is not the border of an operand.
Reason notABound(const Expr &condition, const Semantics &kernel, const Statement &statement);

/// The statement has a `where`.
Reason restricted(const Semantics &kernel, const Statement &statement);

} // namespace lathe
