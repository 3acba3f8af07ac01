#include "sdk/cli/ExplanationCount.h"

#include "core/mapping/Validate.h"
#include "core/semantics/Parser.h"
#include "sdk/cli/Compiled.h"

#include "llvm/ADT/STLExtras.h"

#include <ctime>

using namespace lathe;
using namespace lathe::cli;

static bool reduces(const Group &group) {
  bool several = false;
  return findReduction(*group.statement.value, several) != nullptr;
}

/// The group's mappings that are proved, counted.
static GroupCount countGroup(const Group &group, const ExplainScope &scope) {
  GroupCount result;
  result.statements = group.statements;
  std::clock_t start = std::clock();
  std::vector<Refusal> refusals;
  std::vector<Mapping> proved;
  for (Mapping &mapping : enumerateMappings(scope.kernel, group, scope.target, scope.rules,
                                            refusals, Forms::AsWritten)) {
    Reason why;
    auto fault = mapping.finish(why)
                     ? mappingFault(scope.kernel, group, mapping, scope.rules, scope.target)
                     : std::optional(why.text);
    if (!fault)
      proved.push_back(std::move(mapping));
    else if (!llvm::is_contained(result.unproved, *fault))
      result.unproved.push_back(std::move(*fault));
  }
  result.counts = countMappings(proved);
  result.milliseconds = 1e3 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  return result;
}

std::vector<GroupCount> lathe::cli::countGroups(const ExplainScope &scope) {
  std::vector<GroupCount> counts;
  std::vector<bool> done(scope.kernel.statements.size(), false);
  for (unsigned s = 0; s < scope.kernel.statements.size(); ++s) {
    if (done[s])
      continue;
    for (const Group &group : groupsFrom(scope.kernel, s)) {
      if (!reduces(group))
        continue;
      GroupCount count = countGroup(group, scope);
      bool shortest = group.statements.size() == 1;
      if (count.counts.empty() && !shortest)
        continue;
      for (unsigned statement : group.statements)
        done[statement] = true;
      counts.push_back(std::move(count));
      break;
    }
  }
  return counts;
}

void lathe::cli::print(llvm::raw_ostream &out, const GroupCount &count, const ExplainScope &scope) {
  for (unsigned statement : count.statements)
    out << print(scope.kernel.statements[statement], scope.kernel) << '\n';
  for (const MappingCount &of : count.counts)
    out << llvm::formatv("  {0}: {1} without gathers, {2} with them\n",
                         scope.target.intrinsics[of.intrinsic].name, of.views, of.all);
  if (count.counts.empty())
    out << "  no mappings: 'lathe explain' says why\n";
  for (const std::string &why : count.unproved)
    out << "  not counted: " << why << '\n';
  out << llvm::formatv("  each proved; all in {0:F1} ms\n", count.milliseconds);
}

llvm::json::Value lathe::cli::toJson(const GroupCount &count, const ExplainScope &scope) {
  llvm::json::Array counts;
  for (const MappingCount &of : count.counts)
    counts.push_back(llvm::json::Object{{"intrinsic", scope.target.intrinsics[of.intrinsic].name},
                                        {"withoutGathers", of.views},
                                        {"withGathers", of.all}});
  return llvm::json::Object{{"statements", statementNames(scope.kernel, count.statements)},
                            {"counts", std::move(counts)},
                            {"notCounted", llvm::json::Array(count.unproved)},
                            {"milliseconds", count.milliseconds}};
}
