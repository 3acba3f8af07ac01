// Packed operands as their layout says: blocks of bytes, and the copies from and to them.
#pragma once

#include "core/target/Target.h"

namespace lathe {

/// A packed tensor [D..., lanes] as blocks of `lanes` lanes, of `rowBytes` bytes each:
///
///   before:  x.packed: i8[6, 20]
///   after:   x.packed: u8[3, 6, 16]       8 lanes in 16 bytes; the rows of a block follow each
///   other
///
/// Block c of row r holds lanes c*lanes and on, as `layout` says of one row.
struct HostEncoding {
  std::shared_ptr<const Layout> layout; ///< of one row, or of a block that is one
  int64_t lanes = 1;
  int64_t rowElements = 1; ///< of the packed tensor's rows
  int64_t rows = 1;        ///< of the packed tensor
  int64_t rowBytes = 1;
  size_t firstLane = 0;   ///< dimension of the packed tensor from which on lanes are
  bool wholeRows = false; ///< lanes lie anywhere in a block: always all of it is moved

  int64_t blocks() const { return (rowElements + lanes - 1) / lanes; }
  /// The bytes before an element that begins a block, of an offset or a stride in elements.
  int64_t bytesAt(int64_t elements) const {
    return elements / rowElements * rowBytes + elements % rowElements / lanes * rows * rowBytes;
  }
};

/// An encoding of the packed tensor of `sizes` whose dimensions from `firstLane` on are lanes.
HostEncoding encodeRows(std::shared_ptr<const Layout> layout, llvm::ArrayRef<int64_t> sizes,
                        size_t firstLane);

/// `copy` between a tensor and its packed form as statements between the tensor and the blocks of
/// bytes.
Semantics encodedCopy(const Semantics &copy, bool isResult, const HostEncoding &encoding);

/// Elements of a row, all `value`, as the layout says.
std::vector<uint8_t> encodedRow(const Layout &layout, int64_t value);

} // namespace lathe
