// The kernel under construction: tensors, sizes and statements, and what is tidied at its end.
#pragma once

#include "core/kernel/mlir/KernelImporter.h"
#include "core/kernel/mlir/Names.h"
#include "core/kernel/mlir/Tensors.h"

namespace lathe::mlirreader {

class KernelState {
public:
  ImportedKernel kernel;
  NameSet names;

  /// `name` is one that `names` gave.
  unsigned addTensor(llvm::StringRef name, ElementType type, std::vector<ExprRef> shape, Role role);
  ExprRef addSize(llvm::StringRef name);

  /// Loops of these extents; the statement's subscripts and value are over them.
  void addStatement(Position at, unsigned tensor, std::vector<ExprRef> extents,
                    std::vector<bool> isReduction, std::vector<ExprRef> subscripts, ExprRef value);
  /// tensor[i, j, ...] = value over the whole tensor.
  void addCopy(Position at, unsigned tensor, ExprRef value);

  /// Makes two dimensions that must agree the same size; the first named stays.
  void unify(const ExprRef &a, const ExprRef &b);
  /// `expr` with every size that was unified replaced.
  ExprRef resolve(const ExprRef &expr) const;
  bool sameShape(const ExprRef &a, const ExprRef &b) const {
    return equal(*resolve(a), *resolve(b));
  }

  /// Removes what no result needs, unifies sizes, names loops and marks ranges that no tensor
  /// gives.
  void finish();

private:
  void removeDead();
  void resolveAll();
  void nameLoops(Statement &statement);
  void writeRanges(Statement &statement);

  std::vector<ExprRef> unified; ///< for each size: what it is instead, or null
};

} // namespace lathe::mlirreader
