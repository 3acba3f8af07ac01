// Numbers and strings as little-endian bytes, written and read in order.
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Endian.h"

#include <string>

namespace lathe {

class ByteWriter {
public:
  template <typename T> void number(T value) {
    char bytes[sizeof(T)];
    llvm::support::endian::write<T, llvm::endianness::little>(bytes, value);
    buffer.append(bytes, sizeof(T));
  }
  void raw(llvm::StringRef bytes) { buffer.append(bytes.data(), bytes.size()); }
  /// The length as u32, then the bytes.
  void string(llvm::StringRef bytes) {
    number<uint32_t>(bytes.size());
    raw(bytes);
  }
  std::string take() { return std::move(buffer); }

private:
  std::string buffer;
};

/// Past the end every number is zero, every string empty, and `failed` is true.
class ByteReader {
public:
  explicit ByteReader(llvm::StringRef bytes) : rest(bytes) {}

  template <typename T> T number() {
    llvm::StringRef bytes = raw(sizeof(T));
    return bytes.empty() ? T(0)
                         : llvm::support::endian::read<T, llvm::endianness::little>(bytes.data());
  }
  llvm::StringRef raw(size_t count) {
    if (count > rest.size()) {
      shortOfBytes = true;
      return {};
    }
    llvm::StringRef bytes = rest.take_front(count);
    rest = rest.drop_front(count);
    return bytes;
  }
  llvm::StringRef string() { return raw(number<uint32_t>()); }
  bool failed() const { return shortOfBytes; }

private:
  llvm::StringRef rest;
  bool shortOfBytes = false;
};

} // namespace lathe
