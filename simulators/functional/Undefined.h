// Statements that carry along which elements are undefined.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

/// `semantics` over twice as many tensors: tensor t's shadow is tensor n + t, of t's shape and
/// width, 0 where an element is defined and not 0 where it is not. Before each statement stands one
/// for the shadow of its result:
///
///   acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])
///   acc'[i,j] = select(acc'[i,j] != 0 or any(k) (a'[i,k] != 0 or w'[k,j] != 0), -1, 0)
///
/// A result is undefined when anything it depends on is; `select`, `and`, `or` and `where` depend
/// on the side that is chosen only. Undefined subscripts and divisors fault neither statement: they
/// read element 0, and divide by 1.
Semantics trackUndefined(const Semantics &semantics);

} // namespace lathe
