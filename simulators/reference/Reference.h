// The first oracle: a kernel's own statements, evaluated on this computer. Knows no target.
#pragma once

#include "core/semantics/Interpreter.h"
#include "core/semantics/Jit.h"

namespace lathe {

/// Runs all statements of a bound kernel in order, as compiled code.
///
/// `arrays` holds the inputs by name, of the bound sizes and types (and outputs that are read
/// before they are written); outputs and temporaries are added. Returns a sentence when an array is
/// missing or has another shape, a gather leaves its tensor, or an integer is divided by zero;
/// `arrays` is then not usable.
std::optional<std::string> evaluate(const Semantics &bound, Arrays &arrays, Jit &jit);

} // namespace lathe
