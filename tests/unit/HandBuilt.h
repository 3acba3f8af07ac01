// Semantics put together by hand, for tests of what stands below the parser.
#pragma once

#include "core/semantics/Array.h"
#include "core/semantics/Semantics.h"

#include <cstring>

namespace lathe::test {

constexpr ElementType i8 = ElementType::integer(8), i32 = ElementType::integer(32);

inline ExprRef number(int64_t value) { return makeConstant(value, ElementType::index()); }
inline ExprRef loop(unsigned id) { return makeLoop(id); }
inline ExprRef size(unsigned id) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Size;
  expr->type = ElementType::index();
  expr->id = id;
  return expr;
}
inline ExprRef op(Op op, ElementType type, std::vector<ExprRef> operands) {
  return makeExpr(op, type, std::move(operands));
}
inline ExprRef add(ExprRef x, ExprRef y) {
  ElementType type = x->type;
  return op(Op::Add, type, {std::move(x), std::move(y)});
}
inline ExprRef mul(ExprRef x, ExprRef y) {
  ElementType type = x->type;
  return op(Op::Mul, type, {std::move(x), std::move(y)});
}
inline ExprRef convert(ElementType type, ExprRef x) {
  return op(Op::Convert, type, {std::move(x)});
}
inline ExprRef reduce(Reduction reduction, std::vector<unsigned> loops, ExprRef body,
                      std::vector<ExprRef> conditions = {}) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Reduce;
  bool indexed = reduction == Reduction::ArgMax || reduction == Reduction::ArgMin;
  expr->type = indexed ? i32 : body->type;
  expr->reduction = reduction;
  expr->loops = std::move(loops);
  expr->operands = {std::move(body)};
  for (ExprRef &condition : conditions)
    expr->operands.push_back(std::move(condition));
  return expr;
}

/// Adds tensors and statements to a bound kernel.
struct Builder {
  Semantics semantics;

  Builder() { semantics.bound = true; }
  unsigned tensor(std::string name, ElementType type, std::vector<int64_t> sizes, Role role) {
    Tensor tensor;
    tensor.name = std::move(name);
    tensor.type = type;
    tensor.role = role;
    for (int64_t extent : sizes)
      tensor.shape.push_back(number(extent));
    tensor.sizes = std::move(sizes);
    semantics.tensors.push_back(std::move(tensor));
    return semantics.tensors.size() - 1;
  }
  ExprRef load(unsigned tensor, std::vector<ExprRef> subscripts) const {
    return makeLoad(tensor, semantics.tensors[tensor].type, std::move(subscripts));
  }
  /// Loops are named by number; the first `parallel` of `extents` are parallel.
  Statement &statement(unsigned tensor, std::vector<ExprRef> subscripts, ExprRef value,
                       std::vector<int64_t> extents, unsigned parallel,
                       Assign assign = Assign::Set) {
    Statement statement;
    statement.tensor = tensor;
    statement.subscripts = std::move(subscripts);
    statement.value = std::move(value);
    statement.assign = assign;
    for (unsigned i = 0; i < extents.size(); ++i) {
      Loop &loop = statement.loops.emplace_back();
      loop.name = "l" + std::to_string(i);
      loop.extent = number(extents[i]);
      loop.reduction = i >= parallel;
      loop.size = extents[i];
    }
    semantics.statements.push_back(std::move(statement));
    return semantics.statements.back();
  }
};

template <typename T>
Array array(ElementType type, std::vector<int64_t> sizes, std::vector<T> values) {
  Array result = Array::zeros(type, std::move(sizes));
  std::memcpy(result.bytes.data(), values.data(), result.bytes.size());
  return result;
}

template <typename T> std::vector<T> values(const Array &array) {
  std::vector<T> result(array.bytes.size() / sizeof(T));
  std::memcpy(result.data(), array.bytes.data(), array.bytes.size());
  return result;
}

} // namespace lathe::test
