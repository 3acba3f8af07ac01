#include "sdk/mutation/Rewrite.h"

using namespace lathe;

static void walk(const ExprRef &node, unsigned &number,
                 const std::function<void(const ExprRef &, unsigned)> &visit) {
  visit(node, number++);
  for (const ExprRef &operand : node->operands)
    walk(operand, number, visit);
}

void mutation::forEachNode(const ExprRef &root,
                           const std::function<void(const ExprRef &, unsigned)> &visit) {
  unsigned number = 0;
  walk(root, number, visit);
}

static ExprRef rebuild(const ExprRef &node, unsigned &next, unsigned number, const ExprRef &by) {
  unsigned own = next++;
  std::vector<ExprRef> operands;
  bool changed = false;
  for (const ExprRef &operand : node->operands) {
    operands.push_back(rebuild(operand, next, number, by));
    changed |= operands.back() != operand;
  }
  if (own == number)
    return by;
  if (!changed)
    return node;
  auto copy = std::make_shared<Expr>(*node);
  copy->operands = std::move(operands);
  return copy;
}

ExprRef mutation::replaced(const ExprRef &root, unsigned number, const ExprRef &by) {
  unsigned next = 0;
  return rebuild(root, next, number, by);
}
