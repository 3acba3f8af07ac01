// The .npy format: "\x93NUMPY", version, header length, a Python dictionary, then the elements.
#include "core/semantics/Array.h"
#include "core/support/WholeFile.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

#include <cstring>

using namespace lathe;
using llvm::StringRef;

namespace {

constexpr StringRef kMagic("\x93NUMPY", 6);

struct Header {
  std::string descr;
  bool fortranOrder = false;
  std::vector<int64_t> shape;
};

/// Reads `{'descr': '<i4', 'fortran_order': False, 'shape': (3, 4), }`.
class HeaderParser {
public:
  explicit HeaderParser(StringRef text) : rest(text.trim(" \n")) {}

  std::optional<Header> run() {
    Header header;
    unsigned seen = 0;
    if (!take("{"))
      return std::nullopt;
    while (!take("}")) {
      auto key = quoted();
      if (!key || !take(":"))
        return std::nullopt;
      unsigned bit = *key == "descr" ? 1 : *key == "fortran_order" ? 2 : *key == "shape" ? 4 : 0;
      if (bit == 0 || (seen & bit) || !value(bit, header))
        return std::nullopt;
      seen |= bit;
      if (!take(",") && !rest.starts_with("}"))
        return std::nullopt;
    }
    return seen == 7 && rest.empty() ? std::optional(std::move(header)) : std::nullopt;
  }

private:
  bool take(StringRef mark) {
    rest = rest.ltrim(" ");
    return rest.consume_front(mark);
  }

  std::optional<std::string> quoted() {
    rest = rest.ltrim(" ");
    if (rest.empty() || (rest[0] != '\'' && rest[0] != '"'))
      return std::nullopt;
    size_t end = rest.find(rest[0], 1);
    if (end == StringRef::npos)
      return std::nullopt;
    std::string text = rest.slice(1, end).str();
    rest = rest.drop_front(end + 1);
    return text;
  }

  bool value(unsigned bit, Header &header) {
    if (bit == 1)
      return descr(header);
    if (bit == 4)
      return shape(header);
    header.fortranOrder = take("True");
    return header.fortranOrder || take("False");
  }

  /// A list describes records: kept as it is, to be refused by name.
  bool descr(Header &header) {
    if (auto text = quoted()) {
      header.descr = *text;
      return true;
    }
    size_t end = rest.find(']');
    if (!rest.starts_with("[") || end == StringRef::npos)
      return false;
    header.descr = rest.take_front(end + 1).str();
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool shape(Header &header) {
    if (!take("("))
      return false;
    while (!take(")")) {
      rest = rest.ltrim(" ");
      int64_t size = 0;
      if (rest.consumeInteger(10, size) || size < 0)
        return false;
      rest.consume_front("L"); // written by Python 2
      header.shape.push_back(size);
      if (!take(",") && !rest.ltrim(" ").starts_with(")"))
        return false;
    }
    return true;
  }

  StringRef rest;
};

/// The type of "<i4", "|u1", "<V2", ...
std::optional<ElementType> typeOf(StringRef descr) {
  if (descr.size() != 3 || !StringRef("<|=").contains(descr[0]))
    return std::nullopt;
  unsigned bytes = descr[2] - '0';
  bool wide = bytes == 1 || ((bytes == 2 || bytes == 4 || bytes == 8) && descr[0] != '|');
  switch (descr[1]) {
  case 'b':
    return bytes == 1 ? std::optional(ElementType::condition()) : std::nullopt;
  case 'i':
  case 'u':
    return wide ? std::optional(ElementType::integer(8 * bytes, descr[1] == 'i')) : std::nullopt;
  case 'f':
    return !wide        ? std::nullopt
           : bytes == 2 ? std::optional(ElementType::f16())
           : bytes == 4 ? std::optional(ElementType::f32())
                        : std::nullopt;
  case 'V':
    return bytes == 2 ? std::optional(ElementType::bf16()) : std::nullopt;
  default:
    return std::nullopt;
  }
}

bool holds(ElementType file, ElementType wanted) {
  if (file == wanted)
    return true;
  if (wanted == ElementType::bf16())
    return file == ElementType::integer(16, false);
  bool isFull = wanted.bits == 8 * wanted.bytes();
  return file.isInteger() && wanted.isInteger() && !isFull && file.bytes() == wanted.bytes();
}

class Reader {
public:
  Reader(StringRef path, Diagnostics &diagnostics)
      : place(diagnostics.sourceTexts().wholeFile(path)), diagnostics(diagnostics) {}

  std::optional<Array> read(StringRef content, std::optional<ElementType> wanted) {
    auto text = headerText(content);
    if (!text)
      return std::nullopt;
    auto header = HeaderParser(*text).run();
    if (!header)
      return fail(Message::NpyHeader, std::string("its header is not a description of an array"));
    auto type = checkType(*header, wanted);
    if (!type)
      return std::nullopt;
    StringRef data = content.drop_front(text->end() - content.begin());
    if (!checkSize(*header, *type, data))
      return std::nullopt;
    Array array{wanted.value_or(*type), std::move(header->shape), {}};
    array.bytes.assign(data.bytes_begin(), data.bytes_end());
    if (!checkValues(array, *type))
      return std::nullopt;
    return array;
  }

private:
  template <typename... Args> std::nullopt_t fail(Message message, Args &&...args) {
    diagnostics.report(message, place, std::forward<Args>(args)...);
    return std::nullopt;
  }

  std::optional<StringRef> headerText(StringRef content) {
    if (!content.starts_with(kMagic))
      return fail(Message::NotNpy);
    if (content.size() < 10)
      return fail(Message::NpyHeader, std::string("it ends inside the header"));
    uint8_t major = content[6], minor = content[7];
    if (major < 1 || major > 3 || minor != 0)
      return fail(Message::NpyVersion, unsigned(major), unsigned(minor));
    size_t fixed = major == 1 ? 10 : 12;
    if (content.size() < fixed)
      return fail(Message::NpyHeader, std::string("it ends inside the header"));
    uint64_t length = major == 1 ? llvm::support::endian::read16le(content.data() + 8)
                                 : llvm::support::endian::read32le(content.data() + 8);
    if (length > content.size() - fixed)
      return fail(Message::NpyHeader, "its header of " + std::to_string(length) +
                                          " bytes is longer than the file of " +
                                          std::to_string(content.size()));
    return content.substr(fixed, length);
  }

  std::optional<ElementType> checkType(const Header &header, std::optional<ElementType> wanted) {
    if (header.fortranOrder && header.shape.size() > 1)
      return fail(Message::NpyFortranOrder);
    auto type = typeOf(header.descr);
    if (!type)
      return fail(Message::NpyType, header.descr);
    if (wanted && !holds(*type, *wanted))
      return fail(Message::NpyOtherType, name(*type), name(*wanted));
    return type;
  }

  bool checkSize(const Header &header, ElementType type, StringRef data) {
    int64_t bytes = type.bytes();
    bool overflow = false;
    for (int64_t size : header.shape)
      overflow |= llvm::MulOverflow(bytes, size, bytes);
    if (!overflow && static_cast<uint64_t>(bytes) == data.size())
      return true;
    std::string shape;
    for (int64_t size : header.shape)
      shape += (shape.empty() ? "" : ", ") + std::to_string(size);
    fail(Message::NpySize, shape, name(type),
         overflow ? std::string("more than 2^63") : std::to_string(bytes), data.size());
    return false;
  }

  /// Types below a byte (and bool) come in wider elements: their values must be in range.
  bool checkValues(Array &array, ElementType file) {
    bool isFull = array.type.bits == 8 * array.type.bytes();
    if (isFull)
      return true;
    Array stored{ElementType::integer(8 * array.type.bytes(), file.isSigned()), array.sizes,
                 std::move(array.bytes)};
    bool isRight = true;
    for (int64_t i = 0, count = stored.elements(); i < count && isRight; ++i) {
      int64_t value = stored.integerAt(i);
      isRight = value >= array.type.min() && value <= array.type.max();
      if (!isRight)
        fail(Message::NpyValue, i, value, name(array.type), array.type.min(), array.type.max());
    }
    array.bytes = std::move(stored.bytes);
    return isRight;
  }

  Place place;
  Diagnostics &diagnostics;
};

std::string descrOf(ElementType type) {
  if (type == ElementType::bf16())
    return "|V2";
  char kind = type.isFloat() ? 'f' : type.isSigned() ? 'i' : 'u';
  return std::string(type.bytes() == 1 ? "|" : "<") + kind + std::to_string(type.bytes());
}

/// Version 1, padded so that the elements begin at a multiple of 64 bytes.
std::string headerOf(const Array &array) {
  std::string text = "{'descr': '" + descrOf(array.type) + "', 'fortran_order': False, 'shape': (";
  for (int64_t size : array.sizes)
    text += std::to_string(size) + ", ";
  if (array.sizes.size() > 1)
    text.resize(text.size() - 2);
  else if (!array.sizes.empty())
    text.pop_back();
  text += "), }";
  size_t fixed = kMagic.size() + 4;
  text.resize(llvm::alignTo(fixed + text.size() + 1, 64) - fixed - 1, ' ');
  text += '\n';
  std::string header = kMagic.str() + std::string("\x01\x00", 2);
  header += static_cast<char>(text.size() & 0xff);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

} // namespace

std::optional<Array> lathe::readNpy(StringRef path, std::optional<ElementType> wanted,
                                    Diagnostics &diagnostics) {
  Place place = diagnostics.sourceTexts().wholeFile(path);
  std::string why;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(path, why);
  if (buffer)
    return Reader(path, diagnostics).read(buffer->getBuffer(), wanted);
  diagnostics.report(Message::FileUnreadable, place, path, why);
  return std::nullopt;
}

bool lathe::writeNpy(StringRef path, const Array &array, Diagnostics &diagnostics) {
  StringRef elements(reinterpret_cast<const char *>(array.bytes.data()), array.bytes.size());
  std::error_code error = writeWhole(path, {headerOf(array), elements});
  if (error)
    diagnostics.report(Message::FileUnwritable, diagnostics.sourceTexts().wholeFile(path), path,
                       error.message());
  return !error;
}
