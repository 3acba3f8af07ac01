#include "core/kernel/mlir/KernelState.h"

#include "core/kernel/mlir/Index.h"

#include "llvm/ADT/STLExtras.h"

#include <functional>

using namespace lathe;
using namespace lathe::mlirreader;

unsigned KernelState::addTensor(llvm::StringRef name, ElementType type, std::vector<ExprRef> shape,
                                Role role) {
  Tensor tensor;
  tensor.name = name.str();
  tensor.type = type;
  tensor.shape = std::move(shape);
  tensor.role = role;
  kernel.semantics.tensors.push_back(std::move(tensor));
  return kernel.semantics.tensors.size() - 1;
}

ExprRef KernelState::addSize(llvm::StringRef name) {
  Size size;
  size.name = names.fresh(name);
  kernel.semantics.sizes.push_back(std::move(size));
  unified.push_back(nullptr);
  return makeSize(kernel.semantics.sizes.size() - 1);
}

void KernelState::addStatement(Position at, unsigned tensor, std::vector<ExprRef> extents,
                               std::vector<bool> isReduction, std::vector<ExprRef> subscripts,
                               ExprRef value) {
  Statement statement;
  statement.tensor = tensor;
  statement.subscripts = std::move(subscripts);
  statement.value = std::move(value);
  for (auto [extent, reduction] : llvm::zip(extents, isReduction)) {
    Loop loop;
    loop.extent = extent;
    loop.reduction = reduction;
    statement.loops.push_back(std::move(loop));
  }
  kernel.semantics.statements.push_back(std::move(statement));
  kernel.statements.push_back(at);
}

void KernelState::addCopy(Position at, unsigned tensor, ExprRef value) {
  std::vector<ExprRef> shape = kernel.semantics.tensors[tensor].shape, loops;
  for (unsigned i = 0; i < shape.size(); ++i)
    loops.push_back(makeLoop(i));
  std::vector<bool> parallel(shape.size(), false);
  addStatement(at, tensor, std::move(shape), std::move(parallel), std::move(loops),
               std::move(value));
}

static bool mentionsSize(const Expr &expr, unsigned size) {
  return (expr.op == Op::Size && expr.id == size) ||
         llvm::any_of(expr.operands,
                      [&](const ExprRef &operand) { return mentionsSize(*operand, size); });
}

void KernelState::unify(const ExprRef &a, const ExprRef &b) {
  ExprRef first = resolve(a), second = resolve(b);
  if (equal(*first, *second))
    return;
  bool bothSizes = first->op == Op::Size && second->op == Op::Size;
  if (bothSizes ? second->id < first->id : second->op != Op::Size)
    std::swap(first, second);
  if (second->op == Op::Size && !mentionsSize(*first, second->id))
    unified[second->id] = first;
}

ExprRef KernelState::resolve(const ExprRef &expr) const {
  if (expr->op == Op::Size)
    return unified[expr->id] ? resolve(unified[expr->id]) : expr;
  if (expr->operands.empty())
    return expr;
  std::vector<ExprRef> operands;
  bool changed = false;
  for (const ExprRef &operand : expr->operands) {
    operands.push_back(resolve(operand));
    changed |= operands.back() != operand;
  }
  if (!changed)
    return expr;
  if (expr->type.isIndex() && operands.size() == 2 && expr->op >= Op::Add && expr->op <= Op::Mod)
    return indexOp(expr->op, operands[0], operands[1]);
  auto copy = std::make_shared<Expr>(*expr);
  copy->operands = std::move(operands);
  return copy;
}

static void forEachLoad(const Expr &expr, const std::function<void(const Expr &)> &visit) {
  if (expr.op == Op::Load)
    visit(expr);
  for (const ExprRef &operand : expr.operands)
    forEachLoad(*operand, visit);
}

static void forEachLoad(const Statement &statement,
                        const std::function<void(const Expr &)> &visit) {
  forEachLoad(*statement.value, visit);
  for (const ExprRef &subscript : statement.subscripts)
    forEachLoad(*subscript, visit);
}

// Statements, temporaries and constants that no result depends on; parameters stay.
void KernelState::removeDead() {
  std::vector<Tensor> &tensors = kernel.semantics.tensors;
  std::vector<bool> live(tensors.size()), isParameter(tensors.size());
  for (unsigned id = 0; id < tensors.size(); ++id) {
    live[id] = tensors[id].role == Role::Output;
    isParameter[id] = tensors[id].role == Role::Input;
  }
  for (const Constant &constant : kernel.constants)
    isParameter[*kernel.semantics.findTensor(constant.tensor)] = false;
  std::vector<Statement> &statements = kernel.semantics.statements;
  std::vector<Statement> kept;
  std::vector<Position> places;
  for (size_t i = statements.size(); i-- > 0;) {
    if (!live[statements[i].tensor])
      continue;
    forEachLoad(statements[i], [&](const Expr &load) { live[load.id] = true; });
    kept.push_back(std::move(statements[i]));
    places.push_back(kernel.statements[i]);
  }
  statements.assign(std::make_move_iterator(kept.rbegin()), std::make_move_iterator(kept.rend()));
  kernel.statements.assign(places.rbegin(), places.rend());
  llvm::erase_if(kernel.constants, [&](const Constant &constant) {
    return !live[*kernel.semantics.findTensor(constant.tensor)];
  });
  std::vector<unsigned> renumbered(tensors.size());
  std::vector<Tensor> used;
  for (unsigned id = 0; id < tensors.size(); ++id) {
    renumbered[id] = used.size();
    if (live[id] || isParameter[id])
      used.push_back(std::move(tensors[id]));
  }
  tensors = std::move(used);
  std::function<ExprRef(const ExprRef &)> renumber = [&](const ExprRef &expr) {
    auto copy = std::make_shared<Expr>(*expr);
    if (copy->op == Op::Load)
      copy->id = renumbered[copy->id];
    for (ExprRef &operand : copy->operands)
      operand = renumber(operand);
    return ExprRef(copy);
  };
  for (Statement &statement : statements) {
    statement.tensor = renumbered[statement.tensor];
    statement.value = renumber(statement.value);
    for (ExprRef &subscript : statement.subscripts)
      subscript = renumber(subscript);
  }
}

void KernelState::resolveAll() {
  for (Tensor &tensor : kernel.semantics.tensors)
    for (ExprRef &size : tensor.shape)
      size = resolve(size);
  for (Statement &statement : kernel.semantics.statements) {
    statement.value = resolve(statement.value);
    for (ExprRef &subscript : statement.subscripts)
      subscript = resolve(subscript);
    for (ExprRef &condition : statement.conditions)
      condition = resolve(condition);
    for (Loop &loop : statement.loops)
      loop.extent = resolve(loop.extent);
  }
}

void KernelState::nameLoops(Statement &statement) {
  static constexpr llvm::StringLiteral kLetters = "ijklmnopqrstuvw";
  size_t next = 0;
  unsigned number = 0;
  for (Loop &loop : statement.loops) {
    while (next < kLetters.size() && names.isTaken(kLetters.substr(next, 1)))
      ++next;
    if (next < kLetters.size()) {
      loop.name = kLetters.substr(next++, 1).str();
      continue;
    }
    do
      loop.name = "d" + std::to_string(number++);
    while (names.isTaken(loop.name));
  }
}

void KernelState::writeRanges(Statement &statement) {
  for (unsigned id = 0; id < statement.loops.size(); ++id) {
    Loop &loop = statement.loops[id];
    if (!loop.reduction)
      continue;
    unsigned agree = 0, differ = 0;
    forEachLoad(*statement.value, [&](const Expr &load) {
      const Tensor &tensor = kernel.semantics.tensors[load.id];
      for (auto [subscript, size] : llvm::zip(load.operands, tensor.shape))
        if (subscript->op == Op::Loop && subscript->id == id)
          ++(equal(*size, *loop.extent) ? agree : differ);
    });
    loop.extentIsWritten = agree == 0 || differ != 0;
  }
}

void KernelState::finish() {
  removeDead();
  resolveAll();
  for (Statement &statement : kernel.semantics.statements) {
    nameLoops(statement);
    writeRanges(statement);
  }
}
