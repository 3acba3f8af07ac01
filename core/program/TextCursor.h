// A position in one line of text, with the few tokens that assembly has.
#pragma once

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SMLoc.h"

#include <optional>
#include <string>

namespace lathe {

/// Skips spaces before every token; a token that is not there leaves the position where it is.
class TextCursor {
public:
  explicit TextCursor(llvm::StringRef line) : rest(line) { skipSpaces(); }

  bool atEnd() const { return rest.empty(); }
  llvm::SMLoc loc() const { return llvm::SMLoc::getFromPointer(rest.data()); }

  /// What stands here, for "expected ..., found ...".
  std::string shown() const {
    if (rest.empty())
      return "the end of the line";
    return rest.take_while([](char c) { return c != ' '; }).take_front(40).str();
  }

  bool consume(char c) {
    if (!rest.consume_front(llvm::StringRef(&c, 1)))
      return false;
    skipSpaces();
    return true;
  }

  bool consume(llvm::StringRef mark) {
    if (!rest.starts_with(mark))
      return false;
    advance(mark.size());
    return true;
  }

  /// Letters, digits and `_ @ $`, and dots between them; empty when there are none.
  llvm::StringRef word() {
    llvm::StringRef found = nextWord();
    advance(found.size());
    return found;
  }

  /// The word that stands here, to be looked at.
  llvm::StringRef nextWord() const {
    size_t length = 0;
    while (length < rest.size() && isWordCharacter(length))
      ++length;
    return rest.take_front(length);
  }

  /// What stands here, up to the end of the line.
  llvm::StringRef text() const { return rest; }

  bool consumeWord(llvm::StringRef wanted) {
    if (nextWord() != wanted)
      return false;
    advance(wanted.size());
    return true;
  }

  /// Decimal or 0x..., optionally negative, within 64 bits.
  std::optional<int64_t> number() {
    llvm::StringRef digits = rest.take_while([first = true](char c) mutable {
      return std::exchange(first, false) ? c == '-' || isDigit(c) : llvm::isAlnum(c);
    });
    int64_t value = 0;
    uint64_t large = 0;
    unsigned radix = digits.contains("0x") ? 0 : 10;
    if (!digits.getAsInteger(radix, value)) {
      advance(digits.size());
      return value;
    }
    if (digits.starts_with("-") || digits.getAsInteger(radix, large))
      return std::nullopt;
    advance(digits.size());
    return static_cast<int64_t>(large);
  }

  std::optional<uint8_t> hexByte() {
    uint8_t value = 0;
    if (rest.size() < 2 || rest.take_front(2).getAsInteger(16, value))
      return std::nullopt;
    advance(2);
    return value;
  }

  /// Text between quotes; `\xx` is a byte in hexadecimal, `\\` a backslash.
  std::optional<std::string> quoted() {
    if (!rest.starts_with("\""))
      return std::nullopt;
    size_t end = rest.find('"', 1);
    if (end == llvm::StringRef::npos)
      return std::nullopt;
    std::string text = unescaped(rest.slice(1, end));
    advance(end + 1);
    return text;
  }

private:
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }
  static bool isLetter(char c) { return llvm::isAlnum(c) || c == '_' || c == '@' || c == '$'; }
  /// Two dots are a range, `0..8`, and part of no word.
  bool isWordCharacter(size_t at) const {
    bool isDot = rest[at] == '.' && at != 0 && at + 1 < rest.size() && isLetter(rest[at + 1]);
    return isDot || isLetter(rest[at]);
  }
  static std::string unescaped(llvm::StringRef text) {
    std::string result;
    for (size_t i = 0; i < text.size(); ++i) {
      uint8_t byte = 0;
      if (text[i] != '\\')
        result += text[i];
      else if (text.substr(i, 2) == "\\\\")
        result += text[++i];
      else if (!text.substr(i + 1, 2).getAsInteger(16, byte)) {
        result += static_cast<char>(byte);
        i += 2;
      }
    }
    return result;
  }
  void skipSpaces() { rest = rest.ltrim(" \t\r"); }
  void advance(size_t count) {
    rest = rest.drop_front(count);
    skipSpaces();
  }

  llvm::StringRef rest;
};

} // namespace lathe
