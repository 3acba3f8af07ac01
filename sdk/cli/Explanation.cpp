#include "sdk/cli/Explanation.h"

#include "core/mapping/Validate.h"

#include "sdk/cli/Compiled.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::formatv;

static std::vector<const Mapping *> mappingsOf(const Placement &placement) {
  std::vector<const Mapping *> mappings;
  for (const RankedMapping &ranked : placement.mappings)
    mappings.push_back(&ranked.mapping);
  return mappings;
}

/// True for what could do the group's work: intrinsics that reduce, or, without a reduction, that
/// store a result.
static bool doesWork(const Rule &rule, bool reduces, const Target &target) {
  if (rule.kind != (reduces ? Rule::Kind::Contract : Rule::Kind::Pointwise))
    return false;
  const TileOperand &to = target.intrinsics[rule.intrinsic].tiles[rule.destination.operand];
  return reduces || to.space == kHostSpace;
}

/// The failing condition nearest to a mapping.
static std::optional<Account> nearestMiss(const Explanation &explanation,
                                          const ExplainScope &scope) {
  bool several = false;
  bool reduces = findReduction(*explanation.group.statement.value, several) != nullptr;
  std::optional<Account> nearest;
  for (const Account &account : explanation.accounts) {
    bool works = llvm::any_of(scope.rules.rules, [&](const Rule &rule) {
      return rule.intrinsic == account.intrinsic && doesWork(rule, reduces, scope.target);
    });
    if (account.role == Account::Role::Refused && works &&
        (!nearest || account.depth > nearest->depth))
      nearest = account;
  }
  return nearest;
}

/// What the mapper refused, with all mappings worked out to the end and checked.
static std::vector<Refusal> refusalsOf(const Group &group, const ExplainScope &scope) {
  std::vector<Refusal> refusals;
  for (Mapping &mapping :
       enumerateMappings(scope.kernel, group, scope.target, scope.rules, refusals)) {
    if (Reason why; !mapping.finish(why))
      refusals.push_back(
          {mapping.intrinsic, std::move(why.text), kDepthOfRest, std::move(why.help)});
    else if (auto fault = mappingFault(scope.kernel, group, mapping, scope.rules, scope.target))
      refusals.push_back(
          {mapping.intrinsic, "not proved: " + std::move(*fault), kDepthOfRest + 1, ""});
  }
  return refusals;
}

static std::string whyNotTogether(const Group &group, const ExplainScope &scope) {
  std::vector<Refusal> refusals = refusalsOf(group, scope);
  const Refusal *deepest = nullptr;
  for (const Refusal &refusal : refusals)
    if (!deepest || refusal.depth > deepest->depth)
      deepest = &refusal;
  return deepest ? deepest->reason : std::string("its tiles do not fit");
}

/// What a result that stays on chip changes in the accounts of those that would store it.
static void accountForStay(Explanation &explanation) {
  const Placement &placement = *explanation.placement;
  if (!placement.stays)
    return;
  std::string stays = "'" + placement.result + "' stays in " + placement.stays->space;
  for (Account &account : explanation.accounts) {
    bool called = placement.calls.count(account.intrinsic);
    if (account.role == Account::Role::Helps && !called)
      account = {account.intrinsic, Account::Role::Unused, "not needed: " + stays, "", 0};
    else if (account.role == Account::Role::Unused && called)
      account = {account.intrinsic, Account::Role::Helps, "writes it: " + stays, "", 0};
  }
}

Explanation lathe::cli::explain(const Placement &placement, const ExplainScope &scope) {
  Explanation explanation;
  explanation.placement = &placement;
  explanation.calls = placement.calls;
  for (Group &group : groupsFrom(scope.kernel, placement.statements.front())) {
    if (group.statements == placement.statements) {
      explanation.group = std::move(group);
      break;
    }
    explanation.longer.push_back(
        formatv("not together with {0}: {1}",
                statementNames(scope.kernel, llvm::ArrayRef(group.statements).drop_front()),
                whyNotTogether(group, scope)));
  }
  std::vector<Refusal> refusals = refusalsOf(explanation.group, scope);
  bool isDerived = placement.onTarget && placement.library.empty();
  const Mapping *chosen = isDerived ? &placement.mappings.front().mapping : nullptr;
  explanation.accounts = accountFor(scope.kernel, explanation.group, scope.target, scope.rules,
                                    mappingsOf(placement), chosen, refusals);
  accountForStay(explanation);
  if (!placement.onTarget)
    explanation.nearest = nearestMiss(explanation, scope);
  return explanation;
}
