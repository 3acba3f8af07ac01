#include "core/semantics/Accesses.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::ArrayRef;

namespace {

class Walker {
public:
  using Visit = llvm::function_ref<void(const Access &, ArrayRef<Guard>)>;
  explicit Walker(Visit visit) : visit(visit) {}

  void walkStatement(const Statement &statement) {
    walkConditions(statement.conditions);
    for (const ExprRef &subscript : statement.subscripts)
      walk(*subscript);
    visit({statement.tensor, statement.subscripts, true, statement.loc}, guards);
    walk(*statement.value);
  }

private:
  void walk(const Expr &expr) {
    if (expr.op == Op::Select)
      return walkSelect(expr);
    if (expr.op == Op::Reduce)
      return walkReduce(expr);
    if (expr.op == Op::LogicalAnd || expr.op == Op::LogicalOr)
      return walkLogical(expr);
    if (expr.op == Op::Lut) {
      walk(*expr.operands[1]);
      visit({expr.operands[0]->id, ArrayRef(expr.operands).drop_front(), false, expr.loc}, guards);
      return;
    }
    for (const ExprRef &operand : expr.operands)
      walk(*operand);
    if (expr.op == Op::Load)
      visit({expr.id, expr.operands, false, expr.loc}, guards);
  }

  void walkSelect(const Expr &expr) {
    walk(*expr.operands[0]);
    guards.push_back({expr.operands[0].get(), true});
    walk(*expr.operands[1]);
    guards.back().holds = false;
    walk(*expr.operands[2]);
    guards.pop_back();
  }

  void walkReduce(const Expr &expr) {
    ArrayRef<ExprRef> conditions = ArrayRef(expr.operands).drop_front();
    size_t outer = guards.size();
    walkConditions(conditions);
    walk(*expr.operands[0]);
    guards.resize(outer);
  }

  /// Conditions are looked at in turn: each is evaluated only where the ones before it hold.
  void walkConditions(ArrayRef<ExprRef> conditions) {
    for (const ExprRef &condition : conditions) {
      walk(*condition);
      guards.push_back({condition.get(), true});
    }
  }

  void walkLogical(const Expr &expr) {
    walk(*expr.operands[0]);
    guards.push_back({expr.operands[0].get(), expr.op == Op::LogicalAnd});
    walk(*expr.operands[1]);
    guards.pop_back();
  }

  Visit visit;
  std::vector<Guard> guards;
};

} // namespace

void lathe::forEachAccess(const Statement &statement,
                          llvm::function_ref<void(const Access &, ArrayRef<Guard>)> visit) {
  Walker(visit).walkStatement(statement);
}

bool lathe::mentionsLoop(const Expr &expr, unsigned loop) {
  if (expr.op == Op::Loop)
    return expr.id == loop;
  return llvm::any_of(expr.operands,
                      [&](const ExprRef &operand) { return mentionsLoop(*operand, loop); });
}

bool lathe::hasLoad(const Expr &expr) {
  return expr.op == Op::Load ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return hasLoad(*operand); });
}
