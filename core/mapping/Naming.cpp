#include "core/mapping/Naming.h"

#include "core/mapping/Match.h"
#include "core/semantics/Accesses.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

#include <functional>

using namespace lathe;

namespace {

ExprRef replace(const ExprRef &expr, const std::function<ExprRef(const ExprRef &)> &with) {
  if (ExprRef other = with(expr))
    return other;
  std::vector<ExprRef> operands;
  for (const ExprRef &operand : expr->operands)
    operands.push_back(replace(operand, with));
  if (operands == expr->operands)
    return expr;
  auto copy = std::make_shared<Expr>(*expr);
  copy->operands = std::move(operands);
  return copy;
}

/// Outermost reductions; `chosen` tells of one that only one side of a select evaluates.
void outermost(const ExprRef &expr, std::vector<ExprRef> &found, bool &chosen) {
  if (expr->op == Op::Reduce) {
    found.push_back(expr);
    return;
  }
  size_t before = found.size();
  for (const ExprRef &operand : expr->operands)
    outermost(operand, found, chosen);
  chosen |= expr->op == Op::Select && found.size() > before;
}

bool contains(const Expr &expr, const Expr &part) {
  return equal(expr, part) || llvm::any_of(expr.operands, [&](const ExprRef &operand) {
           return contains(*operand, part);
         });
}

bool reduces(const Expr &expr) {
  return expr.op == Op::Reduce ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return reduces(*operand); });
}

void boundLoops(const Expr &expr, std::vector<unsigned> &loops) {
  if (expr.op == Op::Reduce)
    for (unsigned loop : expr.loops)
      if (!llvm::is_contained(loops, loop))
        loops.push_back(loop);
  for (const ExprRef &operand : expr.operands)
    boundLoops(*operand, loops);
}

/// Loops by other numbers.
ExprRef renumbered(const ExprRef &expr, const std::map<unsigned, unsigned> &to) {
  auto copy = std::make_shared<Expr>(*expr);
  if (copy->op == Op::Loop)
    copy->id = to.at(copy->id);
  for (unsigned &loop : copy->loops)
    loop = to.at(loop);
  for (ExprRef &operand : copy->operands)
    operand = renumbered(operand, to);
  return copy;
}

/// Work per evaluation of `reduction` for all points that it varies over.
int64_t workOf(const Expr &reduction, const Statement &statement) {
  int64_t work = 1;
  for (unsigned l = 0; l < statement.loops.size(); ++l)
    if (mentionsLoop(reduction, l) || llvm::is_contained(reduction.loops, l))
      work *= statement.loops[l].size;
  return work;
}

int64_t pointsOf(const Statement &statement) {
  int64_t points = 1;
  for (const Loop &loop : statement.loops)
    points *= loop.size;
  return points;
}

bool mayFail(const Expr &expr) { // a divisor may be zero where nobody would have looked
  return expr.op == Op::Div || expr.op == Op::Mod || expr.op == Op::Lut ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return mayFail(*operand); });
}

/// The statement with the loops that it still uses.
Statement compacted(Statement statement) {
  std::vector<unsigned> bound;
  boundLoops(*statement.value, bound);
  std::map<unsigned, unsigned> to;
  std::vector<Loop> loops;
  for (unsigned l = 0; l < statement.loops.size(); ++l) {
    if (statement.loops[l].reduction && !llvm::is_contained(bound, l))
      continue;
    to[l] = loops.size();
    loops.push_back(statement.loops[l]);
  }
  statement.value = renumbered(statement.value, to);
  for (ExprRef &subscript : statement.subscripts)
    subscript = renumbered(subscript, to);
  statement.loops = std::move(loops);
  return statement;
}

} // namespace

void Namer::add(Statement statement) {
  if (kernel.tensors.size() == firstTensor)
    result = statement.tensor;
  std::vector<ExprRef> reductions;
  outermost(statement.value, reductions, failed);
  // The one that does most stays; the last of equals, since what is left of it is added up last.
  ExprRef kept;
  for (const ExprRef &reduction : reductions)
    if (!kept || workOf(*reduction, statement) >= workOf(*kept, statement))
      kept = reduction;
  bool isFirst = kernel.tensors.size() == firstTensor;
  if (kept && apart && isFirst && statement.value->op != Op::Reduce) {
    statement.value = nameReductions(statement.value, nullptr, statement);
  } else if (kept) {
    ExprRef value = nameReductions(statement.value, kept.get(), statement);
    ExprRef reduction = nameOperands(nameInner(kept, statement), statement);
    statement.value = replace(value, [&](const ExprRef &expr) {
      return expr->op == Op::Reduce && equal(*expr, *kept) ? reduction : nullptr;
    });
  }
  statements.push_back(compacted(std::move(statement)));
}

/// Everything beside `kept` that reduces becomes a term that is loaded; each reduction where none
/// is kept.
ExprRef Namer::nameReductions(const ExprRef &expr, const Expr *kept, const Statement &statement) {
  if (!reduces(*expr) || (kept && equal(*expr, *kept)))
    return expr;
  if (kept ? !contains(*expr, *kept) : expr->op == Op::Reduce) {
    names.insert("a statement for each reduction");
    return name(expr, statement, /*guarded=*/false);
  }
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = nameReductions(operand, kept, statement);
  return copy;
}

/// Reductions in the body of a reduction.
ExprRef Namer::nameInner(const ExprRef &reduction, const Statement &statement) {
  auto copy = std::make_shared<Expr>(*reduction);
  bool guarded = reduction->operands.size() > 1;
  copy->operands[0] = replace(copy->operands[0], [&](const ExprRef &expr) -> ExprRef {
    return expr->op == Op::Reduce ? name(expr, statement, guarded) : nullptr;
  });
  return copy;
}

/// What an intrinsic would read as a tile, and lies in no memory.
ExprRef Namer::nameOperands(const ExprRef &reduction, const Statement &statement) {
  std::vector<ExprRef> computed;
  for (const Rule &rule : rules.rules) {
    if (rule.kind != Rule::Kind::Contract || !rule.accumulates ||
        rule.reduction != reduction->reduction)
      continue;
    for (const Binding &binding :
         match(target.intrinsics[rule.intrinsic], rule.body, reduction->operands[0]))
      for (const auto &[tensor, expr] : binding.tiles)
        if (expr->op != Op::Load && expr->op != Op::Constant)
          computed.push_back(expr);
    if (!computed.empty())
      break;
  }
  ExprRef result = reduction;
  bool guarded = reduction->operands.size() > 1;
  for (const ExprRef &expr : computed) {
    ExprRef loaded;
    result = replace(result, [&](const ExprRef &part) -> ExprRef {
      if (!equal(*part, *expr))
        return nullptr;
      if (!loaded)
        loaded = name(expr, statement, guarded);
      return loaded;
    });
    if (loaded)
      names.insert("an operand computed before");
  }
  return result;
}

ExprRef Namer::name(const ExprRef &expr, const Statement &statement, bool guarded) {
  std::vector<ExprRef> byLoop, byElement;
  Statement loops = overLoops(expr, statement, byLoop);
  std::optional<Statement> elements;
  if (!mayFail(*expr) && !reduces(*expr))
    elements = overTensor(expr, byElement);
  if (elements && (guarded || pointsOf(*elements) <= pointsOf(loops))) {
    llvm::StringRef source = kernel.tensors[elements->tensor].name;
    std::string base = source.str() + "_" + lathe::name(expr->type);
    return define(std::move(*elements), std::move(byElement), base);
  }
  failed |= guarded;
  std::string base = kernel.tensors[result].name + "_part";
  return define(std::move(loops), std::move(byLoop), base);
}

Statement Namer::overLoops(const ExprRef &expr, const Statement &statement,
                           std::vector<ExprRef> &subscripts) const {
  std::vector<unsigned> bound;
  boundLoops(*expr, bound);
  Statement result;
  result.loc = expr->loc;
  std::map<unsigned, unsigned> to;
  auto take = [&](unsigned l, bool reduction) {
    to[l] = result.loops.size();
    result.loops.push_back(statement.loops[l]);
    result.loops.back().reduction = reduction;
  };
  for (unsigned l = 0; l < statement.loops.size(); ++l)
    if (mentionsLoop(*expr, l) && !llvm::is_contained(bound, l)) {
      result.subscripts.push_back(makeLoop(result.loops.size(), expr->loc));
      subscripts.push_back(makeLoop(l, expr->loc));
      take(l, false);
    }
  for (unsigned l : bound)
    take(l, true);
  result.value = renumbered(expr, to);
  return result;
}

std::optional<Statement> Namer::overTensor(const ExprRef &expr,
                                           std::vector<ExprRef> &subscripts) const {
  ExprRef only;
  bool other = false;
  std::function<void(const ExprRef &)> visit = [&](const ExprRef &part) {
    other |= part->op == Op::Loop;
    if (part->op == Op::Load) {
      other |= only && !equal(*only, *part);
      only = part;
      return;
    }
    llvm::for_each(part->operands, visit);
  };
  visit(expr);
  if (!only || other || only->operands.empty())
    return std::nullopt;
  const Tensor &tensor = kernel.tensors[only->id];
  Statement result;
  result.loc = expr->loc;
  result.tensor = only->id; // tells the caller where the name comes from
  std::string prefix = "d";
  while (kernel.findTensor(prefix + "0") || kernel.findSize(prefix + "0"))
    prefix += "d";
  for (size_t d = 0; d < tensor.sizes.size(); ++d) {
    Loop loop;
    loop.name = prefix + std::to_string(d);
    loop.extent = makeConstant(tensor.sizes[d], ElementType::index(), expr->loc);
    loop.size = tensor.sizes[d];
    result.loops.push_back(std::move(loop));
    result.subscripts.push_back(makeLoop(d, expr->loc));
  }
  ExprRef element = makeLoad(only->id, only->type, result.subscripts, expr->loc);
  result.value = replace(expr, [&](const ExprRef &part) -> ExprRef {
    return part->op == Op::Load ? element : nullptr;
  });
  subscripts = only->operands;
  return result;
}

ExprRef Namer::define(Statement statement, std::vector<ExprRef> subscripts, llvm::StringRef base) {
  auto sameExtents = [](const Loop &a, const Loop &b) {
    return a.size == b.size && a.reduction == b.reduction;
  };
  for (const Statement &known : statements)
    if (known.tensor >= firstTensor && equal(*known.value, *statement.value) &&
        std::equal(known.loops.begin(), known.loops.end(), statement.loops.begin(),
                   statement.loops.end(), sameExtents))
      return makeLoad(known.tensor, statement.value->type, std::move(subscripts), statement.loc);
  Tensor tensor;
  tensor.name = fresh(base.str());
  tensor.type = statement.value->type;
  tensor.loc = statement.loc;
  for (const Loop &loop : statement.loops)
    if (!loop.reduction) {
      tensor.sizes.push_back(loop.size);
      tensor.shape.push_back(makeConstant(loop.size, ElementType::index(), statement.loc));
    }
  unsigned id = kernel.tensors.size();
  ElementType type = tensor.type;
  statement.tensor = id;
  kernel.tensors.push_back(std::move(tensor));
  llvm::SMLoc loc = statement.loc;
  add(std::move(statement));
  return makeLoad(id, type, std::move(subscripts), loc);
}

std::string Namer::fresh(const std::string &base) const {
  std::string name = base;
  for (unsigned n = 1; kernel.findTensor(name) || kernel.findSize(name); ++n)
    name = base + std::to_string(n);
  return name;
}
