#include "core/semantics/SyntaxParser.h"

#include "llvm/ADT/StringSwitch.h"

using namespace lathe;
using llvm::StringRef;
using Kind = Syntax::Kind;

// Trees and brackets nest at most this deep, so that every later recursion is bounded.
static constexpr unsigned kDeepest = 300;

// As in C; comparisons are one level and chain.
enum Level : unsigned {
  Or = 1,
  And,
  BitOr,
  BitXor,
  BitAnd,
  Compare,
  Shift,
  Sum,
  Product,
  None = 0
};

static Level levelOf(const Token &token) {
  if (token.kind == TokenKind::Name)
    return token.text == "or" ? Or : token.text == "and" ? And : None;
  if (token.kind != TokenKind::Mark)
    return None;
  return llvm::StringSwitch<Level>(token.text)
      .Case("|", BitOr)
      .Case("^", BitXor)
      .Case("&", BitAnd)
      .Cases({"<", "<=", ">", ">=", "==", "!="}, Compare)
      .Cases({"<<", ">>"}, Shift)
      .Cases({"+", "-"}, Sum)
      .Cases({"*", "/", "%"}, Product)
      .Default(None);
}

static SyntaxRef makeNode(Kind kind, llvm::SMLoc loc, StringRef text) {
  auto node = std::make_unique<Syntax>();
  node->kind = kind;
  node->loc = loc;
  node->text = text;
  return node;
}

/// Sets the tree's depth. A list counts with its length: it may become a chain of binary nodes.
SyntaxRef SyntaxParser::finish(SyntaxRef node) {
  unsigned deepest = 0;
  for (const SyntaxRef &operand : node->operands)
    deepest = std::max(deepest, operand->depth);
  size_t lists = std::max<size_t>(node->words.size(), node->operands.size());
  node->depth = deepest + 1 + (lists > 4 ? unsigned(std::min<size_t>(lists, kDeepest)) : 0);
  if (node->depth <= kDeepest)
    return node;
  reporter.error(Message::NestedTooDeep, node->loc, kDeepest);
  return nullptr;
}

SyntaxRef SyntaxParser::parseExpression() { return parseBinary(Or); }

SyntaxRef SyntaxParser::parseBinary(unsigned minLevel) {
  SyntaxRef left = parseUnary();
  while (left) {
    Token token = peek();
    Level level = levelOf(token);
    if (level == None || level < minLevel)
      return left;
    if (level == Compare) {
      left = parseChain(std::move(left));
      continue;
    }
    take();
    SyntaxRef right = parseBinary(level + 1);
    if (!right)
      return nullptr;
    SyntaxRef node = makeNode(Kind::Binary, token.loc(), token.text);
    node->operands.push_back(std::move(left));
    node->operands.push_back(std::move(right));
    left = finish(std::move(node));
  }
  return nullptr;
}

SyntaxRef SyntaxParser::parseChain(SyntaxRef first) {
  SyntaxRef node = makeNode(Kind::Chain, peek().loc(), "");
  node->operands.push_back(std::move(first));
  while (levelOf(peek()) == Compare) {
    Token token = take();
    node->words.push_back({token.text, token.loc()});
    SyntaxRef operand = parseBinary(Shift);
    if (!operand)
      return nullptr;
    node->operands.push_back(std::move(operand));
  }
  return finish(std::move(node));
}

/// Counts how deep the parser itself is; a bracket costs a few frames of each level.
struct DepthScope {
  explicit DepthScope(unsigned &depth) : depth(depth) { ++depth; }
  ~DepthScope() { --depth; }
  unsigned &depth;
};

SyntaxRef SyntaxParser::parseUnary() {
  DepthScope scope(depth);
  Token token = peek();
  if (depth > kDeepest) {
    reporter.error(Message::NestedTooDeep, token.loc(), kDeepest);
    return nullptr;
  }
  if (isReduction())
    return parseReduction();
  bool isNot = token.is("not");
  if (!isNot && !token.is("-") && !token.is("~"))
    return parsePrimary();
  take();
  if (token.is("-") && (peek().kind == TokenKind::Integer || peek().kind == TokenKind::Real))
    return parseNumber(/*negative=*/true, token.loc());
  SyntaxRef operand = isNot ? parseBinary(BitOr) : parseUnary();
  if (!operand)
    return nullptr;
  SyntaxRef node = makeNode(isNot ? Kind::Not : Kind::Unary, token.loc(), token.text);
  node->operands.push_back(std::move(operand));
  return finish(std::move(node));
}

SyntaxRef SyntaxParser::parseNumber(bool negative, llvm::SMLoc loc) {
  Token token = take();
  bool isReal = token.kind == TokenKind::Real;
  SyntaxRef node = makeNode(isReal ? Kind::Real : Kind::Integer, loc, token.text);
  node->integer = token.integer;
  node->negative = negative;
  node->real = negative ? -token.real : token.real;
  return node;
}

SyntaxRef SyntaxParser::parsePrimary() {
  Token token = peek();
  if (token.kind == TokenKind::Integer || token.kind == TokenKind::Real)
    return parseNumber(/*negative=*/false, token.loc());
  if (accept("(")) {
    SyntaxRef inner = parseExpression();
    return inner && expect(")") ? std::move(inner) : nullptr;
  }
  if (token.kind == TokenKind::Name && !token.is("where") && !token.is("kernel"))
    return parseNamed();
  expected("a value");
  return nullptr;
}

SyntaxRef SyntaxParser::parseNamed() {
  Token token = take();
  if (token.is("inf") || token.is("nan")) {
    SyntaxRef node = makeNode(Kind::Real, token.loc(), token.text);
    node->real = token.is("inf") ? std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::quiet_NaN();
    return node;
  }
  SyntaxRef node = makeNode(Kind::Name, token.loc(), token.text);
  if (peek().is("(") && !peek().startsLine) {
    take();
    node->kind = Kind::Call;
    return parseList(node->operands, ")") ? finish(std::move(node)) : nullptr;
  }
  if (isReservedWord(token.text)) {
    reporter.error(Message::ReservedName, token.loc(), token.text);
    return nullptr;
  }
  // Grid coordinates are leading subscripts: t@[x,y][i] is t[x,y,i].
  if (accept("@")) {
    node->kind = Kind::Subscript;
    if (!expect("[") || !parseList(node->operands, "]"))
      return nullptr;
  }
  if (peek().is("[") && !peek().startsLine) {
    take();
    node->kind = Kind::Subscript;
    if (!parseList(node->operands, "]"))
      return nullptr;
  }
  return finish(std::move(node));
}

bool SyntaxParser::parseList(std::vector<SyntaxRef> &list, StringRef close) {
  do {
    SyntaxRef item = parseExpression();
    if (!item)
      return false;
    list.push_back(std::move(item));
  } while (accept(","));
  return expect(close);
}

/// Whether a reduction begins here. `max` and `min` are also functions: a list of names followed by
/// the start of a term on the same line is a reduction, except `max(a, b) - c` of known a or b.
bool SyntaxParser::isReduction() const {
  if (peek().kind != TokenKind::Name || !isReductionWord(peek().text) || !peek(1).is("("))
    return false;
  if (!peek().is("max") && !peek().is("min"))
    return true;
  size_t at = 2, names = 0;
  bool anyKnown = false;
  for (;; at += 2) {
    if (peek(at).kind != TokenKind::Name)
      return false;
    if (peek(at + 1).is("<"))
      return true;
    anyKnown |= known.contains(peek(at).text);
    ++names;
    if (!peek(at + 1).is(","))
      break;
  }
  if (peek(at + 1).is("where"))
    return true;
  if (!peek(at + 1).is(")"))
    return false;
  const Token &next = peek(at + 2);
  bool startsTerm = next.kind == TokenKind::Integer || next.kind == TokenKind::Real ||
                    next.is("(") || next.is("~") || next.is("-") || next.is("not") ||
                    (next.kind == TokenKind::Name && levelOf(next) == None && !next.is("where"));
  bool certain = !next.startsLine && !next.is("-");
  return names == 1 || (startsTerm && (certain || !anyKnown));
}

SyntaxRef SyntaxParser::parseReduction() {
  Token token = take();
  take(); // "("
  SyntaxRef node = makeNode(Kind::Reduce, token.loc(), token.text);
  node->operands.emplace_back();
  do {
    Word loop;
    if (!expectName(loop, "a loop's name"))
      return nullptr;
    node->words.push_back(loop);
    known.insert(loop.text);
    SyntaxRef limit = accept("<") ? parseBinary(Sum) : nullptr;
    if (!limit && tokens[position - 1].is("<"))
      return nullptr;
    node->limits.push_back(std::move(limit));
  } while (accept(","));
  if (accept("where") && !parseConditions(node->operands))
    return nullptr;
  if (!expect(")"))
    return nullptr;
  node->operands[0] = parseBinary(Product);
  return node->operands[0] ? finish(std::move(node)) : nullptr;
}

std::optional<LayoutSyntax> SyntaxParser::parseLayout() {
  LayoutSyntax layout;
  layout.element = parseExpression();
  if (!layout.element)
    return std::nullopt;
  if (accept("in")) {
    layout.bytes = parseExpression();
    if (!layout.bytes)
      return std::nullopt;
  }
  if (!expect(":"))
    return std::nullopt;
  do {
    if (!parsePlace(layout))
      return std::nullopt;
  } while (accept(","));
  if (peek().kind == TokenKind::End)
    return layout;
  expected("',' or the end of the layout");
  return std::nullopt;
}

/// `byte e`, `bit e` or `else e`, each once.
bool SyntaxParser::parsePlace(LayoutSyntax &layout) {
  Token word = peek();
  SyntaxRef *place = word.is("byte")   ? &layout.byte
                     : word.is("bit")  ? &layout.bit
                     : word.is("else") ? &layout.rest
                                       : nullptr;
  if (!place || *place) {
    expected(place ? "a place that is not given yet" : "'byte', 'bit' or 'else'");
    return false;
  }
  take();
  *place = parseExpression();
  return *place != nullptr;
}
