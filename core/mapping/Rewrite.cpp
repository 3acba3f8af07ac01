#include "core/mapping/Rewrite.h"

#include "core/semantics/Accesses.h"
#include "core/semantics/Interval.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <functional>

using namespace lathe;

namespace {

constexpr unsigned kMostOperands = 6; ///< of a chain whose every grouping is tried
constexpr unsigned kMostResults = 8;  ///< of one rule at one place
constexpr unsigned kMostSteps = 128;  ///< of one normalisation

bool isGrouped(Op op) { return op == Op::Add || op == Op::Mul || op == Op::Max || op == Op::Min; }

void flatten(Op op, const ExprRef &expr, std::vector<ExprRef> &parts) {
  if (expr->op != op) {
    parts.push_back(expr);
    return;
  }
  for (const ExprRef &operand : expr->operands)
    flatten(op, operand, parts);
}

ExprRef chain(Op op, llvm::ArrayRef<ExprRef> parts) {
  ExprRef result = parts.front();
  for (const ExprRef &part : parts.drop_front())
    result = makeExpr(op, part->type, {result, part}, part->loc);
  return result;
}

/// What a rule's variables and loops stand for.
struct Found {
  std::map<unsigned, ExprRef> variables;
  llvm::StringMap<std::vector<unsigned>> loops; ///< by name, in the rule
  std::vector<ExprRef> guards;                  ///< of the sum that was matched
};

using Next = llvm::function_ref<void(Found &)>;

/// Matches an instance's left side; every way is given to `next`.
class RuleMatcher {
public:
  RuleMatcher(const RuleInstance &rule, bool regroup) : rule(rule), regroup(regroup) {}

  void match(const Expr &pattern, const ExprRef &expr, Found found, Next next) {
    if (pattern.op == Op::Load)
      return variable(pattern, expr, std::move(found), next);
    if (pattern.op != expr->op || pattern.type != expr->type)
      return;
    if (pattern.op == Op::Constant) {
      if (pattern.integer == expr->integer && pattern.real == expr->real)
        next(found);
      return;
    }
    if (pattern.op == Op::Reduce)
      return reduction(pattern, expr, std::move(found), next);
    if (isGrouped(pattern.op))
      return grouped(pattern, expr, found, next);
    if (pattern.operands.size() == expr->operands.size())
      operands(pattern, expr->operands, 0, std::move(found), next);
  }

private:
  void operands(const Expr &pattern, llvm::ArrayRef<ExprRef> of, size_t from, Found found,
                Next next) {
    if (from == of.size())
      return next(found);
    match(*pattern.operands[from], of[from], std::move(found),
          [&](Found &more) { operands(pattern, of, from + 1, more, next); });
  }

  /// Both operands of the pattern stand for every division of the chain in two.
  void grouped(const Expr &pattern, const ExprRef &expr, const Found &found, Next next) {
    std::vector<ExprRef> parts;
    bool integer = expr->type.isInteger();
    if (integer || (regroup && (pattern.op == Op::Add || pattern.op == Op::Mul)))
      flatten(pattern.op, expr, parts);
    if (parts.size() < 2 || parts.size() > kMostOperands)
      parts = expr->operands;
    bool commutes = integer || pattern.op == Op::Add || pattern.op == Op::Mul;
    for (unsigned set = 1; set + 1 < (1u << parts.size()); ++set) {
      if (!commutes && set != 1)
        continue;
      std::vector<ExprRef> sides[2];
      for (unsigned i = 0; i < parts.size(); ++i)
        sides[set >> i & 1 ? 0 : 1].push_back(parts[i]);
      operands(pattern, {chain(pattern.op, sides[0]), chain(pattern.op, sides[1])}, 0, found, next);
    }
  }

  /// The loops of the kernel's reduction on those of the pattern's: one takes all, two every
  /// division.
  void reduction(const Expr &pattern, const ExprRef &expr, Found found, Next next) {
    size_t count = pattern.loops.size(), loops = expr->loops.size();
    bool guarded = expr->operands.size() > 1;
    if (pattern.reduction != expr->reduction || !found.loops.empty() || loops < count ||
        loops > kMostOperands || (count > 1 && guarded))
      return;
    found.guards.assign(expr->operands.begin() + 1, expr->operands.end());
    for (unsigned set = 1; set < (1u << loops); ++set) {
      if ((set + 1 == (1u << loops)) != (count == 1))
        continue;
      for (unsigned l : pattern.loops)
        found.loops[rule.left->loops[l].name].clear();
      for (unsigned i = 0; i < loops; ++i) {
        unsigned to = pattern.loops[set >> i & 1 ? 0 : 1];
        found.loops[rule.left->loops[to].name].push_back(expr->loops[i]);
      }
      match(*pattern.operands[0], expr->operands[0], found, next);
    }
  }

  void variable(const Expr &pattern, const ExprRef &expr, Found found, Next next) {
    if (pattern.type != expr->type)
      return;
    for (const auto &[name, loops] : found.loops) {
      bool may = llvm::any_of(pattern.operands, [&, &name = name](const ExprRef &subscript) {
        return rule.left->loops[subscript->id].name == name;
      });
      if (!may && mentionsAny(*expr, loops))
        return;
    }
    auto [at, added] = found.variables.insert({pattern.id, expr});
    if (added || equal(*at->second, *expr))
      next(found);
  }

  const RuleInstance &rule;
  bool regroup;
};

/// The number of an operator on constants, wrapped.
ExprRef folded(ExprRef expr, const RewriteScope &scope) {
  switch (expr->op) {
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Neg:
  case Op::Shl:
  case Op::Shr:
  case Op::Min:
  case Op::Max:
  case Op::Convert:
    break;
  default:
    return expr;
  }
  auto isNumber = [](const ExprRef &operand) {
    return operand->op == Op::Constant && operand->type.isInteger();
  };
  if (!expr->type.isInteger() || !llvm::all_of(expr->operands, isNumber))
    return expr;
  Interval value = valueRange(*expr, scope.statement, scope.kernel);
  if (value.low != value.high || value.low < INT64_MIN || value.low > INT64_MAX)
    return expr;
  return makeConstant(wrapInteger(int64_t(value.low), expr->type), expr->type, expr->loc);
}

/// A side of an instance with what was found in place of its variables.
ExprRef substituted(const Expr &side, const Statement &of, const Found &found, llvm::SMLoc loc,
                    const RewriteScope &scope) {
  if (side.op == Op::Load)
    return found.variables.at(side.id);
  auto copy = std::make_shared<Expr>(side);
  copy->loc = loc;
  for (ExprRef &operand : copy->operands)
    operand = substituted(*operand, of, found, loc, scope);
  if (side.op != Op::Reduce)
    return folded(std::move(copy), scope);
  copy->loops.clear();
  for (unsigned l : side.loops)
    llvm::append_range(copy->loops, found.loops.lookup(of.loops[l].name));
  llvm::append_range(copy->operands, found.guards);
  return copy;
}

Interval valueOf(const Expr &expr, const RewriteScope &scope) {
  Interval value = valueRange(expr, scope.statement, scope.kernel), whole = typeRange(expr.type);
  return value.low < whole.low || value.high > whole.high ? whole : value;
}

bool isShown(const Expr &condition, const RewriteScope &scope) {
  if (condition.op == Op::LogicalAnd)
    return llvm::all_of(condition.operands,
                        [&](const ExprRef &part) { return isShown(*part, scope); });
  if (condition.operands.size() != 2)
    return false;
  Interval a = valueOf(*condition.operands[0], scope), b = valueOf(*condition.operands[1], scope);
  switch (condition.op) {
  case Op::Less:
    return a.high < b.low;
  case Op::LessEqual:
    return a.high <= b.low;
  case Op::Equal:
    return a.low == a.high && b.low == b.high && a.low == b.low;
  default:
    return false;
  }
}

RuleTypes typesOf(const Expr &expr, const RewriteScope &scope) {
  RuleTypes types;
  types.t = expr.type;
  types.m = scope.machine;
  if (!expr.operands.empty() && expr.op != Op::Load)
    types.n = (expr.op == Op::Reduce ? expr.operands.front() : expr.operands.back())->type;
  for (const ExprRef &operand : expr.operands)
    if (!types.p && (operand->op == Op::Convert || operand->op == Op::Saturate))
      types.p = operand->operands[0]->type;
  return types;
}

class Normaliser {
public:
  Normaliser(RewriteRule::Use use, const RewriteScope &scope, RuleNames &names)
      : use(use), scope(scope), names(names) {}

  ExprRef run(ExprRef expr) {
    while (ExprRef next = step(expr))
      expr = next;
    if (expr->op == Op::Load || expr->type.isIndex() ||
        (use == RewriteRule::Use::Body && expr->op == Op::Reduce))
      return expr;
    std::vector<ExprRef> operands;
    for (const ExprRef &operand : expr->operands)
      operands.push_back(run(operand));
    if (operands == expr->operands)
      return expr;
    auto copy = std::make_shared<Expr>(*expr);
    copy->operands = std::move(operands);
    ExprRef whole = folded(std::move(copy), scope);
    // What the operands have become may fit another rule.
    ExprRef next = step(whole);
    return next ? run(next) : whole;
  }

private:
  ExprRef step(const ExprRef &expr) {
    if (steps >= kMostSteps)
      return nullptr;
    for (RewriteRule::Use tried : {RewriteRule::Use::Unit, use}) {
      std::vector<llvm::StringRef> rules;
      std::vector<ExprRef> results = rewritesOf(expr, tried, scope, &rules);
      if (results.empty())
        continue;
      ++steps;
      if (tried == use)
        names.insert(rules.front());
      return results.front();
    }
    return nullptr;
  }

  RewriteRule::Use use;
  const RewriteScope &scope;
  RuleNames &names;
  unsigned steps = 0;
};

} // namespace

bool lathe::mentionsAny(const Expr &expr, llvm::ArrayRef<unsigned> loops) {
  return llvm::any_of(loops, [&](unsigned loop) { return mentionsLoop(expr, loop); });
}

std::vector<ExprRef> lathe::factorsOf(const ExprRef &expr) {
  std::vector<ExprRef> factors;
  flatten(Op::Mul, expr, factors);
  return factors;
}

ExprRef lathe::productOf(llvm::ArrayRef<ExprRef> factors) { return chain(Op::Mul, factors); }

std::vector<ExprRef> lathe::rewritesOf(const ExprRef &expr, RewriteRule::Use use,
                                       const RewriteScope &scope,
                                       std::vector<llvm::StringRef> *names) {
  std::vector<ExprRef> results;
  if (expr->type.isIndex() || expr->op == Op::Load || expr->op == Op::Constant)
    return results;
  RuleTypes types = typesOf(*expr, scope);
  for (const RewriteRule &rule : rewriteRules()) {
    if (rule.use != use)
      continue;
    if (expr->type.isFloat() && rule.floats == RewriteRule::Floats::Reassociate &&
        !scope.kernel.reassociate)
      continue;
    const RuleInstance *instance = scope.algebra.instance(rule, types);
    if (!instance)
      continue;
    size_t before = results.size();
    RuleMatcher(*instance, scope.kernel.reassociate)
        .match(*instance->left->value, expr, {}, [&](Found &found) {
          auto holds = [&](const ExprRef &condition) {
            return isShown(*substituted(*condition, *instance->left, found, expr->loc, scope),
                           scope);
          };
          if (results.size() - before < kMostResults && llvm::all_of(instance->holds, holds))
            results.push_back(
                substituted(*instance->right->value, *instance->right, found, expr->loc, scope));
        });
    if (names)
      names->resize(results.size(), rule.name);
  }
  return results;
}

ExprRef lathe::normalised(const ExprRef &expr, RewriteRule::Use use, const RewriteScope &scope,
                          RuleNames &names) {
  return Normaliser(use, scope, names).run(expr);
}
