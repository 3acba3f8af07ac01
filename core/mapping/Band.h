// Sliding windows as products with a band of weights.
#pragma once

#include "core/mapping/Group.h"
#include "core/mapping/Rules.h"

namespace lathe {

/// A group whose statement computes the same over other loops, so that neighbouring outputs of a
/// window share one row of its input:
///
/// before:  y[q] = sum(s) x[2*q+s] * w[s]                                        q < 28, s < 3
/// after:   y[7*q+f] = sum(u where 0 <= u-2*f < 3) x[14*q+u] * w[u-2*f]   q < 4, f < 7, u < 15
///
/// `q` keeps its place among the loops, `u` takes that of `s`, `f` is the last. It fills lanes that
/// the operands leave idle, as in a depthwise convolution: the weights become a band with zeros
/// beside it (the Toeplitz matrix of the window).
struct BandForm {
  unsigned window = 0;  ///< the parallel loop q
  unsigned reduced = 0; ///< the reduction loop s, afterwards u
  unsigned inner = 0;   ///< the new parallel loop f
  int64_t factor = 1;   ///< iterations of f
  int64_t step = 1;     ///< values of u from one f to the next
  Group group;
};

/// Band forms of a sum of products that could fill a contraction's lanes better: of windows whose
/// weights have less than half a row of lanes. The factor is the largest divisor of the window's
/// loop at which u still fits into one tile of depth. Of the windows over one operand, the one with
/// the largest factor, the last of equals.
std::vector<std::shared_ptr<const BandForm>> bandForms(const Semantics &kernel, const Group &group,
                                                       const Expr &reduction, const Rules &rules);

/// Why `form` does not compute what `group` does, or nothing when it does: then each point (q, s)
/// of the group is exactly one (q, f, u) that the form's conditions let pass, with equal
/// subscripts. Knows nothing of how forms are built.
std::optional<std::string> bandFault(const Semantics &kernel, const Group &group,
                                     const BandForm &form);

} // namespace lathe
