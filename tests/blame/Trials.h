// One fault after the other, what fails, and who is blamed.
#pragma once

#include "core/support/Diagnostic.h"
#include "sdk/blame/Collect.h"
#include "sdk/mutation/RtlMutants.h"

namespace lathe::blame {

/// A machine as it was accepted.
struct Accepted {
  Target target;
  std::unique_ptr<Jit> jit;
  verify::VectorSet vectors;
  CacheOptions cache;
  BuiltModel model, second; ///< of the RTL, on both simulators
  std::vector<Semantics> kernels;
  uint64_t seed = 1;
};

/// What became of a fault: nothing is blamed for one that nothing notices.
struct Trial {
  std::string fault;
  bool noticed = false;
  std::optional<Verdict> verdict;
};

/// `description` in place of the accepted one: conformance, and the first failure's blame.
Trial tryDescription(Accepted &accepted, const Target &description);
/// Faulty hardware; on the second simulator it is `second`.
Trial tryHardware(Accepted &accepted, const BuiltModel &model, const BuiltModel &second);
/// A kernel compiled wrongly.
Trial tryProgram(Accepted &accepted, uint64_t number);

} // namespace lathe::blame
