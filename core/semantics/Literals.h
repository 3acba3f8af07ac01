// Literals have no type of their own: they take the type of what stands beside them.
#pragma once

#include "core/semantics/Reporter.h"
#include "core/semantics/Syntax.h"

namespace lathe {

/// Only numbers and arithmetic on them: `-(1 << 7) + 1`.
bool isLiteral(const Syntax &node);

/// Every value that reaches the result is a literal: a literal, `select(c, 1, 0)`, `max(k) 1`.
bool isLiteralish(const Syntax &node);

/// The constant of a literal in `type`. Null: it does not fit, or its arithmetic fails; reported.
ExprRef literalConstant(const Syntax &node, ElementType type, Reporter &reporter);

} // namespace lathe
