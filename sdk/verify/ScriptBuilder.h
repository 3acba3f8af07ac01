// Cases into scripts: as many as fit into one, those that cannot be made left out.
#pragma once

#include "sdk/verify/Cases.h"
#include "sdk/verify/Judge.h"

#include <functional>

namespace lathe::verify {

/// Of what belongs to no case: what is set up and shown around them.
inline constexpr unsigned kNoCase = ~0u;

class ScriptBuilder {
public:
  /// How much host memory operands get; scripts that reset often get less.
  static constexpr uint64_t kAreaBytes = 8 << 20;

  /// All arguments outlive the builder. Thread-safe.
  ScriptBuilder(const Target &target, const Routes &routes, Jit &jit, const Cases &cases,
                uint64_t seed, uint64_t areaBytes = kAreaBytes)
      : target(target), routes(routes), jit(jit), cases(cases), seed(seed), areaBytes(areaBytes) {}

  using Ids = llvm::ArrayRef<unsigned>;
  struct Limits {
    size_t tests = SIZE_MAX; ///< see ScriptOptions::testLimit
    size_t cases = SIZE_MAX;
    bool blank = false; ///< see ScriptOptions::blank
  };
  /// The first `used` of `ids`, which run together (Case::script). `unreached` is told the cases
  /// that cannot be made, and why.
  std::unique_ptr<Script> build(Ids ids, size_t &used, const Limits &limits,
                                const std::function<void(unsigned, std::string)> &unreached) const;

  /// How the script of case `id` is run.
  JudgeOptions judgeOptions(unsigned id) const;
  /// Cases that run together, in order.
  std::vector<std::vector<unsigned>> groups() const;

private:
  bool addCase(Script &script, unsigned id) const;

  const Target &target;
  const Routes &routes;
  Jit &jit;
  const Cases &cases;
  uint64_t seed, areaBytes;
};

} // namespace lathe::verify
