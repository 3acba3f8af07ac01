// What a tensor of the MLIR text is: a stored tensor, one scalar everywhere, or a view of another.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe::mlirreader {

struct TensorValue;
using TensorRef = std::shared_ptr<TensorValue>;

struct TensorValue {
  enum class Kind : uint8_t {
    Stored,  ///< tensor `tensor` of the kernel
    Uniform, ///< `scalar` in every element
    View,    ///< element [i0, i1, ...] is source[subscripts], which are over loops 0, 1, ...
    Padded,  ///< source[i - low] where that is inside, `scalar` elsewhere
    Empty,   ///< nothing was written yet
  };
  Kind kind = Kind::Empty;
  ElementType type;
  std::vector<ExprRef> shape; ///< over sizes
  unsigned tensor = 0;
  ExprRef scalar;
  TensorRef source;
  std::vector<ExprRef> subscripts;
  std::vector<ExprRef> low;
  std::string name;      ///< in the MLIR text; empty when it has none
  bool isPieces = false; ///< Stored: written slice by slice; the next slice may go into it
};

} // namespace lathe::mlirreader
