// MLIR text to functions of linalg.generic on tensors: dialects, parsing, TOSA, named operations.
#pragma once

#include "core/kernel/mlir/Reports.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace lathe::mlirreader {

/// Registers and loads every dialect that is read or that a lowering pass makes. Any other dialect
/// is parsed as far as its generic form goes, only to be named in a message.
void loadDialects(mlir::MLIRContext &context);

/// Parses `text`. Every operation and argument gets the place of its own text as its location, with
/// its SSA name. Nothing: reported, foreign dialects with the command that lowers them.
mlir::OwningOpRef<mlir::ModuleOp> parseModule(llvm::StringRef text, mlir::MLIRContext &context,
                                              Reports &reports);

/// Inlines calls, lowers TOSA by MLIR's passes and every named linalg operation to linalg.generic:
///   %r = tosa.matmul %a, %b, ...       %r = linalg.generic ins(%a, %b) outs(%zero) {...}
/// False: reported.
bool lowerToGenerics(mlir::ModuleOp module, Reports &reports);

/// The place that `location` names first.
Position positionOf(mlir::Location location);
/// The SSA name in the source, without `%`; empty for a number or none.
llvm::StringRef nameOf(mlir::Location location);

} // namespace lathe::mlirreader
