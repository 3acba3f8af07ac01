// Index notation to Semantics: syntax, names, types and loop ranges, with every mistake reported.
#pragma once

#include "core/semantics/Semantics.h"
#include "core/support/Diagnostic.h"

namespace lathe {

/// A kernel file (`.lathe`): one or more kernels. Returns every kernel, or nothing when any mistake
/// was reported.
std::optional<std::vector<Semantics>> parseKernels(unsigned file, Diagnostics &diagnostics);

/// What an intrinsic's semantics string may refer to.
struct IntrinsicScope {
  std::vector<Size> sizes; ///< parameters (value known) and run-time extents (min, max)
  std::vector<Tensor>
      tensors; ///< operand tiles with shapes over `sizes`; immediates and states as scalars
};

/// The statements of an intrinsic. `text` lies in file `file` from offset `offset` on, so that
/// columns point into the .td. Tiles written become Role::Output, tiles only read Role::Input.
std::optional<Semantics> parseIntrinsic(llvm::StringRef name, unsigned file, size_t offset,
                                        llvm::StringRef text, IntrinsicScope scope,
                                        Diagnostics &diagnostics);

/// What an array given by name looks like.
struct ArrayShape {
  std::string tensor;
  std::vector<int64_t> sizes;
  ElementType type;
};

/// Gives every size a number: from `sizes`, and solved from the shapes of the arrays given by name.
/// Folds sizes into bodies. Reports shapes that contradict each other, missing sizes, subscripts
/// not proved to be inside, results not written everywhere; warns of sums that may leave their
/// type. Call it as lathe::bind: std::string arguments make std::bind visible.
std::optional<Semantics> bind(const Semantics &kernel,
                              llvm::ArrayRef<std::pair<std::string, int64_t>> sizes,
                              llvm::ArrayRef<ArrayShape> arrays, Diagnostics &diagnostics);

/// Index notation again; what it prints parses to the same Semantics.
std::string print(const Semantics &semantics);
std::string print(const Statement &statement, const Semantics &semantics);
std::string print(const Expr &expr, const Statement &statement, const Semantics &semantics);

} // namespace lathe
