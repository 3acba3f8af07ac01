// Whether two statements are the same but for the names of loops and tensors.
#pragma once

#include "core/semantics/Semantics.h"

#include <map>

namespace lathe {

/// Of a pattern's loops and tensors, what they are in another statement. One to one.
struct Renaming {
  std::map<unsigned, unsigned> loops, tensors;
};

/// True when `statement` is `pattern` with its tensors renamed as given, and its loops in some way:
/// equal structure, up to the order of the operands of operations that commute. Both are bound.
bool isRenamed(const Statement &pattern, const Statement &statement,
               const std::map<unsigned, unsigned> &tensors);

} // namespace lathe
