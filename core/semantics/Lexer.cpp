#include "core/semantics/Lexer.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {

constexpr size_t kLongestName = 200;

// Longest first, so that the first that fits is the right one.
constexpr StringRef kMarks[] = {"->", "+=", "<<", ">>", "<=", ">=", "==", "!=", "+", "-",
                                "*",  "/",  "%",  "&",  "|",  "^",  "~",  "<",  ">", "=",
                                "(",  ")",  "[",  "]",  "{",  "}",  ",",  ";",  ":", "@"};

bool isNameStart(char c) { return llvm::isAlpha(c) || c == '_'; }
bool isNamePart(char c) { return llvm::isAlnum(c) || c == '_'; }

class Lexer {
public:
  Lexer(StringRef text, Reporter &reporter) : rest(text), reporter(reporter) {}

  std::vector<Token> run() {
    while (skipBlanks())
      lexOne();
    push(TokenKind::End, 0);
    return std::move(tokens);
  }

private:
  /// To the next token; false at the end.
  bool skipBlanks() {
    while (!rest.empty()) {
      if (rest.starts_with("//"))
        rest = rest.drop_until([](char c) { return c == '\n'; });
      else if (llvm::isSpace(rest[0]))
        skipSpace();
      else
        return true;
    }
    return false;
  }

  void skipSpace() {
    startsLine |= rest[0] == '\n';
    rest = rest.drop_front();
  }

  Token &push(TokenKind kind, size_t length) {
    Token token;
    token.kind = kind;
    token.startsLine = startsLine;
    token.text = rest.take_front(length);
    rest = rest.drop_front(length);
    startsLine = false;
    return tokens.emplace_back(token);
  }

  void lexOne() {
    if (isNameStart(rest[0]))
      return lexName();
    if (llvm::isDigit(rest[0]))
      return lexNumber();
    for (StringRef mark : kMarks)
      if (rest.starts_with(mark)) {
        push(TokenKind::Mark, mark.size());
        return;
      }
    skipUnknown();
  }

  void skipUnknown() {
    // One message for a run: text in another encoding would give one for every byte.
    size_t length = 1;
    while (length < rest.size() && !llvm::isPrint(rest[0]) && !llvm::isPrint(rest[length]) &&
           !llvm::isSpace(rest[length]))
      ++length;
    std::string shown = llvm::isPrint(rest[0]) ? "'" + rest.take_front(1).str() + "'"
                                               : "0x" + llvm::utohexstr(uint8_t(rest[0]), true);
    reporter.error(Message::UnexpectedCharacter, here(), shown);
    rest = rest.drop_front(length);
  }

  void lexName() {
    size_t length = 1;
    while (length < rest.size() &&
           (isNamePart(rest[length]) ||
            (rest[length] == '.' && length + 1 < rest.size() && isNameStart(rest[length + 1]))))
      ++length;
    if (length > kLongestName)
      reporter.error(Message::NameTooLong, here(), length, kLongestName);
    push(TokenKind::Name, length);
  }

  void lexNumber() {
    size_t length = 1;
    bool isHex = rest.starts_with("0x") || rest.starts_with("0b");
    while (length < rest.size() && (isNamePart(rest[length]) || continuesReal(length, isHex)))
      ++length;
    StringRef text = rest.take_front(length);
    bool isReal = !isHex && text.find_first_of(".eE") != StringRef::npos;
    llvm::SMLoc loc = here();
    Token &token = push(isReal ? TokenKind::Real : TokenKind::Integer, length);
    bool bad = isReal ? text.getAsDouble(token.real) : readInteger(text, token.integer);
    if (bad)
      reporter.error(Message::BadNumber, loc, text.take_front(40));
  }

  bool continuesReal(size_t at, bool isHex) const {
    char c = rest[at];
    bool afterExponent = llvm::toLower(rest[at - 1]) == 'e';
    return !isHex && (c == '.' || ((c == '-' || c == '+') && afterExponent));
  }

  static bool readInteger(StringRef text, uint64_t &value) {
    if (text.consume_front("0x"))
      return text.getAsInteger(16, value);
    if (text.consume_front("0b"))
      return text.getAsInteger(2, value);
    return text.getAsInteger(10, value);
  }

  llvm::SMLoc here() const { return llvm::SMLoc::getFromPointer(rest.data()); }

  StringRef rest;
  Reporter &reporter;
  std::vector<Token> tokens;
  bool startsLine = true;
};

} // namespace

std::vector<Token> lathe::lex(StringRef text, Reporter &reporter) {
  return Lexer(text, reporter).run();
}
