#include "core/HostCost.h"

#include "llvm/Support/MathExtras.h"

#include <cmath>

using namespace lathe;

/// Of one value of `expr`. Subscripts are not counted: they are addresses.
static int64_t operationsOf(const Expr &expr, const Statement &statement) {
  if (expr.op == Op::Load || expr.operands.empty())
    return 0;
  int64_t count = 1;
  for (const ExprRef &operand : expr.operands)
    count += operationsOf(*operand, statement);
  if (expr.op == Op::Reduce)
    for (unsigned loop : expr.loops)
      count *= statement.loops[loop].size;
  return count;
}

static int64_t operationsOf(const Statement &statement) {
  int64_t count = std::max<int64_t>(1, operationsOf(*statement.value, statement));
  for (const Loop &loop : statement.loops)
    if (!loop.reduction)
      count *= loop.size;
  return count;
}

static int64_t bytesOf(const Tensor &tensor) {
  int64_t bytes = tensor.type.bytes();
  for (int64_t size : tensor.sizes)
    bytes *= size;
  return bytes;
}

HostCost lathe::hostCost(const Semantics &step, const Target &target) {
  HostCost cost;
  for (const Statement &statement : step.statements)
    cost.operations += operationsOf(statement);
  for (const Tensor &tensor : step.tensors)
    if (tensor.role == Role::Input || tensor.role == Role::Output)
      cost.bytes += bytesOf(tensor);
  cost.nanoseconds = std::max(llvm::divideCeil(cost.operations, kHostOperationsPerNanosecond),
                              llvm::divideCeil(cost.bytes, kHostBytesPerNanosecond));
  cost.cycles = std::llround(static_cast<double>(cost.nanoseconds) * target.clockHz / 1e9);
  return cost;
}
