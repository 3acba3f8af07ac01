// Tokens to trees: the grammar of index notation.
#pragma once

#include "core/semantics/Lexer.h"
#include "core/semantics/ReservedWords.h"
#include "core/semantics/Syntax.h"

#include "llvm/ADT/StringSet.h"

namespace lathe {

/// Parses as much as it can; what could not be parsed is reported and left out.
///
/// The only place where names matter is `max(a, b) - c`, which is a reduction of `-c` when neither
/// a nor b is known, else a call; `knownNames` says what a text may refer to besides what it
/// declares.
class SyntaxParser {
public:
  SyntaxParser(std::vector<Token> tokens, Reporter &reporter, llvm::StringSet<> knownNames = {})
      : tokens(std::move(tokens)), reporter(reporter), known(std::move(knownNames)) {}

  std::vector<KernelSyntax> parseFile();
  std::vector<ItemSyntax> parseBody();
  std::optional<LayoutSyntax> parseLayout();

private:
  // Files and kernels (SyntaxParser.cpp)
  std::optional<KernelSyntax> parseKernel();
  bool parseDeclarations(std::vector<DeclarationSyntax> &list, llvm::StringRef close);
  std::optional<DeclarationSyntax> parseDeclaration();
  bool parseLevels(DeclarationSyntax &declaration);
  bool parseLevel(DeclarationSyntax &declaration);
  std::optional<ItemSyntax> parseItem();
  std::optional<StatementSyntax> parseStatement();
  bool parseAssign(StatementSyntax &statement);
  bool parseConditions(std::vector<SyntaxRef> &conditions);
  void parseItems(std::vector<ItemSyntax> &items, bool inBraces);
  bool atItemEnd() const;
  bool looksLikeItem(size_t at) const;
  bool parsePlace(LayoutSyntax &layout);
  void skipToItem();
  void skipToKernel();

  // Expressions (SyntaxExpressions.cpp). Null: reported.
  SyntaxRef parseExpression();
  SyntaxRef parseBinary(unsigned minLevel);
  SyntaxRef parseChain(SyntaxRef first);
  SyntaxRef parseUnary();
  SyntaxRef parsePrimary();
  SyntaxRef parseNumber(bool negative, llvm::SMLoc loc);
  SyntaxRef parseNamed();
  SyntaxRef parseReduction();
  bool parseList(std::vector<SyntaxRef> &list, llvm::StringRef close);
  bool isReduction() const;
  SyntaxRef finish(SyntaxRef node);

  const Token &peek(size_t ahead = 0) const {
    return tokens[std::min(position + ahead, tokens.size() - 1)];
  }
  Token take() { return tokens[position < tokens.size() - 1 ? position++ : position]; }
  bool accept(llvm::StringRef mark);
  bool expect(llvm::StringRef mark);
  bool expectName(Word &word, llvm::StringRef what);
  void expected(llvm::StringRef what);

  std::vector<Token> tokens;
  size_t position = 0;
  unsigned depth = 0;
  Reporter &reporter;
  llvm::StringSet<> known;
};

} // namespace lathe
