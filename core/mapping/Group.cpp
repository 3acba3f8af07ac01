#include "core/mapping/Group.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>

using namespace lathe;

const Expr *lathe::findReduction(const Expr &expr, bool &several) {
  if (expr.op == Op::Reduce)
    return &expr;
  const Expr *found = nullptr;
  for (const ExprRef &operand : expr.operands)
    if (const Expr *inner = findReduction(*operand, several)) {
      several |= found != nullptr && !equal(*found, *inner);
      found = inner;
    }
  return found;
}

static bool readsTensor(const Expr &expr, unsigned tensor) {
  if (expr.op == Op::Load && expr.id == tensor)
    return true;
  return llvm::any_of(expr.operands,
                      [&](const ExprRef &operand) { return readsTensor(*operand, tensor); });
}

static bool statementReads(const Statement &statement, unsigned tensor) {
  auto reads = [&](const ExprRef &expr) { return readsTensor(*expr, tensor); };
  return reads(statement.value) || llvm::any_of(statement.subscripts, reads) ||
         llvm::any_of(statement.conditions, reads) ||
         (statement.assign != Assign::Set && statement.tensor == tensor);
}

static ExprRef rewrite(const ExprRef &expr,
                       const std::function<ExprRef(const ExprRef &)> &replace) {
  if (ExprRef replaced = replace(expr))
    return replaced;
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = rewrite(operand, replace);
  return copy;
}

/// `t op= v` as `t = t op v`.
static Statement withoutUpdate(Statement statement, const Semantics &kernel) {
  if (statement.assign == Assign::Set)
    return statement;
  ElementType type = kernel.tensors[statement.tensor].type;
  Op op = statement.assign == Assign::Add   ? Op::Add
          : statement.assign == Assign::Max ? Op::Max
                                            : Op::Min;
  ExprRef old = makeLoad(statement.tensor, type, statement.subscripts, statement.loc);
  statement.value = makeExpr(op, type, {old, statement.value}, statement.loc);
  statement.assign = Assign::Set;
  return statement;
}

/// The loops that `subscripts` name, when each is a different plain loop.
static std::optional<std::vector<unsigned>> plainLoops(llvm::ArrayRef<ExprRef> subscripts) {
  std::vector<unsigned> loops;
  for (const ExprRef &subscript : subscripts) {
    if (subscript->op != Op::Loop || llvm::is_contained(loops, subscript->id))
      return std::nullopt;
    loops.push_back(subscript->id);
  }
  return loops;
}

static unsigned parallelLoops(const Statement &statement) {
  return llvm::count_if(statement.loops, [](const Loop &loop) { return !loop.reduction; });
}

/// Loads of `tensor` in `expr`; those inside a reduction set `inside`.
static void collectLoads(const Expr &expr, unsigned tensor, bool reduced,
                         std::vector<const Expr *> &loads, bool &inside) {
  if (expr.op == Op::Load && expr.id == tensor) {
    loads.push_back(&expr);
    inside |= reduced;
  }
  for (const ExprRef &operand : expr.operands)
    collectLoads(*operand, tensor, reduced || expr.op == Op::Reduce, loads, inside);
}

/// `producer` put in place of its loads in `consumer`, or nothing when that would change the work
/// done.
static std::optional<Statement> inlined(const Statement &producer, const Statement &consumer) {
  auto defined = plainLoops(producer.subscripts);
  if (!defined || !producer.conditions.empty() || !consumer.conditions.empty())
    return std::nullopt;
  std::vector<const Expr *> loads;
  bool inside = false;
  collectLoads(*consumer.value, producer.tensor, false, loads, inside);
  if (inside || loads.empty())
    return std::nullopt;
  for (const Expr *load : loads)
    if (!equal(*load, *loads.front()))
      return std::nullopt;
  auto used = plainLoops(loads.front()->operands);
  if (!used || used->size() != parallelLoops(consumer) ||
      defined->size() != parallelLoops(producer))
    return std::nullopt;

  Statement result = consumer;
  std::vector<unsigned> renamed(producer.loops.size());
  for (unsigned i = 0; i < defined->size(); ++i) {
    renamed[(*defined)[i]] = (*used)[i];
    if (producer.loops[(*defined)[i]].size != consumer.loops[(*used)[i]].size)
      return std::nullopt;
  }
  for (unsigned i = 0; i < producer.loops.size(); ++i)
    if (producer.loops[i].reduction) {
      renamed[i] = result.loops.size();
      result.loops.push_back(producer.loops[i]);
    }
  ExprRef body = rewrite(producer.value, [&](const ExprRef &expr) -> ExprRef {
    if (expr->op == Op::Loop) {
      auto copy = std::make_shared<Expr>(*expr);
      copy->id = renamed[expr->id];
      return copy;
    }
    if (expr->op != Op::Reduce)
      return nullptr;
    auto copy = std::make_shared<Expr>(*expr);
    for (unsigned &loop : copy->loops)
      loop = renamed[loop];
    for (ExprRef &operand : copy->operands)
      operand = rewrite(operand, [&](const ExprRef &inner) -> ExprRef {
        if (inner->op != Op::Loop)
          return nullptr;
        auto leaf = std::make_shared<Expr>(*inner);
        leaf->id = renamed[inner->id];
        return leaf;
      });
    return copy;
  });
  result.value = rewrite(consumer.value, [&](const ExprRef &expr) -> ExprRef {
    return expr->op == Op::Load && expr->id == producer.tensor ? body : nullptr;
  });
  return result;
}

/// The only statement that reads `tensor` after `definition`, when `tensor` is a temporary with one
/// definition.
static std::optional<unsigned> onlyConsumer(const Semantics &kernel, unsigned definition) {
  unsigned tensor = kernel.statements[definition].tensor;
  if (kernel.tensors[tensor].role != Role::Temporary)
    return std::nullopt;
  std::optional<unsigned> consumer;
  for (unsigned i = 0; i < kernel.statements.size(); ++i) {
    if (i != definition && kernel.statements[i].tensor == tensor)
      return std::nullopt;
    if (!statementReads(kernel.statements[i], tensor))
      continue;
    if (consumer || i <= definition)
      return std::nullopt;
    consumer = i;
  }
  return consumer;
}

/// A group runs at the place of its first statement. True when `consumer` may: nothing in between
/// and outside of the group writes what it reads, or reads or writes what it writes.
static bool mayMoveUp(const Semantics &kernel, const Group &group, unsigned consumer) {
  const Statement &moved = kernel.statements[consumer];
  for (unsigned i = group.statements.front() + 1; i < consumer; ++i) {
    const Statement &between = kernel.statements[i];
    if (llvm::is_contained(group.statements, i))
      continue;
    if (statementReads(moved, between.tensor) || between.tensor == moved.tensor ||
        statementReads(between, moved.tensor))
      return false;
  }
  return true;
}

std::vector<Group> lathe::groupsFrom(const Semantics &kernel, unsigned first) {
  std::vector<Group> groups{{{first}, withoutUpdate(kernel.statements[first], kernel)}};
  unsigned last = first;
  while (auto consumer = onlyConsumer(kernel, last)) {
    const Group &before = groups.back();
    if (!mayMoveUp(kernel, before, *consumer))
      break;
    auto merged = inlined(before.statement, withoutUpdate(kernel.statements[*consumer], kernel));
    bool several = false;
    if (!merged || (findReduction(*merged->value, several), several))
      break;
    Group group{before.statements, std::move(*merged)};
    group.statements.push_back(*consumer);
    groups.push_back(std::move(group));
    last = *consumer;
  }
  std::reverse(groups.begin(), groups.end());
  return groups;
}
