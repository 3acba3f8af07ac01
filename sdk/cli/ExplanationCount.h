// How many mappings the statements of a kernel have: what `lathe explain --count` prints.
#pragma once

#include "sdk/cli/Explanation.h"

namespace lathe::cli {

/// The mappings of one group of statements that reduces.
struct GroupCount {
  std::vector<unsigned> statements;
  std::vector<MappingCount> counts;  ///< per intrinsic, of the mappings that are proved
  std::vector<std::string> unproved; ///< why others are none; empty when all are proved
  double milliseconds = 0;           ///< of the processor, to enumerate, finish and prove all
};

/// Every group that the compiler would take first, and that reduces.
std::vector<GroupCount> countGroups(const ExplainScope &scope);

void print(llvm::raw_ostream &out, const GroupCount &count, const ExplainScope &scope);
llvm::json::Value toJson(const GroupCount &count, const ExplainScope &scope);

} // namespace lathe::cli
