// Index expressions with the simplifications that reshapes need, and facts about them.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe::mlirreader {

ExprRef indexConstant(int64_t value);
/// a op b, folded: constants, x + 0, x * 1, x / 1, x % 1, and n / B * B + n % B, which is n.
ExprRef indexOp(Op op, ExprRef a, ExprRef b);
/// The number, when it is one.
std::optional<int64_t> constantOf(const ExprRef &expr);
/// Whether the value is never below 0, as far as its form shows.
bool isNonNegative(const Expr &expr);
/// Sums of loops, sizes and constants times constants: what a subscript or a comparison may be.
bool isLinear(const Expr &expr);
/// The same tree with loop i replaced by loops[i].
ExprRef substituteLoops(const ExprRef &expr, const std::vector<ExprRef> &loops);
/// Number of nodes of the tree as it is printed, at most `limit`.
size_t treeSize(const Expr &expr, size_t limit);

} // namespace lathe::mlirreader
