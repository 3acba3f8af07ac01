// The first instruction of a program after which the hardware is not what it must be.
#pragma once

#include "sdk/blame/Collect.h"

namespace lathe::blame {

struct FirstWrong {
  size_t step = 0;        ///< of the program
  size_t instruction = 0; ///< of the step
  std::string call;       ///< "MATMUL a=0 w=0 acc=0 rows=16"
  std::string seen;       ///< "'acc' at 0 to 15, seen through ...: element [3,1] is 4, must be 5"
  uint64_t cycle = 0;     ///< in which it is taken, since the step's begin
};

/// Cuts the program at ever earlier instructions, by bisection, and shows everything on chip by the
/// routes that conformance uses. Nothing when the difference does not show that way: it needs what
/// the cut takes away, or the program does not fit beside the conformance areas.
std::optional<FirstWrong> findFirstWrong(const Witnesses &witnesses, const verify::Routes &routes,
                                         const Task &task, const MemoryBehaviour &ports);

} // namespace lathe::blame
