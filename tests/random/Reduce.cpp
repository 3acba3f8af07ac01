#include "tests/random/Reduce.h"

#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <functional>
#include <set>

using namespace lathe;

// ---- texts

static std::map<std::string, int64_t> sizesOf(llvm::StringRef text) {
  std::map<std::string, int64_t> sizes;
  if (!text.consume_front("// sizes:"))
    return sizes;
  llvm::SmallVector<llvm::StringRef> words;
  text.split('\n').first.split(words, ' ', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) {
    auto [name, number] = word.split('=');
    number.getAsInteger(10, sizes[name.str()]);
  }
  return sizes;
}

std::optional<SizedKernel> lathe::readSized(const std::string &text) {
  Sources sources;
  Diagnostics ignored(sources);
  auto kernels = parseKernels(sources.add("kernel.lathe", text), ignored);
  if (!kernels || kernels->size() != 1)
    return std::nullopt;
  SizedKernel sized{std::move(kernels->front()), {}};
  for (const auto &[name, value] : sizesOf(text))
    if (sized.kernel.findSize(name))
      sized.sizes[name] = value;
  return sized;
}

std::string lathe::printSized(const SizedKernel &sized) {
  std::string text = "// sizes:";
  for (const auto &[name, value] : sized.sizes)
    text += " " + name + "=" + std::to_string(value);
  return text + "\n" + print(sized.kernel);
}

std::optional<Semantics> lathe::bindSized(const SizedKernel &sized) {
  Sources sources;
  Diagnostics ignored(sources);
  std::vector<std::pair<std::string, int64_t>> sizes(sized.sizes.begin(), sized.sizes.end());
  return lathe::bind(sized.kernel, sizes, {}, ignored);
}

// ---- kernels without what they do not use

static void forEachLoad(const Expr &expr, llvm::function_ref<void(unsigned)> visit) {
  if (expr.op == Op::Load)
    visit(expr.id);
  for (const ExprRef &operand : expr.operands)
    forEachLoad(*operand, visit);
}

static ExprRef renamed(const ExprRef &expr, llvm::ArrayRef<unsigned> tensors) {
  auto copy = std::make_shared<Expr>(*expr);
  if (copy->op == Op::Load)
    copy->id = tensors[copy->id];
  for (ExprRef &operand : copy->operands)
    operand = renamed(operand, tensors);
  return copy;
}

static void forEachExpr(Statement &statement, llvm::function_ref<void(ExprRef &)> visit) {
  visit(statement.value);
  llvm::for_each(statement.subscripts, visit);
  llvm::for_each(statement.conditions, visit);
}

/// What is read and never written becomes a parameter, what is written and never read a result;
/// what is not used goes.
static void tidy(Semantics &kernel) {
  std::set<unsigned> read, written;
  for (Statement &statement : kernel.statements) {
    written.insert(statement.tensor);
    forEachExpr(statement, [&](ExprRef &expr) {
      forEachLoad(*expr, [&](unsigned tensor) { read.insert(tensor); });
    });
  }
  for (auto [id, tensor] : llvm::enumerate(kernel.tensors)) {
    if (!written.count(id))
      tensor.role = Role::Input;
    else if (!read.count(id))
      tensor.role = Role::Output;
  }
  std::vector<unsigned> order(kernel.tensors.size());
  std::vector<Tensor> kept;
  for (Role role : {Role::Input, Role::Output, Role::Temporary})
    for (auto [id, tensor] : llvm::enumerate(kernel.tensors))
      if (tensor.role == role && (read.count(id) || written.count(id))) {
        order[id] = kept.size();
        kept.push_back(tensor);
      }
  kernel.tensors = std::move(kept);
  for (Statement &statement : kernel.statements) {
    statement.tensor = order[statement.tensor];
    forEachExpr(statement, [&](ExprRef &expr) { expr = renamed(expr, order); });
  }
}

// ---- smaller expressions

/// Expressions that take the place of one node of `expr`: an operand of its type, or the number 1.
static void simpler(const ExprRef &expr, bool index, std::vector<ExprRef> &all) {
  for (const ExprRef &operand : expr->operands)
    if (operand->type == expr->type)
      all.push_back(operand);
  if (!index && expr->op != Op::Constant && !expr->type.isIndex())
    all.push_back(expr->type.isFloat() ? makeReal(1, expr->type) : makeConstant(1, expr->type));
  for (auto [place, operand] : llvm::enumerate(expr->operands)) {
    std::vector<ExprRef> inner;
    simpler(operand, expr->op == Op::Load, inner);
    for (const ExprRef &smaller : inner) {
      auto copy = std::make_shared<Expr>(*expr);
      copy->operands[place] = smaller;
      all.push_back(copy);
    }
  }
}

namespace {

class Reducer {
public:
  Reducer(std::string text, llvm::function_ref<bool(const std::string &)> fails, unsigned checks)
      : text(std::move(text)), fails(fails), checksLeft(checks) {}

  std::string run() {
    if (auto sized = readSized(text))
      best = std::move(*sized);
    else
      return text;
    for (bool changed = true; changed && checksLeft > 0;) {
      changed = dropStatements();
      changed |= dropResults();
      changed |= simplify();
      changed |= shrink();
    }
    return text;
  }

private:
  /// Keeps a changed kernel when it is still one, and still fails.
  bool accept(const std::function<void(SizedKernel &)> &change) {
    if (checksLeft == 0)
      return false;
    SizedKernel candidate = best;
    change(candidate);
    tidy(candidate.kernel);
    std::string printed = printSized(candidate);
    auto read = readSized(printed);
    if (!read || printSized(*read) == text || !bindSized(*read))
      return false;
    std::string normal = printSized(*read);
    --checksLeft;
    if (!fails(normal))
      return false;
    best = std::move(*read);
    text = std::move(normal);
    return true;
  }

  bool dropStatements() {
    bool changed = false;
    for (size_t length = std::max<size_t>(1, best.kernel.statements.size() / 2); length > 0;
         length /= 2)
      for (size_t end = best.kernel.statements.size(); end >= length && length > 0; --end) {
        auto drop = [&](SizedKernel &candidate) {
          auto begin = candidate.kernel.statements.begin();
          candidate.kernel.statements.erase(begin + (end - length), begin + end);
        };
        if (best.kernel.statements.size() > length && accept(drop)) {
          changed = true;
          end = std::min(end, best.kernel.statements.size() + 1);
        }
      }
    return changed;
  }

  bool dropResults() {
    bool changed = false;
    for (size_t id = 0; id < best.kernel.tensors.size(); ++id)
      if (best.kernel.tensors[id].role == Role::Output)
        changed |= accept([&](SizedKernel &c) { c.kernel.tensors[id].role = Role::Temporary; });
    return changed;
  }

  bool simplify() {
    bool changed = false;
    for (size_t s = 0; s < best.kernel.statements.size(); ++s) {
      while (simplifyStatement(s))
        changed = true;
    }
    return changed;
  }

  bool simplifyStatement(size_t s) {
    const Statement &statement = best.kernel.statements[s];
    for (size_t c = 0; c < statement.conditions.size(); ++c)
      if (accept([&](SizedKernel &k) {
            auto &conditions = k.kernel.statements[s].conditions;
            conditions.erase(conditions.begin() + c);
          }))
        return true;
    std::vector<ExprRef> smaller;
    simpler(statement.value, false, smaller);
    for (const ExprRef &value : smaller)
      if (!equal(*value, *statement.value) &&
          accept([&](SizedKernel &k) { k.kernel.statements[s].value = value; }))
        return true;
    return statement.assign != Assign::Set &&
           accept([&](SizedKernel &k) { k.kernel.statements[s].assign = Assign::Set; });
  }

  bool shrink() {
    bool changed = false;
    std::map<std::string, int64_t> sizes = best.sizes;
    for (const auto &[name, value] : sizes)
      for (int64_t smaller : {int64_t(1), int64_t(2), value / 2, value - 1})
        if (smaller >= 1 && best.sizes.count(name) && smaller < best.sizes[name])
          changed |= accept([&, &name = name](SizedKernel &k) { k.sizes[name] = smaller; });
    return changed;
  }

  std::string text;
  llvm::function_ref<bool(const std::string &)> fails;
  unsigned checksLeft;
  SizedKernel best;
};

} // namespace

std::string lathe::reduceKernel(const std::string &text,
                                llvm::function_ref<bool(const std::string &)> fails,
                                unsigned mostChecks) {
  return Reducer(text, fails, mostChecks).run();
}
