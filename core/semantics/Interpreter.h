// Evaluates bound semantics element by element. Slow, simple, and shared with nothing: the judge of
// the JIT.
#pragma once

#include "core/semantics/Array.h"
#include "core/semantics/Semantics.h"

#include <map>

namespace lathe {

using Arrays = std::map<std::string, Array>;

/// Runs all statements in order. `arrays` holds the inputs (and outputs that are read); outputs and
/// temporaries are added. Fails with a sentence on a division by zero or a subscript out of bounds
/// (gathers).
std::optional<std::string> interpret(const Semantics &bound, Arrays &arrays);

} // namespace lathe
