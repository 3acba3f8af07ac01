// Kernel statements gathered into units of mapping: a reduction with what consumes it.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

/// One statement equal to several of the kernel's: producers are inlined into their only consumer.
struct Group {
  std::vector<unsigned> statements; ///< of the kernel, in order; the last one gives the result
  Statement statement;              ///< `+=`, max= and min= are rewritten to `=`
};

/// Every group that starts with kernel statement `first`, longest first; the shortest is the
/// statement alone.
///
/// before:  a[i,j] = sum(k) f(x[i,k], w[k,j]);  y[i,j] = g(a[i,j])
/// after:   y[i,j] = g(sum(k) f(x[i,k], w[k,j]))
///
/// A producer is inlined when it is a temporary with one definition and one consumer, which reads
/// it outside of any reduction, at the consumer's own parallel loops. Where it is read more than
/// once, no cover of what follows the reduction exists, and a shorter group is taken.
std::vector<Group> groupsFrom(const Semantics &kernel, unsigned first);

/// The only reduction in `expr`, or nothing when there is none. `several` tells of more than one.
const Expr *findReduction(const Expr &expr, bool &several);

} // namespace lathe
