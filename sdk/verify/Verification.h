// Runs conformance cases on the hardware, many in one simulation, and finds the one that fails.
#pragma once

#include "sdk/verify/ScriptBuilder.h"
#include "sdk/verify/Vectors.h"

#include <mutex>

namespace lathe::verify {

/// How the detail of a failure ends that the case alone does not show.
inline constexpr llvm::StringLiteral kNotAlone = "; only behind the cases before it";

enum class Verdict : uint8_t {
  Passed,
  Failed,
  Unreached, ///< no program could be made for it
  Waived,    ///< unreached, with a reason in the plugin
  NotRun,    ///< the time was up, or there were failures enough
};

struct PointResult {
  std::string name;
  PointClass group = PointClass::Field;
  Verdict verdict = Verdict::NotRun;
  std::string detail;
  std::string blame = {}; ///< of a failed one; empty: nobody asked
};

struct VerifyOptions {
  unsigned threads = 2;
  double seconds = 0;       ///< no further script begins after; 0: no limit
  bool mixed = false;       ///< the classes mixed, so that a limit of time takes some of each
  size_t mostFailures = 20; ///< then nothing more is run
  uint64_t seed = 1;        ///< of what memories, registers and free operands hold
  std::optional<uint32_t> registerSeed; ///< of registers before reset; nothing: it varies by ports
  bool explains = true; ///< a failure's detail names the first instruction that makes a difference
  uint64_t mostCycles = Variant().mostCycles;     ///< of what is given from idle to idle
  uint64_t areaBytes = ScriptBuilder::kAreaBytes; ///< host memory for a script's operands
  const std::atomic<bool> *cancel = nullptr;
  VectorSet *record = nullptr; ///< gets a vector of each script that passes as a whole
  std::function<void(size_t done, llvm::StringRef note)> progress; ///< of cases, from any thread
};

class Verification {
public:
  /// All arguments outlive the verification.
  Verification(const Target &target, const Routes &routes, Jit &jit, const BuiltModel &model,
               const Cases &cases, VerifyOptions options)
      : target(target), routes(routes), jit(jit), model(model), cases(cases),
        options(std::move(options)),
        builder(target, routes, jit, cases, this->options.seed, this->options.areaBytes),
        results(cases.size()) {}

  /// Every point of every case, in order.
  std::vector<PointResult> run();
  /// Cycles simulated.
  uint64_t cycles() const { return simulated; }

private:
  using Ids = llvm::ArrayRef<unsigned>;
  struct CaseResult {
    Verdict verdict = Verdict::NotRun;
    std::string detail;
  };

  void runTask(Ids ids);
  void runMeasurement(unsigned id);
  size_t runScript(Judge &judge, Ids ids);
  std::unique_ptr<Script> build(Ids ids, size_t &used, size_t testLimit = SIZE_MAX);
  std::optional<Mismatch> judgeAlone(Judge &judge, unsigned id, size_t testLimit,
                                     std::string &instructions);
  std::string explain(Judge &judge, unsigned id, const Mismatch &inScript);
  unsigned culprit(Judge &judge, Ids ids);
  JudgeOptions judgeOptions(unsigned id) const;
  void record(const Script &script, Judge &judge, Ids ids);
  void settle(unsigned id, Verdict verdict, std::string detail = "");
  bool isOver() const;

  const Target &target;
  const Routes &routes;
  Jit &jit;
  const BuiltModel &model;
  const Cases &cases;
  VerifyOptions options;
  ScriptBuilder builder;
  std::chrono::steady_clock::time_point start;
  mutable std::mutex mutex;
  std::vector<CaseResult> results;
  size_t done = 0, failures = 0;
  std::atomic<uint64_t> simulated = 0;
};

/// Turns the unreached points that a waiver of the target names into waived ones. Sentences about
/// waivers of points that are reached, and of no point at all.
std::vector<std::pair<const Waiver *, std::string>> applyWaivers(const Target &target,
                                                                 std::vector<PointResult> &points);

} // namespace lathe::verify
