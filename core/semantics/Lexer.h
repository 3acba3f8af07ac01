// Characters of index notation to tokens.
#pragma once

#include "core/semantics/Reporter.h"

namespace lathe {

enum class TokenKind : uint8_t { End, Name, Integer, Real, Mark };

struct Token {
  TokenKind kind = TokenKind::End;
  bool startsLine = false; ///< the first token of its line
  llvm::StringRef text;    ///< points into the text: its place
  uint64_t integer = 0;
  double real = 0;

  bool is(llvm::StringRef mark) const { return kind != TokenKind::End && text == mark; }
  llvm::SMLoc loc() const { return llvm::SMLoc::getFromPointer(text.data()); }
};

/// The tokens of `text`, an End token last. Names may contain dots between parts (`a.val`);
/// integers are decimal, `0x` or `0b`; `//` comments to the end of the line. A character that
/// belongs to nothing, a number over 64 bits or a name over 200 characters is reported and skipped.
std::vector<Token> lex(llvm::StringRef text, Reporter &reporter);

} // namespace lathe
