// How often each line of RTL was executed, from Verilator's counters.
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <string>

namespace lathe {

/// Executions by file and line, over all instances of a module. A line without a statement of its
/// own is in none.
struct LineCoverage {
  std::map<std::string, std::map<unsigned, uint64_t>> files;

  void add(const LineCoverage &other);
};

/// Reads a coverage file as models write it (`coverage_write` of LatheModel.h): its line counters,
/// not those of toggles and user points. `userPath` turns the model's path of a file into the
/// user's.
LineCoverage readLineCoverage(llvm::StringRef text,
                              llvm::function_ref<std::string(llvm::StringRef)> userPath);

/// The form that lcov, genhtml and CI services read.
std::string lcov(const LineCoverage &coverage);

} // namespace lathe
