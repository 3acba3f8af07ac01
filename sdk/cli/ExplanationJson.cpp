#include "sdk/cli/Compiled.h"
#include "sdk/cli/ExplanationWords.h"
#include "sdk/cli/LoopNest.h"

using namespace lathe;
using namespace lathe::cli;

static llvm::StringRef roleText(Account::Role role) {
  switch (role) {
  case Account::Role::Maps:
    return "maps";
  case Account::Role::Helps:
    return "used";
  case Account::Role::Unused:
    return "unused";
  case Account::Role::Refused:
    return "refused";
  }
  return "";
}

static llvm::json::Value mappingJson(const RankedMapping &ranked, const Explanation &explanation,
                                     const ExplainScope &scope) {
  const Mapping &mapping = ranked.mapping;
  llvm::json::Array copies, filled;
  for (const CopyText &copy : copiesOf(mapping))
    copies.push_back(llvm::json::Object{{"tensor", copy.tensor},
                                        {"bytes", copy.bytes},
                                        {"result", copy.isResult},
                                        {"reason", copy.reason}});
  for (const Fill &fill : fills(mapping, explanation, scope))
    filled.push_back(llvm::json::Object{{"loop", fill.loop},
                                        {"kernelLoops", fill.kernelLoops},
                                        {"extent", fill.extent},
                                        {"width", fill.width}});
  bool fits = !ranked.tilings.empty();
  llvm::json::Object object{{"number", mapping.number},
                            {"intrinsic", scope.target.intrinsics[mapping.intrinsic].name},
                            {"mapping", mapping.text},
                            {"class", kindText(mapping.kind).split(':').first},
                            {"waste", mapping.waste},
                            {"fills", std::move(filled)},
                            {"packedBytes", mapping.packedBytes},
                            {"copies", std::move(copies)},
                            {"fits", fits}};
  if (!fits) {
    object["unfit"] = ranked.unfit;
    return object;
  }
  object["estimatedCycles"] = ranked.estimatedCycles;
  object["trafficBytes"] = ranked.trafficBytes;
  object["tile"] = tileText(ranked);
  return object;
}

static llvm::json::Object accountJson(const Account &account, const ExplainScope &scope) {
  llvm::json::Object object{{"intrinsic", scope.target.intrinsics[account.intrinsic].name},
                            {"role", roleText(account.role)},
                            {"text", account.text}};
  if (!account.help.empty())
    object["help"] = account.help;
  return object;
}

/// The loop nest, a line an entry, indented.
static llvm::json::Array loopsJson(const Explanation &explanation, const ExplainScope &scope) {
  const Mapping &chosen = explanation.placement->mappings.front().mapping;
  const Statement &statement = chosen.mapped(explanation.group).statement;
  llvm::json::Array lines;
  for (auto [nest, tiling] : emittedNests(*explanation.placement))
    for (const LoopLine &line : loopNest(*nest, *tiling, statement, scope.rules, scope.target))
      lines.push_back(std::string(2 * line.depth, ' ') + line.text);
  return lines;
}

static llvm::json::Array offersJson(const Explanation &explanation) {
  llvm::json::Array offers;
  for (const LibraryOffer &offer : explanation.offers)
    offers.push_back(llvm::json::Object{{"entry", offer.entry},
                                        {"cycles", offer.cycles},
                                        {"derivedCycles", offer.derivedCycles},
                                        {"taken", offer.taken},
                                        {"unfit", offer.unfit}});
  return offers;
}

llvm::json::Value lathe::cli::toJson(const Explanation &explanation, const ExplainScope &scope) {
  const Placement &placement = *explanation.placement;
  llvm::json::Array mappings, accounts;
  for (const RankedMapping &ranked : placement.mappings)
    mappings.push_back(mappingJson(ranked, explanation, scope));
  for (const Account &account : explanation.accounts) {
    llvm::json::Object object = accountJson(account, scope);
    if (auto calls = explanation.calls.find(account.intrinsic); calls != explanation.calls.end())
      object["calls"] = calls->second;
    accounts.push_back(std::move(object));
  }
  llvm::json::Object object{{"statements", statementNames(scope.kernel, placement.statements)},
                            {"where", placement.onTarget ? "target" : "host"},
                            {"mappings", std::move(mappings)},
                            {"intrinsics", std::move(accounts)},
                            {"longer", llvm::json::Array(explanation.longer)}};
  if (!placement.partOf.empty())
    object["partOf"] = placement.partOf;
  if (!placement.rules.empty()) {
    object["rules"] = llvm::json::Array(placement.rules);
    object["written"] = llvm::json::Array(placement.written);
  }
  if (placement.onTarget) {
    object["predictedCycles"] = placement.predictedCycles;
    object["boundCycles"] = placement.boundCycles;
    object["hostBytes"] = placement.hostBytes;
    if (placement.library.empty())
      object["loops"] = loopsJson(explanation, scope);
    if (placement.chain)
      object["chain"] = *placement.chain;
    if (placement.stays)
      object["stays"] = llvm::json::Object{{"space", placement.stays->space},
                                           {"addresses", placement.stays->addresses},
                                           {"stored", placement.stays->stored}};
  }
  if (placement.host)
    object["host"] = llvm::json::Object{{"nanoseconds", placement.host->nanoseconds},
                                        {"operations", placement.host->operations},
                                        {"bytes", placement.host->bytes}};
  if (!placement.library.empty())
    object["library"] = placement.library;
  if (!explanation.offers.empty())
    object["offers"] = offersJson(explanation);
  if (const auto &elsewhere = explanation.elsewhere)
    object["elsewhere"] = llvm::json::Object{{"target", elsewhere->target},
                                             {"maps", !elsewhere->intrinsic.empty()},
                                             {"intrinsic", elsewhere->intrinsic},
                                             {"refusal", elsewhere->refusal},
                                             {"help", elsewhere->help}};
  if (explanation.nearest)
    object["nearest"] = accountJson(*explanation.nearest, scope);
  return object;
}
