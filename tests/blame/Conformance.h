// Conformance of one description, asked of many machines: scripts are made once.
#pragma once

#include "sdk/mutation/Campaign.h"
#include "sdk/verify/Verification.h"

namespace lathe::blame {

class Conformance {
public:
  /// Host memory for operands. What is compared after each script is as large.
  static constexpr uint64_t kAreaBytes = 1 << 20;
  /// Of what is given from idle to idle: a machine that is busy for longer has failed.
  static constexpr uint64_t kMostCycles = 200'000;

  /// `target` and `jit` outlive it. `right` holds the machine for which the scripts run as long as
  /// they should; a faulty one is given three times as long.
  Conformance(const Target &target, Jit &jit, const BuiltModel &right, uint64_t seed);

  /// A point that fails, and the cases that it was found among.
  struct Failure {
    verify::Cases cases;
    verify::PointResult point;
  };
  /// The first in the order of mutation::killOrder(), measurements behind the samples; one that
  /// cannot be reached when none fails. Thread-safe.
  std::optional<Failure> firstFailure(const BuiltModel &model,
                                      const std::atomic<bool> *cancel = nullptr);

  const verify::Routes &routes() const { return paths; }

private:
  struct Part {
    std::vector<unsigned> ids;
    std::unique_ptr<verify::Script> script; ///< null: one measurement
    verify::JudgeOptions judging;
    std::vector<uint64_t> usual; ///< cycles of its segments on the right machine
    bool failsOnRight = false;   ///< known of a script
  };

  void plan();
  const Part *part(size_t index);
  bool mayFail(const Part &part, const BuiltModel &model) const;
  std::optional<Failure> verify(const Part &part, const BuiltModel &model) const;

  const Target &target;
  Jit &jit;
  const BuiltModel &right;
  uint64_t seed;
  verify::Routes paths;
  verify::Cases cases;
  verify::ScriptBuilder builder;
  std::vector<mutation::Round> rounds; ///< those not made yet, the next one last
  std::mutex mutex;
  std::vector<std::unique_ptr<Part>> parts;
  std::vector<unsigned> unreached;
};

} // namespace lathe::blame
