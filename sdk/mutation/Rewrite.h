// One node of an expression replaced, by the number that a walk gives it.
#pragma once

#include "core/semantics/Semantics.h"

#include <functional>

namespace lathe::mutation {

/// Calls `visit` for `root` and every node below it, parents first, with numbers from 0 on.
void forEachNode(const ExprRef &root,
                 const std::function<void(const ExprRef &node, unsigned number)> &visit);

/// `root` with the node of that number replaced; the rest is shared.
ExprRef replaced(const ExprRef &root, unsigned number, const ExprRef &by);

} // namespace lathe::mutation
