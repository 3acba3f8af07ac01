// What lathe verify is asked for.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lathe::cli {

/// The words of the command line; nothing where one was not given.
struct VerifyArguments {
  std::string target, junit, only, upTo, record, vectors, resume;
  std::vector<std::string> classes;
  std::optional<int64_t> jobs, mostFailures, seed, mutants;
  std::optional<double> seconds, icarusSeconds;
  bool list = false, subset = false, second = false, noBlame = false;

  bool isWhole() const { return classes.empty() && only.empty() && upTo.empty() && !subset; }
};

} // namespace lathe::cli
