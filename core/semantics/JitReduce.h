// A reduction while its loops are emitted.
#pragma once

#include "core/semantics/JitGenerator.h"

namespace lathe::jit {

struct Generator::ReduceState {
  const Expr &expr;
  Points points;
  bool varying; ///< each lane has its own sum
  bool indexed; ///< argmax, argmin: the sum is {index, best, found}
};

} // namespace lathe::jit
