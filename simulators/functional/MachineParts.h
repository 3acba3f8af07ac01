// What a Machine keeps per intrinsic: its plan, its code, and room for one call's arguments.
#pragma once

#include "simulators/functional/Machine.h"

namespace lathe {

struct Machine::Prepared {
  IntrinsicPlan plan;
  JitFunction defined; ///< over tensors
  std::optional<JitFunction>
      tracked; ///< over tensors and their shadows; compiled when first needed

  // Of the call at work; by tensor, shadows behind the tensors
  std::vector<void *> bases;
  std::vector<int64_t> steps;
  std::vector<int64_t> sizes;
  std::vector<Chunks> accesses;                      ///< by tile
  std::vector<int64_t> immediates, immediateShadows; ///< by tensor
  std::vector<std::vector<uint8_t>>
      buffers; ///< by tensor: temporaries, copies of overlapping tiles, and of those with a layout
  std::vector<std::vector<int64_t>> laidOut; ///< by tile: sizes of one with a layout
};

} // namespace lathe
