// One fault after the other, what fails, and who is blamed.
#pragma once

#include "core/support/Diagnostic.h"
#include "sdk/blame/Collect.h"
#include "tests/blame/Conformance.h"

namespace lathe::blame {

/// The same machine on several simulators.
struct Hardware {
  BuiltModel model;
  std::vector<BuiltModel> others; ///< in the order in which they are asked
};

/// A kernel, compiled for the accepted machine.
struct Compiled {
  Semantics kernel;
  Program program;
};

/// A machine as it was accepted. Trials of it may run at the same time.
struct Accepted {
  Target target;
  std::unique_ptr<Jit> jit;
  verify::VectorSet vectors;
  CacheOptions cache;
  Hardware machine;
  std::vector<Compiled> kernels;
  std::unique_ptr<Conformance> conformance;
  /// What its vectors say of its description and of its RTL.
  std::unique_ptr<verify::ReplayMemo> ofTarget = std::make_unique<verify::ReplayMemo>();
  std::unique_ptr<verify::ReplayMemo> ofModel = std::make_unique<verify::ReplayMemo>();
  uint64_t seed = 1;
  const std::atomic<bool> *cancel = nullptr;
};

/// What became of a fault: nothing is blamed for one that nothing notices.
struct Trial {
  std::string fault;
  bool noticed = false;
  std::optional<Verdict> verdict;
};

/// `description` in place of the accepted one: conformance, and the first failure's blame.
Trial tryDescription(const Accepted &accepted, const Target &description);
/// Faulty hardware, or a simulator that is wrong about it.
Trial tryHardware(const Accepted &accepted, const Hardware &machine);
/// A kernel compiled wrongly.
Trial tryProgram(const Accepted &accepted, uint64_t number);

} // namespace lathe::blame
