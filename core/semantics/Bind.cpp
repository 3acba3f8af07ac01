#include "core/semantics/Parser.h"

#include "core/semantics/Bounds.h"
#include "core/semantics/Coverage.h"
#include "core/semantics/Fold.h"
#include "core/semantics/IndexRange.h"
#include "core/semantics/Interval.h"
#include "core/semantics/LoopRanges.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::ArrayRef;
using llvm::StringRef;

namespace {

std::string list(ArrayRef<int64_t> numbers) {
  std::string text = "[";
  for (size_t i = 0; i < numbers.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(numbers[i]);
  return text + "]";
}

/// Finds the number of every size.
class SizeSolver {
public:
  SizeSolver(Semantics &kernel, Diagnostics &diagnostics)
      : kernel(kernel), diagnostics(diagnostics), origin(kernel.sizes.size()) {}

  void take(ArrayRef<std::pair<std::string, int64_t>> given) {
    for (const auto &[name, value] : given)
      takeOne(name, value);
  }

  void take(ArrayRef<ArrayShape> arrays) {
    for (const ArrayShape &array : arrays)
      if (auto tensor = checkArray(array))
        known.push_back({*tensor, &array});
    for (bool changed = true; changed;) {
      changed = false;
      for (auto [tensor, array] : known)
        for (size_t i = 0; i < array->sizes.size(); ++i)
          changed |= solve(kernel.tensors[tensor], i, array->sizes[i]);
    }
  }

  void checkComplete() {
    std::string missing;
    llvm::SMLoc first;
    for (const Size &size : kernel.sizes) {
      if (size.value)
        continue;
      if (missing.empty())
        first = size.loc;
      missing += (missing.empty() ? "'" : ", '") + size.name + "'";
    }
    if (!missing.empty())
      diagnostics.report(Message::SizeMissing, first, missing);
  }

  void checkArrays() {
    for (auto [tensor, array] : known)
      for (size_t i = 0; i < array->sizes.size(); ++i)
        checkDimension(kernel.tensors[tensor], i, array->sizes[i]);
  }

private:
  void takeOne(StringRef name, int64_t value) {
    auto id = kernel.findSize(name);
    if (!id) {
      std::vector<StringRef> names;
      for (const Size &size : kernel.sizes)
        names.push_back(size.name);
      auto near = nearest(name, names);
      diagnostics.report(Message::UnknownSize, Place{}, name, kernel.name,
                         near ? "did you mean '" + near->str() + "'?" : "");
      return;
    }
    Size &size = kernel.sizes[*id];
    if (value < 1) {
      diagnostics.report(Message::SizeOutOfRange, size.loc, name, value);
      return;
    }
    if (size.value && *size.value != value) {
      diagnostics.report(Message::SizeContradiction, size.loc, name, value, "given twice",
                         *size.value);
      return;
    }
    size.value = value;
    origin[*id] = "'--size'";
  }

  std::optional<unsigned> checkArray(const ArrayShape &array) {
    auto id = kernel.findTensor(array.tensor);
    if (!id || kernel.tensors[*id].role == Role::Temporary) {
      std::vector<StringRef> names;
      for (const Tensor &tensor : kernel.tensors)
        if (tensor.role != Role::Temporary)
          names.push_back(tensor.name);
      auto near = nearest(array.tensor, names);
      diagnostics.report(Message::UnknownArray, Place{}, array.tensor, kernel.name,
                         near ? "did you mean '" + near->str() + "'?" : "");
      return std::nullopt;
    }
    const Tensor &tensor = kernel.tensors[*id];
    if (tensor.shape.size() != array.sizes.size()) {
      diagnostics.report(Message::ArrayRank, tensor.loc, tensor.name, tensor.shape.size(),
                         list(array.sizes), array.sizes.size());
      return std::nullopt;
    }
    if (tensor.type != array.type) {
      diagnostics.report(Message::ArrayType, tensor.loc, tensor.name, name(tensor.type),
                         name(array.type));
      return std::nullopt;
    }
    for (size_t i = 0; i < array.sizes.size(); ++i)
      if (array.sizes[i] < 1) {
        diagnostics.report(Message::EmptyDimension, tensor.shape[i]->loc, i + 1, tensor.name,
                           array.sizes[i]);
        return std::nullopt;
      }
    return id;
  }

  /// A dimension with one unknown size gives it: H-R+1 = 54 and R = 3 give H = 56.
  bool solve(const Tensor &tensor, size_t position, int64_t number) {
    auto form = affineForm(*tensor.shape[position], kernel);
    if (!form || form->sizes.size() != 1)
      return false;
    auto [id, factor] = form->sizes[0];
    int64_t rest = number - form->constant;
    if (rest % factor != 0 || rest / factor < 1)
      return false;
    kernel.sizes[id].value = rest / factor;
    origin[id] = "'" + tensor.name + "'";
    return true;
  }

  void checkDimension(const Tensor &tensor, size_t position, int64_t number) {
    const Expr &shape = *tensor.shape[position];
    auto expected = evaluateSize(shape, kernel);
    if (!expected || *expected == number)
      return;
    std::string from;
    collectOrigins(shape, from);
    diagnostics.report(Message::ArrayDimension, shape.loc.isValid() ? shape.loc : tensor.loc,
                       position + 1, tensor.name, number, *expected, from);
  }

  void collectOrigins(const Expr &shape, std::string &text) {
    if (shape.op == Op::Size)
      text += (text.empty() ? "" : ", ") + kernel.sizes[shape.id].name + " = " +
              std::to_string(*kernel.sizes[shape.id].value) + " comes from " + origin[shape.id];
    for (const ExprRef &operand : shape.operands)
      collectOrigins(*operand, text);
  }

  Semantics &kernel;
  Diagnostics &diagnostics;
  std::vector<std::string> origin;
  std::vector<std::pair<unsigned, const ArrayShape *>> known;
};

/// Numbers for shapes and loops; every size in an expression becomes its number.
class Binder {
public:
  Binder(Semantics &kernel, Diagnostics &diagnostics) : kernel(kernel), diagnostics(diagnostics) {}

  bool run() {
    for (Tensor &tensor : kernel.tensors)
      bindTensor(tensor);
    // Loops have the ranges of shapes: what is wrong there would be said twice.
    if (failed)
      return false;
    for (Statement &statement : kernel.statements)
      bindStatement(statement);
    return !failed;
  }

private:
  void bindTensor(Tensor &tensor) {
    int64_t elements = 1;
    for (size_t i = 0; i < tensor.shape.size(); ++i) {
      auto size = evaluateSize(*tensor.shape[i], kernel);
      llvm::SMLoc loc = tensor.shape[i]->loc.isValid() ? tensor.shape[i]->loc : tensor.loc;
      if (!size || *size < 1) {
        std::string shown = size ? std::to_string(*size) : std::string("over 64 bits");
        diagnostics.report(Message::EmptyDimension, loc, i + 1, tensor.name, shown);
        failed = true;
        return;
      }
      constexpr int64_t kMostElements = int64_t(1) << 40;
      if (llvm::MulOverflow(elements, *size, elements) || elements > kMostElements) {
        diagnostics.report(Message::ShapeTooLarge, tensor.loc, tensor.name);
        failed = true;
        return;
      }
      tensor.sizes.push_back(*size);
      tensor.shape[i] = makeConstant(*size, ElementType::index(), tensor.shape[i]->loc);
    }
  }

  void bindStatement(Statement &statement) {
    for (Loop &loop : statement.loops)
      bindLoop(loop);
    for (ExprRef &subscript : statement.subscripts)
      subscript = fold(subscript, kernel);
    for (ExprRef &condition : statement.conditions)
      condition = fold(condition, kernel);
    statement.value = fold(statement.value, kernel);
  }

  void bindLoop(Loop &loop) {
    auto size = evaluateSize(*loop.extent, kernel);
    if (!size || *size < 1) {
      std::string shown = size ? std::to_string(*size) : std::string("over 64 bits");
      diagnostics.report(Message::EmptyLoop, loop.loc, loop.name, shown);
      failed = true;
      return;
    }
    loop.size = *size;
    loop.extent = makeConstant(*size, ElementType::index(), loop.extent->loc);
  }

  Semantics &kernel;
  Diagnostics &diagnostics;
  bool failed = false;
};

/// A reduction whose data alone says that it can leave its type: the body is narrow, the sum is
/// not.
void warnOverflow(const Expr &expr, const Statement &statement, const Semantics &kernel,
                  Diagnostics &diagnostics) {
  for (const ExprRef &operand : expr.operands)
    warnOverflow(*operand, statement, kernel, diagnostics);
  bool isSum = expr.op == Op::Reduce && expr.reduction == Reduction::Sum && expr.type.isInteger();
  if (!isSum)
    return;
  Interval body = valueRange(*expr.operands[0], statement, kernel);
  Interval type = typeRange(expr.type);
  llvm::DynamicAPInt two(2);
  bool bodyIsNarrow = body.high * two <= type.high && body.low * two >= type.low;
  Interval sum = valueRange(expr, statement, kernel);
  if (!bodyIsNarrow || (sum.low >= type.low && sum.high <= type.high))
    return;
  diagnostics.report(Message::SumMayOverflow, expr.loc, toString(sum), name(expr.type),
                     toString(type));
}

} // namespace

std::optional<Semantics> lathe::bind(const Semantics &kernel,
                                     ArrayRef<std::pair<std::string, int64_t>> sizes,
                                     ArrayRef<ArrayShape> arrays, Diagnostics &diagnostics) {
  Semantics bound = kernel;
  unsigned before = diagnostics.errorCount();
  auto failed = [&] { return diagnostics.errorCount() != before; };
  SizeSolver solver(bound, diagnostics);
  solver.take(sizes);
  solver.take(arrays);
  solver.checkArrays();
  if (!failed())
    solver.checkComplete();
  if (failed())
    return std::nullopt;
  Reporter reporter(diagnostics);
  // While shapes still have names: they tell what is meant to be the same.
  for (const Statement &statement : bound.statements)
    checkRangesAgree(statement, bound, reporter);
  if (failed() || !Binder(bound, diagnostics).run())
    return std::nullopt;
  if (!failed())
    checkBounds(bound, reporter);
  if (!failed())
    checkCoverage(bound, reporter);
  if (failed())
    return std::nullopt;
  for (const Statement &statement : bound.statements)
    warnOverflow(*statement.value, statement, bound, diagnostics);
  bound.bound = true;
  return bound;
}
