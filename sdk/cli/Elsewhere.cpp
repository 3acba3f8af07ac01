#include "sdk/cli/Elsewhere.h"

#include "core/mapping/Validate.h"

#include <set>

using namespace lathe;
using namespace lathe::cli;

std::vector<std::unique_ptr<OtherTarget>> lathe::cli::otherTargets(const Session &session,
                                                                   const Target &chosen) {
  std::vector<std::unique_ptr<OtherTarget>> others;
  Sources sources;
  Diagnostics unsaid(sources);
  std::set<std::string> seen{chosen.name};
  for (const PluginCandidate &found : findPlugins(pluginPlaces(session), unsaid)) {
    if (!found.usable || !seen.insert(found.name).second)
      continue;
    std::optional<Plugin> plugin = readManifest(found.folder, unsaid);
    auto target = plugin ? loadTarget(*plugin, "", unsaid) : std::nullopt;
    if (!target)
      continue;
    Rules rules = deriveRules(*target);
    others.push_back(std::make_unique<OtherTarget>(OtherTarget{std::move(*target), rules}));
  }
  return others;
}

/// The group's mappings on a target that are proved, as a placement that explain() can account for.
static Placement placementOn(const Placement &placement, const Semantics &kernel,
                             const OtherTarget &other) {
  Placement there;
  there.statements = placement.statements;
  for (const Group &group : groupsFrom(kernel, placement.statements.front())) {
    if (group.statements != placement.statements)
      continue;
    std::vector<Refusal> refusals;
    for (Mapping &mapping : enumerateMappings(kernel, group, other.target, other.rules, refusals))
      if (Reason why;
          mapping.finish(why) && !mappingFault(kernel, group, mapping, other.rules, other.target)) {
        there.mappings.emplace_back().mapping = std::move(mapping);
        return there;
      }
  }
  return there;
}

std::optional<Elsewhere>
lathe::cli::nearestElsewhere(const Placement &placement, const Semantics &kernel,
                             llvm::ArrayRef<std::unique_ptr<OtherTarget>> others) {
  std::optional<Elsewhere> best;
  for (const auto &other : others) {
    Placement there = placementOn(placement, kernel, *other);
    Elsewhere found{other->target.name + "@" + other->target.machine, "", "", "", 0};
    if (!there.mappings.empty()) {
      found.intrinsic = other->target.intrinsics[there.mappings.front().mapping.intrinsic].name;
      return found;
    }
    Explanation explanation = explain(there, {kernel, other->target, other->rules});
    if (!explanation.nearest || (best && best->depth >= explanation.nearest->depth))
      continue;
    const Account &account = *explanation.nearest;
    found.refusal = other->target.intrinsics[account.intrinsic].name + ": " + account.text;
    found.help = account.help;
    found.depth = account.depth;
    best = std::move(found);
  }
  return best;
}
