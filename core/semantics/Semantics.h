// What a kernel or an intrinsic computes: tensors, loops, accesses and bodies.
//
// One form for both. In a kernel the tensors are arrays and every size becomes a number when the
// kernel is bound; in an intrinsic the tensors are operand tiles and a size may stay a run-time
// extent of the instruction.
#pragma once

#include "core/semantics/ElementType.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/SMLoc.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace lathe {

enum class Op : uint8_t {
  // Leaves
  Constant, ///< `integer` or `real`
  Loop,     ///< value of loop `id` of the statement; type index
  Size,     ///< value of size `id` of the Semantics; type index
  Load,     ///< element of tensor `id`; operands are the subscripts (none: a scalar)
  // Reduction over `loops`; operands[0] is the body, the others are conditions. Over no points: sum
  // 0,
  // prod 1, max and min the type's other end (infinity for floats), any 0, all 1, argmax and argmin
  // 0.
  Reduce,
  // Conversions to `type`
  Convert,  ///< int to int wraps; int to float rounds to nearest even; float to int truncates to 64
            ///< bits (beyond them the nearer end, 0 for NaN) and then wraps. A gather's subscript
            ///< is its integer converted to index.
  Saturate, ///< clamps to the target's range; a float is truncated first, NaN gives 0
  // Arithmetic. Both operands have the result's type, except where said.
  Add,
  Sub,
  Mul,
  Div,
  Mod, ///< integer Div and Mod floor; a zero divisor is an error when evaluated
  Neg,
  Abs,
  Min,
  Max,   ///< of floats IEEE 754-2019 maximum and minimum: NaN when any is NaN, -0 below +0
  Clamp, ///< (x, low, high): min(max(x, low), high)
  And,
  Or,
  Xor,
  Not,
  Shl,
  Shr, ///< (x, amount): amount of any integer type or index, read as unsigned; at or beyond the
       ///< width every bit is shifted out; Shr is arithmetic for signed x
  RoundShift, ///< (x, amount): (x + (1 << (amount-1))) >> amount, wrapping; x when amount is 0
  Bit,        ///< (x, position): u1
  Popcount,
  Less,
  LessEqual,
  Equal,
  NotEqual, ///< u1
  LogicalAnd,
  LogicalOr, ///< u1 of u1
  Select,    ///< (condition u1, a, b): only the chosen one is evaluated
  Lut,       ///< (tensor load without subscripts as operand 0, index): table lookup
  Exp,
  Log,
  Sqrt,
  Rsqrt,
  Tanh,
  Erf,
  Recip,
  Floor,
  RoundEven,
};

enum class Reduction : uint8_t { Sum, Product, Max, Min, Any, All, ArgMax, ArgMin };

struct Expr;
using ExprRef = std::shared_ptr<const Expr>;

/// One immutable node of a body or subscript.
struct Expr {
  Op op = Op::Constant;
  ElementType type;
  llvm::SMLoc loc;
  int64_t integer = 0;
  double real = 0;
  unsigned id = 0;
  Reduction reduction = Reduction::Sum;
  std::vector<unsigned> loops;
  std::vector<ExprRef> operands;
};

/// A named size: a shape symbol of a kernel, or a parameter or run-time extent of an intrinsic.
struct Size {
  std::string name;
  std::optional<int64_t> value; ///< known once bound
  int64_t min = 1;              ///< for a run-time extent
  int64_t max = INT64_MAX;
  llvm::SMLoc loc;
};

enum class Role : uint8_t {
  Input,
  Output,
  Temporary, ///< defined and used by statements only
  State,     ///< a configuration register of a target: a scalar
  Immediate, ///< a scalar in the instruction
};

/// One storage level of a sparse parameter, in MLIR's notation: "dense", "compressed", "singleton",
/// "structured[2, 4]", with its name.
struct LevelFormat {
  std::string dimension;
  std::string level;
};

struct Tensor {
  std::string name;
  ElementType type;
  std::vector<ExprRef> shape; ///< of type index; empty for a scalar
  Role role = Role::Temporary;
  std::vector<LevelFormat> sparse; ///< empty: dense, row major
  llvm::SMLoc loc;
  /// The shape in numbers. Filled by binding; for an intrinsic, when no run-time extent is in it.
  std::vector<int64_t> sizes;
};

/// A loop runs from 0 to its extent.
struct Loop {
  std::string name;
  ExprRef extent; ///< of type index, over sizes
  bool reduction = false;
  llvm::SMLoc loc;
  int64_t size = 0; ///< the extent in numbers, once bound
  /// The range was read off a tensor on the right, so all others that the loop stands alone in have
  /// it too.
  bool mustAgree = false;
  /// `sum(r < 3)`: the range stands in the text, not in a tensor's shape.
  bool extentIsWritten = false;
};

enum class Assign : uint8_t { Set, Add, Max, Min };

/// `tensor[subscripts] op= value where conditions`, for all values of the parallel loops.
struct Statement {
  unsigned tensor = 0;
  std::vector<ExprRef> subscripts;
  Assign assign = Assign::Set;
  ExprRef value;
  std::vector<ExprRef> conditions; ///< u1, over the parallel loops
  std::vector<Loop> loops; ///< parallel loops in order of the left side, then reduction loops
  llvm::SMLoc loc;
};

struct Semantics {
  std::string name;
  std::vector<Size> sizes;
  std::vector<Tensor> tensors; ///< in order: parameters, results, temporaries
  std::vector<Statement> statements;
  bool bound = false;       ///< every size, shape and extent is a number
  bool reassociate = false; ///< float sums and products may be regrouped
  llvm::SMLoc loc;

  std::optional<unsigned> findTensor(llvm::StringRef name) const;
  std::optional<unsigned> findSize(llvm::StringRef name) const;
};

/// constant + sum of coefficient * loop + sum of coefficient * size. Terms are sorted by id,
/// without zeros.
struct Affine {
  int64_t constant = 0;
  std::vector<std::pair<unsigned, int64_t>> loops;
  std::vector<std::pair<unsigned, int64_t>> sizes; ///< empty when bound

  int64_t coefficient(unsigned loop) const;
  bool operator==(const Affine &) const = default;
};

/// The affine form of an index expression, or nothing (a gather, a `/` or `%`, a product of loops).
/// Sizes with a known value are folded into the constant.
std::optional<Affine> affineForm(const Expr &expr, const Semantics &semantics);

// Builders; each computes nothing but the node.
ExprRef makeConstant(int64_t value, ElementType type, llvm::SMLoc loc = {});
ExprRef makeReal(double value, ElementType type, llvm::SMLoc loc = {});
ExprRef makeLoop(unsigned loop, llvm::SMLoc loc = {});
ExprRef makeSize(unsigned size, llvm::SMLoc loc = {});
ExprRef makeLoad(unsigned tensor, ElementType type, std::vector<ExprRef> subscripts,
                 llvm::SMLoc loc = {});
ExprRef makeExpr(Op op, ElementType type, std::vector<ExprRef> operands, llvm::SMLoc loc = {});

/// Structural equality of bodies; locations are ignored.
bool equal(const Expr &a, const Expr &b);
bool equal(const Semantics &a, const Semantics &b);

/// "max", "round_shift": the notation's word for an operator.
llvm::StringRef spelling(Op op);
llvm::StringRef spelling(Reduction reduction);

} // namespace lathe
