// Where the characters of a TableGen string stand in the .td, although TableGen only gives the
// field.
#pragma once

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <vector>

namespace lathe {

/// Maps offsets in a string's value to offsets in the text that defines it.
///
/// The initializer may be one literal, a `[{...}]`, or literals and other values joined by `#`;
/// what the other values contributed has no place of its own.
class SourceString {
public:
  /// `text` is the file, `field` the offset of the field's name in it, `value` the string's value.
  SourceString(llvm::StringRef text, size_t field, llvm::StringRef value);

  /// The offset in the file of character `offset` of the value, where it is known.
  std::optional<size_t> locate(size_t offset) const;
  /// The whole value stands in the file as it is, from this offset on.
  std::optional<size_t> verbatim() const;

private:
  struct Piece {
    size_t value, file, size;
  };
  std::vector<Piece> pieces;
  size_t length = 0;
};

} // namespace lathe
