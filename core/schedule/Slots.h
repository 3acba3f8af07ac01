// Which slot holds which tile when: replacement with the future known.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <vector>

namespace lathe {

struct SlotUse {
  int64_t slot = 0;
  bool refill = false; ///< the tile was not there
};

struct SlotPlan {
  std::vector<SlotUse> uses; ///< per step
};

/// Places the tile `pieces[t]` that step t needs into one of `slots` slots. The tile whose next use
/// is farthest away gives way (Belady, 1966), but not the one used in the step before while there
/// is another, so that a load can run beside the step that still reads it.
SlotPlan planSlotUse(llvm::ArrayRef<int64_t> pieces, int64_t slots);

} // namespace lathe
