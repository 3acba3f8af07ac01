// Scalar operations of `arith`, `math`, `affine` and `tensor` as expressions.
#pragma once

#include "core/kernel/mlir/Reports.h"
#include "core/kernel/mlir/Tensors.h"

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"

namespace lathe::mlirreader {

/// The type of an element or scalar: signless integers count as signed, i1 as a condition.
/// Nothing: f64, complex, integers above 64 bits, ...
std::optional<ElementType> elementTypeOf(mlir::Type type);

/// Integer values with the same bits, read as signed or as unsigned.
ExprRef asSigned(ExprRef value);
ExprRef asUnsigned(ExprRef value);

/// How a reduction's operation joins two values; `nan`: a NaN on either side is the result.
struct Combiner {
  Reduction reduction;
  bool isUnsigned = false;
  bool nan = false;
};
std::optional<Combiner> combinerOf(mlir::Operation *op);

/// max or min of two values with MLIR's rule for NaN. `nan`: NaN wins, else the other value does.
ExprRef extremum(Op op, const ExprRef &a, const ExprRef &b, bool nan);

/// What scalars read: tensors and their shapes.
class TensorReader {
public:
  virtual ~TensorReader() = default;
  /// Null: reported.
  virtual ExprRef element(mlir::Value tensor, std::vector<ExprRef> subscripts,
                          mlir::Location location) = 0;
  virtual ExprRef dimension(mlir::Value tensor, unsigned dimension) = 0;
};

class Scalars {
public:
  Scalars(TensorReader &tensors, Reports &reports) : tensors(tensors), reports(reports) {}

  void set(mlir::Value value, ExprRef expr) { known[value] = std::move(expr); }
  /// The value as an expression; operations that it depends on are visited first. Null: reported.
  ExprRef of(mlir::Value value);
  ExprRef ofAffine(mlir::AffineExpr expr, llvm::ArrayRef<ExprRef> dims,
                   llvm::ArrayRef<ExprRef> symbols, mlir::Location location);

private:
  ExprRef build(mlir::Operation *op, unsigned result);
  ExprRef buildArith(mlir::Operation *op);
  ExprRef buildMath(mlir::Operation *op);
  ExprRef buildIndex(mlir::Operation *op);
  ExprRef buildInteger(mlir::Operation *op);
  ExprRef buildConversion(mlir::Operation *op);
  ExprRef buildFloat(mlir::Operation *op);
  ExprRef compareIntegers(mlir::Operation *op);
  ExprRef compareFloats(mlir::Operation *op);
  ExprRef extract(mlir::Operation *op);
  ExprRef unsupported(mlir::Operation *op, llvm::StringRef why);
  ExprRef inexact(mlir::Operation *op, llvm::StringRef why);

  TensorReader &tensors;
  Reports &reports;
  llvm::DenseMap<mlir::Value, ExprRef> known;
};

} // namespace lathe::mlirreader
