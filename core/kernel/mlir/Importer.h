// Walks a function and turns each operation into tensor values and statements.
#pragma once

#include "core/kernel/mlir/KernelState.h"
#include "core/kernel/mlir/Scalars.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MLProgram/IR/MLProgram.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace lathe::mlirreader {

class Importer : public TensorReader {
public:
  Importer(mlir::func::FuncOp function, Reports &reports)
      : function(function), reports(reports), scalars(*this, reports) {}

  std::optional<ImportedKernel> run();

  ExprRef element(mlir::Value tensor, std::vector<ExprRef> subscripts,
                  mlir::Location location) override;
  ExprRef dimension(mlir::Value tensor, unsigned dimension) override;

private:
  // The function and its values (Importer.cpp).
  bool declareArguments();
  bool declareArgument(mlir::BlockArgument argument);
  void visit(mlir::Operation *op);
  TensorRef build(mlir::Operation *op);
  void finishReturn(mlir::func::ReturnOp op);
  TensorRef constant(mlir::Operation *op, mlir::ElementsAttr values, llvm::StringRef name);
  TensorRef global(mlir::Operation *op, mlir::SymbolRefAttr symbol);
  TensorRef tensorOf(mlir::Value value) const { return tensors.lookup(value); }
  /// A new value of the type; `sizes` are those of its `?`.
  TensorRef emptyOf(mlir::Type type, mlir::Location location, mlir::ValueRange sizes = {});
  ExprRef read(const TensorRef &value, std::vector<ExprRef> subscripts, mlir::Location location);
  /// Makes it Stored: by a statement, unless it is already; into `place` where one is given.
  bool store(const TensorRef &value, mlir::Location location, const TensorRef &place = nullptr);
  /// The tensor that `result` is computed into: a result of the kernel when it is returned.
  TensorRef destination(mlir::Value result, ElementType type, std::vector<ExprRef> shape);
  TensorRef temporary(llvm::StringRef name, ElementType type, std::vector<ExprRef> shape);
  void write(mlir::Location location, unsigned tensor, std::vector<ExprRef> extents,
             std::vector<bool> isReduction, std::vector<ExprRef> subscripts, ExprRef value);
  /// whole[subscripts] = part[i, j, ...]; both are Stored, the subscripts are over the part's
  /// loops.
  void writePart(mlir::Location location, const TensorRef &whole, const TensorRef &part,
                 std::vector<ExprRef> subscripts);
  TensorRef unsupported(mlir::Operation *op, llvm::StringRef why);

  // Operations that move elements (Reshapes.cpp).
  TensorRef expandShape(mlir::tensor::ExpandShapeOp op);
  TensorRef collapseShape(mlir::tensor::CollapseShapeOp op);
  TensorRef extractSlice(mlir::tensor::ExtractSliceOp op);
  TensorRef insertSlice(mlir::tensor::InsertSliceOp op);
  TensorRef insertInto(mlir::Value result, const TensorRef &target, const TensorRef &part,
                       std::vector<ExprRef> subscripts, mlir::Location location);
  TensorRef concat(mlir::tensor::ConcatOp op);
  TensorRef pad(mlir::tensor::PadOp op);
  TensorRef castShape(mlir::tensor::CastOp op);
  TensorRef generate(mlir::tensor::GenerateOp op);
  ExprRef indexOf(mlir::OpFoldResult value);
  bool indicesOf(llvm::ArrayRef<mlir::OpFoldResult> values, std::vector<ExprRef> &out);

  // linalg.generic (Generics.cpp).
  void visitGeneric(mlir::linalg::GenericOp op);
  bool findExtents(mlir::linalg::GenericOp op, std::vector<ExprRef> &extents);
  std::vector<ExprRef> subscriptsOf(mlir::AffineMap map, mlir::Location location);
  TensorRef asView(mlir::linalg::GenericOp op);
  bool readInputs(mlir::linalg::GenericOp op, std::vector<ExprRef> &conditions);
  bool guardsPadding(mlir::linalg::GenericOp op, mlir::OpOperand &operand) const;
  void addGuards(const TensorValue &padded, const std::vector<ExprRef> &subscripts,
                 std::vector<ExprRef> &conditions);
  bool pointwise(mlir::linalg::GenericOp op, const std::vector<ExprRef> &extents);
  bool spillShared(mlir::linalg::GenericOp op, const std::vector<ExprRef> &extents);
  bool reduce(mlir::linalg::GenericOp op, const std::vector<ExprRef> &extents);
  ExprRef reduction(mlir::linalg::GenericOp op, unsigned result,
                    const std::vector<ExprRef> &conditions, const std::vector<unsigned> &loops,
                    const std::vector<ExprRef> &subscripts);
  ExprRef argument(mlir::linalg::GenericOp op, unsigned result, const std::vector<unsigned> &loops);

  mlir::func::FuncOp function;
  Reports &reports;
  Scalars scalars;
  KernelState state;
  llvm::DenseMap<mlir::Value, TensorRef> tensors;
  llvm::DenseMap<mlir::Value, unsigned> returned; ///< its first place among the results
  std::vector<std::string> resultNames;
  std::map<std::string, TensorRef> globals;
};

} // namespace lathe::mlirreader
