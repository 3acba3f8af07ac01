#include "core/semantics/SyntaxParser.h"

using namespace lathe;
using llvm::StringRef;

bool SyntaxParser::accept(StringRef mark) {
  if (!peek().is(mark))
    return false;
  take();
  return true;
}

void SyntaxParser::expected(StringRef what) {
  const Token &token = peek();
  std::string found = token.kind == TokenKind::End ? std::string("the end of the text")
                                                   : "'" + token.text.take_front(40).str() + "'";
  reporter.error(Message::ExpectedToken, token.loc(), what, found);
}

bool SyntaxParser::expect(StringRef mark) {
  if (accept(mark))
    return true;
  expected("'" + mark.str() + "'");
  return false;
}

bool SyntaxParser::expectName(Word &word, StringRef what) {
  const Token &token = peek();
  if (token.kind != TokenKind::Name) {
    expected(what);
    return false;
  }
  word = {token.text, token.loc()};
  if (isReservedWord(token.text)) {
    reporter.error(Message::ReservedName, token.loc(), token.text);
    return false;
  }
  take();
  return true;
}

std::vector<KernelSyntax> SyntaxParser::parseFile() {
  std::vector<KernelSyntax> kernels;
  if (peek().kind == TokenKind::End)
    reporter.error(Message::NoKernel, peek().loc());
  while (peek().kind != TokenKind::End && !reporter.isFull()) {
    known.clear();
    if (auto kernel = parseKernel())
      kernels.push_back(std::move(*kernel));
    else
      skipToKernel();
  }
  return kernels;
}

void SyntaxParser::skipToKernel() {
  while (peek().kind != TokenKind::End && !(peek().is("kernel") && peek().startsLine))
    take();
}

std::optional<KernelSyntax> SyntaxParser::parseKernel() {
  KernelSyntax kernel;
  if (!expect("kernel")) {
    take(); // The next search must not find this token again.
    return std::nullopt;
  }
  if (!expectName(kernel.name, "the kernel's name") || !expect("(") ||
      !parseDeclarations(kernel.parameters, ")") || !expect("->"))
    return std::nullopt;
  if (accept("(")) {
    if (!parseDeclarations(kernel.results, ")"))
      return std::nullopt;
  } else {
    auto result = parseDeclaration();
    if (!result)
      return std::nullopt;
    kernel.results.push_back(std::move(*result));
  }
  kernel.reassociate = accept("reassociate");
  if (!expect("{"))
    return std::nullopt;
  parseItems(kernel.body, /*inBraces=*/true);
  if (!expect("}"))
    return std::nullopt;
  return kernel;
}

bool SyntaxParser::parseDeclarations(std::vector<DeclarationSyntax> &list, StringRef close) {
  if (accept(close))
    return true;
  do {
    auto declaration = parseDeclaration();
    if (!declaration)
      return false;
    list.push_back(std::move(*declaration));
  } while (accept(","));
  return expect(close);
}

static void addNames(const Syntax &node, llvm::StringSet<> &names) {
  if (node.kind == Syntax::Kind::Name)
    names.insert(node.text);
  for (const SyntaxRef &operand : node.operands)
    addNames(*operand, names);
}

std::optional<DeclarationSyntax> SyntaxParser::parseDeclaration() {
  DeclarationSyntax declaration;
  if (!expectName(declaration.name, "a tensor's name") || !expect(":"))
    return std::nullopt;
  const Token &token = peek();
  auto type = token.kind == TokenKind::Name ? parseElementType(token.text) : std::nullopt;
  if (token.kind != TokenKind::Name) {
    expected("an element type");
    return std::nullopt;
  }
  // The shape still parses, so go on: the rest of the file deserves its messages too.
  if (!type)
    reporter.error(Message::UnknownElementType, token.loc(), token.text);
  declaration.type = type.value_or(ElementType());
  take();
  known.insert(declaration.name.text);
  if (accept("[") && !parseList(declaration.shape, "]"))
    return std::nullopt;
  for (const SyntaxRef &size : declaration.shape)
    addNames(*size, known);
  if (peek().is("sparse") && !parseLevels(declaration))
    return std::nullopt;
  return declaration;
}

/// sparse(M: dense, K: compressed)
bool SyntaxParser::parseLevels(DeclarationSyntax &declaration) {
  take();
  if (!expect("("))
    return false;
  do {
    if (!parseLevel(declaration))
      return false;
  } while (accept(","));
  return expect(")");
}

bool SyntaxParser::parseLevel(DeclarationSyntax &declaration) {
  Word dimension;
  if (!expectName(dimension, "a dimension's name") || !expect(":"))
    return false;
  Token level = peek();
  if (!level.is("dense") && !level.is("compressed") && !level.is("singleton") &&
      !level.is("structured")) {
    reporter.error(Message::UnknownLevel, level.loc(), level.text);
    return false;
  }
  take();
  std::string text = level.text.str();
  if (level.is("structured")) {
    if (!expect("["))
      return false;
    Token kept = take();
    if (!expect(","))
      return false;
    Token group = take();
    if (kept.kind != TokenKind::Integer || group.kind != TokenKind::Integer || kept.integer == 0 ||
        kept.integer > group.integer) {
      reporter.error(Message::BadStructure, kept.loc(), kept.text, group.text);
      return false;
    }
    text += "[" + std::to_string(kept.integer) + ", " + std::to_string(group.integer) + "]";
    if (!expect("]"))
      return false;
  }
  declaration.sparse.push_back({dimension.text.str(), text});
  declaration.sparseLocs.push_back(dimension.loc);
  return true;
}

std::vector<ItemSyntax> SyntaxParser::parseBody() {
  std::vector<ItemSyntax> items;
  parseItems(items, /*inBraces=*/false);
  return items;
}

void SyntaxParser::parseItems(std::vector<ItemSyntax> &items, bool inBraces) {
  while (!reporter.isFull()) {
    while (accept(";"))
      ;
    if (peek().kind == TokenKind::End || (inBraces && peek().is("}")))
      return;
    size_t start = position;
    auto item = parseItem();
    if (item && !atItemEnd()) {
      expected("the end of the statement");
      item.reset();
    }
    if (!item) {
      item.emplace().broken = Word{tokens[start].text, tokens[start].loc()};
      if (position == start) // the next item must not be the same again
        take();
      skipToItem();
    }
    items.push_back(std::move(*item));
  }
}

bool SyntaxParser::atItemEnd() const {
  const Token &token = peek();
  return token.kind == TokenKind::End || token.startsLine || token.is(";") || token.is("}");
}

/// Whether a declaration or statement begins at token `at`: a name, perhaps subscripts, and then
/// `:` or an assignment.
bool SyntaxParser::looksLikeItem(size_t at) const {
  constexpr size_t kFarthest = 256;
  auto token = [&](size_t i) -> const Token & { return tokens[std::min(i, tokens.size() - 1)]; };
  if (token(at).kind != TokenKind::Name)
    return false;
  size_t i = at + 1;
  i += token(i).is("@");
  for (int open = 0; i < at + kFarthest; ++i) {
    open += token(i).is("[");
    if (open == 0)
      break;
    open -= token(i).is("]");
  }
  if (token(i).is("max") || token(i).is("min"))
    ++i;
  return token(i).is("=") || token(i).is("+=") || token(i).is(":");
}

/// After a mistake: to the next statement, the closing brace, or the next kernel.
void SyntaxParser::skipToItem() {
  if (peek().kind != TokenKind::End && !peek().is("}") && !peek().is(";") && !peek().startsLine)
    take();
  while (peek().kind != TokenKind::End && !peek().is(";") && !peek().is("}")) {
    if (peek().startsLine && (peek().is("kernel") || looksLikeItem(position)))
      return;
    take();
  }
}

std::optional<ItemSyntax> SyntaxParser::parseItem() {
  ItemSyntax item;
  if (peek().is("kernel")) {
    expected("'}'");
    position = tokens.size() - 1;
    return std::nullopt;
  }
  if (peek(1).is(":"))
    item.declaration = parseDeclaration();
  else
    item.statement = parseStatement();
  if (!item.declaration && !item.statement)
    return std::nullopt;
  return item;
}

std::optional<StatementSyntax> SyntaxParser::parseStatement() {
  StatementSyntax statement;
  statement.loc = peek().loc();
  if (peek().kind != TokenKind::Name) {
    expected("a statement");
    return std::nullopt;
  }
  if (isReservedWord(peek().text)) {
    reporter.error(Message::ReservedName, peek().loc(), peek().text);
    return std::nullopt;
  }
  statement.target = parsePrimary();
  if (!statement.target || !parseAssign(statement))
    return std::nullopt;
  addNames(*statement.target, known);
  known.insert(statement.target->text);
  statement.value = parseExpression();
  if (!statement.value)
    return std::nullopt;
  if (accept("where") && !parseConditions(statement.conditions))
    return std::nullopt;
  return statement;
}

bool SyntaxParser::parseAssign(StatementSyntax &statement) {
  const Token &token = peek();
  statement.assign = {token.text, token.loc()};
  bool isWord = token.is("max") || token.is("min");
  if (!isWord && !token.is("=") && !token.is("+=")) {
    expected("'=', '+=', 'max=' or 'min='");
    return false;
  }
  take();
  return !isWord || expect("=");
}

bool SyntaxParser::parseConditions(std::vector<SyntaxRef> &conditions) {
  do {
    SyntaxRef condition = parseExpression();
    if (!condition)
      return false;
    conditions.push_back(std::move(condition));
  } while (accept(","));
  return true;
}
