// One function of linalg.generic on tensors to one kernel.
#pragma once

#include "core/kernel/mlir/Reports.h"
#include "core/semantics/Semantics.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>

namespace lathe::mlirreader {

/// A parameter whose values stand in the MLIR text: row-major, little endian, as lathe::Array.
struct Constant {
  std::string tensor;
  std::vector<int64_t> sizes;
  std::string bytes;
};

struct ImportedKernel {
  Semantics semantics;
  Position at;
  std::vector<Position> statements; ///< of each statement
  std::vector<Constant> constants;
};

/// Nothing: reported.
///   %r = linalg.generic {maps (i,k), (k,j), (i,j); parallel, parallel, reduction}
///          ins(%a, %b) outs(%zero) { extsi, extsi, muli, addi }
/// becomes
///   r[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])
std::optional<ImportedKernel> importFunction(mlir::func::FuncOp function, Reports &reports);

} // namespace lathe::mlirreader
