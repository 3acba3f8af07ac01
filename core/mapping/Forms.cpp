#include "core/mapping/Forms.h"

#include "core/mapping/Naming.h"
#include "core/mapping/Unroll.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using Use = RewriteRule::Use;

namespace {

constexpr unsigned kMostRounds = 8; ///< of adapting factors: parts of parts

/// A value that the group may have, and how it was derived.
struct Derived {
  ExprRef value;
  RuleNames rules;
};

class Deriver {
public:
  Deriver(const Semantics &kernel, const Statement &statement, const Target &target,
          const Rules &rules, Algebra &algebra)
      : statement(statement), target(target), rules(rules), scope{kernel, statement, algebra} {}

  std::vector<Derived> run() {
    Derived written{statement.value, {}};
    found.push_back(written); // names alone may do
    Derived body = written;
    body.value = normalised(body.value, Use::Body, scope, body.rules);
    keep(body);
    keepTerms(written);
    for (const std::optional<ElementType> &machine : machineTypes()) {
      scope.machine = machine;
      for (bool adaptFirst : {true, false})
        keepWithSplits(sums(body, adaptFirst));
    }
    return std::move(found);
  }

private:
  void keep(Derived derived) {
    if (found.size() < kMostForms && llvm::none_of(found, [&](const Derived &known) {
          return equal(*known.value, *derived.value);
        }))
      found.push_back(std::move(derived));
  }

  void keepTerms(Derived derived) {
    ExprRef terms = writtenOut(derived.value, statement);
    if (terms == derived.value)
      return;
    derived.rules.insert("a small maximum or minimum written out");
    derived.value = normalised(terms, Use::Body, scope, derived.rules);
    keep(std::move(derived));
  }

  /// Integer types of what contractions read, narrower than a sum's.
  std::vector<std::optional<ElementType>> machineTypes() const {
    std::vector<std::optional<ElementType>> types;
    for (const Rule &rule : rules.rules)
      if (rule.kind == Rule::Kind::Contract)
        for (const RuleTile &source : rule.sources) {
          ElementType type = target.intrinsics[rule.intrinsic].tiles[source.operand].element;
          if (type.isInteger() && !llvm::is_contained(types, std::optional(type)))
            types.push_back(type);
        }
    if (types.empty())
      types.push_back(std::nullopt);
    return types;
  }

  /// Applies `change` to every sum in `expr`, inner ones included when they are left over.
  template <typename Change> static ExprRef eachSum(const ExprRef &expr, Change change) {
    if (expr->op == Op::Reduce)
      return expr->reduction == Reduction::Sum ? change(expr) : expr;
    std::vector<ExprRef> operands;
    for (const ExprRef &operand : expr->operands)
      operands.push_back(eachSum(operand, change));
    if (operands == expr->operands)
      return expr;
    auto copy = std::make_shared<Expr>(*expr);
    copy->operands = std::move(operands);
    return copy;
  }

  /// Sums of products of what the machine reads.
  Derived sums(Derived from, bool adaptFirst) {
    RuleNames &names = from.rules;
    from.value = eachSum(from.value, [&](ExprRef sum) {
      if (adaptFirst)
        sum = adapted(sum, names);
      for (unsigned round = 0; round < kMostRounds; ++round) {
        ExprRef plain = normalised(sum, Use::Sum, scope, names);
        sum = eachSum(plain, [&](const ExprRef &term) { return adapted(term, names); });
        if (equal(*sum, *plain))
          break;
      }
      return sum;
    });
    return from;
  }

  /// The factors of a sum's body in the machine's type, where a rule makes them so.
  ExprRef adapted(const ExprRef &sum, RuleNames &names) {
    std::vector<ExprRef> factors = factorsOf(sum->operands[0]);
    bool changed = false;
    for (ExprRef &factor : factors) {
      bool isProduct = factors.size() > 1 || factor->op == Op::Convert;
      if (!isProduct || isMachines(*factor) || !mentionsAny(*factor, sum->loops))
        continue;
      std::vector<llvm::StringRef> used;
      std::vector<ExprRef> results = rewritesOf(factor, Use::Operand, scope, &used);
      if (results.empty())
        continue;
      factor = results.front();
      names.insert(used.front());
      changed = true;
    }
    if (!changed)
      return sum;
    auto copy = std::make_shared<Expr>(*sum);
    copy->operands[0] = productOf(factors);
    return copy;
  }

  bool isMachines(const Expr &factor) const {
    const Expr &stored = factor.op == Op::Convert ? *factor.operands[0] : factor;
    return scope.machine == stored.type;
  }

  /// Products of three factors and more: every way to sum over some loops first.
  void keepWithSplits(const Derived &derived) {
    size_t ways = 0;
    eachSum(derived.value, [&](const ExprRef &sum) {
      ways = std::max(ways, splits(sum).size());
      return sum;
    });
    for (size_t way = 0; way < ways; ++way) {
      Derived split = derived;
      split.value = eachSum(derived.value, [&](const ExprRef &sum) {
        std::vector<ExprRef> results = splits(sum);
        return results.empty() ? sum : results[way % results.size()];
      });
      split.rules.insert("nested sums");
      keep(std::move(split));
    }
    keep(derived);
  }

  std::vector<ExprRef> splits(const ExprRef &sum) {
    if (factorsOf(sum->operands[0]).size() < 3)
      return {};
    return rewritesOf(sum, Use::Split, scope);
  }

  const Statement &statement;
  const Target &target;
  const Rules &rules;
  RewriteScope scope;
  std::vector<Derived> found;
};

} // namespace

static bool regroupsFloats(const RuleNames &names, const Expr &value) {
  return value.type.isFloat() && llvm::any_of(rewriteRules(), [&](const RewriteRule &rule) {
           return rule.floats == RewriteRule::Floats::Reassociate && names.contains(rule.name);
         });
}

/// The statements that `derived` takes; with `apart`, what surrounds a reduction is one of its own.
static std::optional<Form> formOf(const Derived &derived, bool apart, const Semantics &kernel,
                                  const Group &group, const Target &target, const Rules &rules) {
  Namer namer(kernel, target, rules, apart);
  Statement statement = group.statement;
  statement.value = derived.value;
  namer.add(std::move(statement));
  RuleNames names = derived.rules;
  names.insert_range(namer.names);
  if (namer.failed || names.empty() || (apart && namer.statements.size() == 1))
    return std::nullopt;
  Form form{namer.tensors(), std::move(namer.statements), {}};
  for (llvm::StringRef rule : names)
    form.rules.push_back(rule.str());
  if (regroupsFloats(names, *group.statement.value))
    form.rules.push_back("float sums reassociated");
  return form;
}

std::vector<Form> lathe::formsOf(const Semantics &kernel, const Group &group, const Target &target,
                                 const Rules &rules, Algebra &algebra) {
  std::vector<Form> forms;
  if (!group.statement.conditions.empty())
    return forms;
  std::vector<Derived> found = Deriver(kernel, group.statement, target, rules, algebra).run();
  for (bool apart : {false, true})
    for (const Derived &derived : found) {
      // Groups of several statements have what follows a reduction apart as they are written.
      bool isApart = derived.value->op == Op::Reduce || group.statements.size() > 1;
      if (forms.size() == kMostForms || (apart && isApart))
        continue;
      if (auto form = formOf(derived, apart, kernel, group, target, rules))
        forms.push_back(std::move(*form));
    }
  return forms;
}

Replaced lathe::replaced(const Semantics &kernel, const Group &group, const Form &form) {
  Replaced out{kernel, {}, {}};
  llvm::append_range(out.kernel.tensors, form.tensors);
  out.kernel.statements.clear();
  for (unsigned s = 0; s < kernel.statements.size(); ++s) {
    bool isGroups = llvm::is_contained(group.statements, s);
    out.moved.push_back(isGroups ? std::nullopt
                                 : std::optional<unsigned>(out.kernel.statements.size()));
    if (!isGroups)
      out.kernel.statements.push_back(kernel.statements[s]);
    if (s != group.statements.back())
      continue;
    for (const Statement &statement : form.statements) {
      out.added.push_back(out.kernel.statements.size());
      out.kernel.statements.push_back(statement);
    }
  }
  return out;
}
