// Every mutant runs the conformance scripts until one shows a difference.
#pragma once

#include "sdk/verify/ScriptBuilder.h"

#include <chrono>

namespace lathe::mutation {

struct CampaignOptions {
  unsigned threads = 2;
  uint64_t seed = 1;         ///< of what memories, registers and free operands hold
  double mutantSeconds = 20; ///< of one segment of a script on one mutant, then it is killed
  double seconds = 0;        ///< no further script begins after; 0: no limit
  const std::atomic<bool> *cancel = nullptr;
  std::function<void(size_t living, llvm::StringRef note)> progress; ///< from one thread
};

/// What became of a mutant.
struct Life {
  bool killed = false;
  bool finished = false; ///< killed, or everything that might was tried
  std::string how;       ///< the first difference
  double seconds = 0;    ///< of simulation, all scripts together
};

/// Cases that run in as few scripts as hold at most `mostCases` each.
struct Round {
  std::vector<unsigned> ids; ///< with the same Begin and ports
  size_t mostCases = 400;
  unsigned stage = 0; ///< 0: long sequences, 1 and 2: samples, 3: the rest
};

/// All cases: a few long sequences, samples of each class, the rest; measurements are not among
/// them.
std::vector<Round> killOrder(const verify::Cases &cases);

class Campaign {
public:
  /// `model` holds the machine and `mutants` faulty ones (RtlMutants). All arguments outlive it.
  Campaign(const Target &target, const verify::Routes &routes, Jit &jit, const BuiltModel &model,
           const verify::Cases &cases, size_t mutants, CampaignOptions options);

  /// Runs `round` on every mutant that lives. False, with problem(), when the machine without a
  /// fault differs from the description.
  bool run(const Round &round);
  /// Measures each claim about time on every mutant that lives; claims that do not hold without a
  /// fault are left out.
  void measure();

  llvm::ArrayRef<Life> lives() const { return all; }
  std::vector<size_t> living() const;
  /// What an earlier run found out about a mutant.
  void restore(size_t mutant, Life life) { all[mutant] = std::move(life); }
  /// Whoever lives now has been through everything.
  void finish();
  /// Takes a mutant out of what is run; its Life stays as it is.
  void setAside(size_t mutant) { aside[mutant] = true; }
  const std::string &problem() const { return why; }
  bool isOver() const;
  uint64_t cycles() const { return simulated; }

private:
  bool runScript(const verify::Script &script, verify::JudgeOptions judging,
                 const std::string &note);
  void forLiving(const std::string &note, const std::function<void(size_t)> &visit);

  const Target &target;
  const verify::Routes &routes;
  Jit &jit;
  const BuiltModel &model;
  const verify::Cases &cases;
  CampaignOptions options;
  verify::ScriptBuilder builder;
  std::vector<Life> all;
  std::vector<bool> aside;
  std::string why;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  std::atomic<uint64_t> simulated = 0;
};

} // namespace lathe::mutation
