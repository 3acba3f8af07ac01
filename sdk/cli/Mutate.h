// lathe verify --mutate: how many faults of the hardware and of its description the points find.
#pragma once

#include "core/target/Target.h"
#include "sdk/cli/Session.h"
#include "sdk/verify/Cases.h"

namespace lathe::cli {

struct MutateArguments {
  std::string target; ///< as the user named it
  size_t mutants = 0;
  uint64_t seed = 1;
  unsigned jobs = 2;
  double seconds = 0;  ///< no further script begins after; 0: no limit
  std::string resume;  ///< the JSON of an earlier run: what it killed or proved is not tried again
  bool sample = false; ///< stop after a sample of each class, with quick proofs alone
};

/// Runs `cases` on RTL mutants of the target, prints a table and the survivors, fills the
/// session's result.
ExitCode mutate(Session &session, const Target &target, const verify::Cases &cases,
                const MutateArguments &arguments);

} // namespace lathe::cli
