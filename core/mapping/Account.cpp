#include "core/mapping/Account.h"

#include "core/mapping/Reason.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::formatv;

namespace {

class Accountant {
public:
  Accountant(const Semantics &kernel, const Group &group, const Target &target, const Rules &rules,
             llvm::ArrayRef<const Mapping *> mappings, const Mapping *chosen,
             llvm::ArrayRef<Refusal> refusals)
      : kernel(kernel), statement(group.statement), target(target), rules(rules),
        mappings(mappings), chosen(chosen), refusals(refusals) {
    reduction = findReduction(*statement.value, several);
    collectOutside(statement.value);
  }

  std::vector<Account> run() {
    std::vector<Account> accounts;
    for (const Rule &rule : rules.rules)
      if (rule.kind == Rule::Kind::Contract || rule.kind == Rule::Kind::Pointwise)
        accounts.push_back(accountOf(rule));
    for (const auto &[intrinsic, why] : rules.unused)
      accounts.push_back(
          {intrinsic, Account::Role::Refused, "the compiler has no use for it: " + why, "", 0});
    llvm::stable_sort(accounts,
                      [](const Account &a, const Account &b) { return a.intrinsic < b.intrinsic; });
    return accounts;
  }

private:
  Account accountOf(const Rule &rule) const {
    Account account;
    account.intrinsic = rule.intrinsic;
    auto mapped = llvm::count_if(
        mappings, [&](const Mapping *mapping) { return mapping->intrinsic == rule.intrinsic; });
    if (mapped > 0)
      return with(account, Account::Role::Maps,
                  formatv("maps in {0} way{1}", mapped, mapped == 1 ? "" : "s"));
    if (std::string job = jobInChosen(rule); !job.empty())
      return with(account, Account::Role::Helps, std::move(job));
    if (!statement.conditions.empty() || several)
      return refused(account, rule);
    return rule.kind == Rule::Kind::Contract ? contraction(account, rule)
                                             : pointwise(account, rule);
  }

  static Account with(Account account, Account::Role role, std::string text,
                      std::string help = "") {
    account.role = role;
    account.text = std::move(text);
    account.help = std::move(help);
    return account;
  }

  /// The deepest refusal of the rule's intrinsic, or of another with the same body.
  Account refused(const Account &account, const Rule &rule) const {
    const Refusal *deepest = nullptr;
    for (const Refusal &refusal : refusals)
      if (speaksOf(refusal, rule) && (!deepest || refusal.depth > deepest->depth))
        deepest = &refusal;
    if (!deepest)
      return with(account, Account::Role::Refused, "no intrinsic adds to what it writes");
    Account known = with(account, Account::Role::Refused, deepest->reason, deepest->help);
    known.depth = deepest->depth;
    return known;
  }

  bool speaksOf(const Refusal &refusal, const Rule &rule) const {
    if (refusal.intrinsic == rule.intrinsic)
      return true;
    return llvm::any_of(rules.rules, [&](const Rule &other) {
      return other.intrinsic == refusal.intrinsic && other.kind == rule.kind &&
             other.kind == Rule::Kind::Contract && other.reduction == rule.reduction &&
             equal(*other.body, *rule.body);
    });
  }

  std::string jobInChosen(const Rule &rule) const {
    if (!chosen)
      return "";
    unsigned index = &rule - rules.rules.data();
    for (const Nest &nest : chosen->nests) {
      if (nest.contraction && nest.contraction->set == index && startOf(nest.values))
        return "not needed: the sum goes on from what is loaded";
      if (nest.contraction && nest.contraction->set == index)
        return "starts each sum that " + target.intrinsics[chosen->intrinsic].name + " adds to";
      if (nest.store.rule == index)
        return "stores '" + kernel.tensors[statement.tensor].name + "'";
      for (const PointwiseValue &value : nest.values)
        if (value.kind == PointwiseValue::Kind::Compute && value.rule == index)
          return reduction ? "computes a step after the reduction" : "computes a step";
    }
    return "";
  }

  Account contraction(const Account &account, const Rule &rule) const {
    if (!reduction)
      return with(account, Account::Role::Refused, "it reduces; the statement has no reduction");
    return refused(account, rule);
  }

  Account pointwise(const Account &account, const Rule &rule) const {
    const Intrinsic &intrinsic = target.intrinsics[rule.intrinsic];
    const TileOperand &to = intrinsic.tiles[rule.destination.operand];
    const Tensor &result = kernel.tensors[statement.tensor];
    bool stores = to.space == kHostSpace;
    if (stores && to.element != result.type)
      return with(
          account, Account::Role::Refused,
          formatv("it stores {0}; '{1}' is {2}", name(to.element), result.name, name(result.type)));
    std::vector<ExprRef> candidates;
    if (stores)
      candidates.push_back(statement.value);
    else
      llvm::copy_if(outside, std::back_inserter(candidates), [&](const ExprRef &expr) {
        return expr->op == rule.body->op && expr->type == rule.body->type;
      });
    if (candidates.empty())
      return with(account, Account::Role::Refused,
                  formatv("the statement has no '{0}' of {1}{2}", spelling(rule.body->op),
                          name(rule.body->type), reduction ? " outside of its reduction" : ""));
    return matched(account, rule, candidates, stores);
  }

  Account matched(Account account, const Rule &rule, llvm::ArrayRef<ExprRef> candidates,
                  bool stores) const {
    Mismatch mismatch;
    const Intrinsic &intrinsic = target.intrinsics[rule.intrinsic];
    for (const ExprRef &candidate : candidates)
      if (!match(intrinsic, rule.body, candidate, &mismatch).empty()) {
        if (!chosen)
          mismatch = nearestMismatch(intrinsic, rule.body, candidate);
        if (chosen || mismatch.kind == Mismatch::Kind::None)
          return able(account, *candidate, stores);
      }
    Reason reason = whyNot(mismatch, intrinsic, kernel, statement);
    account.depth = mismatch.depth + 1;
    return with(account, Account::Role::Refused, std::move(reason.text), std::move(reason.help));
  }

  /// The intrinsic fits `part`, and still has nothing to do.
  Account able(const Account &account, const Expr &part, bool stores) const {
    std::string what = stores ? "could store '" + kernel.tensors[statement.tensor].name + "'"
                              : "could compute '" + print(part, statement, kernel) + "'";
    if (chosen)
      return with(account, Account::Role::Unused, what + "; the chosen mapping does without it");
    return with(
        account, Account::Role::Refused,
        what + (stores ? "; nothing computes what it would store" : "; nothing computes the rest"));
  }

  /// Every expression that no reduction encloses.
  void collectOutside(const ExprRef &expr) {
    outside.push_back(expr);
    if (expr->op != Op::Reduce && expr->op != Op::Load)
      for (const ExprRef &operand : expr->operands)
        collectOutside(operand);
  }

  const Semantics &kernel;
  const Statement &statement;
  const Target &target;
  const Rules &rules;
  llvm::ArrayRef<const Mapping *> mappings;
  const Mapping *chosen;
  llvm::ArrayRef<Refusal> refusals;

  bool several = false;
  const Expr *reduction = nullptr;
  std::vector<ExprRef> outside;
};

} // namespace

std::vector<Account> lathe::accountFor(const Semantics &kernel, const Group &group,
                                       const Target &target, const Rules &rules,
                                       llvm::ArrayRef<const Mapping *> mappings,
                                       const Mapping *chosen, llvm::ArrayRef<Refusal> refusals) {
  return Accountant(kernel, group, target, rules, mappings, chosen, refusals).run();
}
