// Where the bits of an operand's elements lie in memory, in index notation.
#pragma once

#include "core/semantics/Semantics.h"

namespace lathe {

class Reporter;

/// A block of memory that holds elements: one number for each bit of each element.
///
///   src[i,j] in 64: byte 16*i + 15 - j           the columns of a row backwards
///   bit(src[i,j], b): byte 8*i + b, bit j        bit planes
///
/// Injective, and inside of the block: checked by readLayout.
struct Layout {
  std::string text; ///< as written
  std::vector<std::string> indices;
  std::string bitIndex;       ///< empty: the bits of an element follow each other, lowest first
  ElementType element;        ///< of the operand
  std::vector<int64_t> sizes; ///< largest, by dimension
  /// Bit address from the operand's address; of type index. Loop d is the index of dimension d,
  /// loop `sizes.size()` the bit. Bit 0 is the lowest of byte 0.
  ExprRef position;
  int64_t bits = 0; ///< of the block; of one row when `stepped`, or when it has `rowBytes`
  /// Bytes from one value of the first index to the next, when that is all it changes and rows
  /// do not interleave.
  std::optional<int64_t> rowBytes;
  /// Something else gives the step of the first index.
  bool stepped = false;
  std::optional<bool>
      rest; ///< what a store leaves in bits that hold no element; nothing: no change

  bool hasRows() const { return stepped || rowBytes; }
  int64_t bytes() const { return (bits + 7) / 8; }
  /// Bit `bit` of the element at `index`, at the row's or block's beginning when `stepped`.
  int64_t positionOf(llvm::ArrayRef<int64_t> index, int64_t bit) const;
};

/// What a layout's text may refer to.
struct LayoutScope {
  std::string name; ///< of what is laid out
  ElementType element;
  std::vector<int64_t> sizes; ///< largest
  bool stepped = false;
  bool written = true;
  /// Bits of the block, where the memory fixes them; otherwise from `in`, or what is used.
  std::optional<int64_t> bits;
  std::vector<std::pair<std::string, int64_t>> parameters;
};

/// Reads `text`, which stands in a source that `reporter` knows. Nothing: reported.
std::optional<Layout> readLayout(llvm::StringRef text, const LayoutScope &scope,
                                 Reporter &reporter);

/// `place` with expressions in place of its loops, without what changes nothing.
ExprRef substituteLoops(const ExprRef &place, llvm::ArrayRef<ExprRef> loops);
/// `a op b` of type index, folded where that is plain.
ExprRef indexExpr(Op op, const ExprRef &a, const ExprRef &b);

/// The most bits of a block: every one is looked at when a description is read.
constexpr int64_t kMostLayoutBits = int64_t(1) << 24;

/// The value of an expression over loops and constants with the operators of layouts.
int64_t evaluateIndex(const Expr &expr, llvm::ArrayRef<int64_t> loops);

/// Copies elements between memory and a dense, row-major array of them, as a layout says.
class LayoutMap {
public:
  explicit LayoutMap(const Layout &layout);

  /// Elements of the dense array `sizes`, at most the layout's, from the block at `memory`; rows
  /// `stepBytes` apart when the layout has rows. Integers are extended to whole bytes; the bits of
  /// `shadows` are taken as they are.
  void read(const uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes, uint8_t *dense,
            bool shadows = false) const;
  /// The other way. Bits of the block that hold no element are left alone.
  void write(uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes,
             const uint8_t *dense) const;
  /// Sets every bit of the block that holds no element of `sizes`.
  void fillRest(uint8_t *memory, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes,
                bool value) const;
  /// Bytes of the dense array.
  int64_t denseBytes(llvm::ArrayRef<int64_t> sizes) const;
  /// The byte in which element `element` of the dense array begins.
  int64_t byteOf(int64_t element, int64_t stepBytes, llvm::ArrayRef<int64_t> sizes) const;

private:
  template <typename Function>
  void forEach(int64_t stepBytes, llvm::ArrayRef<int64_t> sizes, Function function) const;

  Layout layout;
  std::vector<int64_t> first;  ///< per element of a row or block: the place of bit 0
  std::vector<int64_t> places; ///< per element and bit, unless bits follow each other
  bool wholeBytes = false;     ///< elements are whole bytes one after the other
};

} // namespace lathe
