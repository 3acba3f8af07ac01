// lathe explain: per statement, every legal mapping with its price, and why the other intrinsics do
// not fit.
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Elsewhere.h"
#include "sdk/cli/Explanation.h"
#include "sdk/cli/ExplanationCount.h"

using namespace lathe;
using namespace lathe::cli;

static ExitCode explainCounts(Session &session, const Semantics &kernel, const Target &target) {
  Rules rules = deriveRules(target);
  ExplainScope scope{kernel, target, rules};
  llvm::json::Array groups;
  for (const GroupCount &count : countGroups(scope)) {
    groups.push_back(toJson(count, scope));
    if (!session.json)
      print(session.out, count, scope);
  }
  session.result["kernel"] = kernel.name;
  session.result["target"] = target.name + "@" + target.machine;
  session.result["mappingCounts"] = std::move(groups);
  return ExitCode::Done;
}

ExitCode lathe::cli::runExplain(Session &session, const Verb &verb, Words words) {
  KernelArguments kernelArguments;
  std::string targetName;
  ExplainOptions options;
  Arguments arguments(session, verb);
  kernelArguments.declare(arguments);
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  bool count = false;
  arguments.flag("--all", options.all, "list every mapping, not only the best");
  arguments.flag("--count", count,
                 "only say how many mappings each statement has, without and with gathers");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, targetName);
  std::optional<BoundKernel> kernel =
      target ? loadKernel(session, kernelArguments, /*forRun=*/false) : std::nullopt;
  if (kernel && count)
    return explainCounts(session, kernel->semantics, *target);
  std::optional<Compiled> compiled =
      kernel ? compileKernel(session, kernel->semantics, *target, {.priceAll = true})
             : std::nullopt;
  if (!compiled)
    return exitCodeOf(session.diagnostics);
  Rules rules = deriveRules(*target);
  ExplainScope scope{compiled->compilation.kernel, *target, rules,
                     compiled->compilation.placements};
  bool hasHost = llvm::any_of(scope.placements, [](const Placement &it) { return !it.onTarget; });
  auto others =
      hasHost ? otherTargets(session, *target) : std::vector<std::unique_ptr<OtherTarget>>();
  llvm::json::Array placements;
  for (const Placement &placement : compiled->compilation.placements) {
    Explanation explanation = explain(placement, scope);
    if (!placement.onTarget)
      explanation.elsewhere = nearestElsewhere(placement, scope.kernel, others);
    for (const LibraryOffer &offer : compiled->compilation.offers)
      if (offer.result == placement.result)
        explanation.offers.push_back(offer);
    placements.push_back(toJson(explanation, scope));
    if (!session.json)
      print(session.out, explanation, scope, options);
  }
  session.result["kernel"] = kernel->semantics.name;
  session.result["target"] = target->name + "@" + target->machine;
  session.result["predictedCycles"] = compiled->compilation.predictedCycles;
  session.result["placements"] = std::move(placements);
  return ExitCode::Done;
}
