// Gathers what blame is decided from: runs again what failed, in every way that tells something.
#pragma once

#include "sdk/blame/Verdict.h"
#include "sdk/run/Execution.h"
#include "sdk/verify/Verification.h"

namespace lathe::blame {

/// What there is to ask. Everything outlives its use.
struct Witnesses {
  const Target &target;
  Jit &jit;
  const BuiltModel &model; ///< of the RTL, as it failed
  /// Build the models of other simulators when they are needed: one after the other is asked, until
  /// one does not agree with `model` and does what is expected. May give nothing.
  std::vector<std::function<std::optional<BuiltModel>()>> others = {};
  const verify::VectorSet *vectors = nullptr; ///< accepted for this machine; null: none
  /// What the vectors say of a side that is the same for many questions; null: it is found out.
  verify::ReplayMemo *ofModel = nullptr, *ofTarget = nullptr;
  uint64_t seed = 1;   ///< of the conformance run
  double seconds = 20; ///< for the vectors
  const std::atomic<bool> *cancel = nullptr;
  // See VerifyOptions.
  uint64_t areaBytes = verify::ScriptBuilder::kAreaBytes;
  uint64_t mostCycles = verify::Variant().mostCycles;
};

/// Of the point `name`, which failed with `detail` in a run over `cases`.
Evidence collect(const Witnesses &witnesses, const verify::Routes &routes,
                 const verify::Cases &cases, const verify::PointResult &failed);

/// Of a program whose results on the RTL are `got`, null when the RTL stopped. `options` are those
/// that it ran with. `isCompiled`: not written by hand.
Evidence collect(const Witnesses &witnesses, const Task &task, const Arrays &reference,
                 const Arrays *got, const RtlRunOptions &options, bool isCompiled);

} // namespace lathe::blame
