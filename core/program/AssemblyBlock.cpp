#include "core/program/AssemblyBlock.h"

using namespace lathe;
using llvm::SMLoc;
using llvm::StringRef;
using Kind = AssemblyLine::Kind;

// A generated file that is wrong in every line helps nobody with 100,000 messages.
static constexpr unsigned kMostErrors = 100;
static constexpr unsigned kDeepestBlock = 32;

// Where `//` begins, outside quotes.
static size_t commentStart(StringRef line) {
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    quoted ^= line[i] == '"';
    if (!quoted && line.substr(i).starts_with("//"))
      return i;
  }
  return StringRef::npos;
}

bool AssemblyText::next() {
  if (rest.empty() || diagnostics.errorCount() >= kMostErrors)
    return false;
  size_t length = std::min(rest.find('\n'), rest.size());
  current = rest.take_front(length);
  rest = rest.drop_front(std::min(length + 1, rest.size()));
  current = current.take_front(commentStart(current));
  return true;
}

bool AssemblyText::wanted(TextCursor &cursor, StringRef what) {
  diagnostics.report(Message::ProgramSyntax, cursor.loc(), what, cursor.shown());
  return false;
}

bool AssemblyText::expect(TextCursor &cursor, char c) {
  return cursor.consume(c) || wanted(cursor, (llvm::Twine("'") + llvm::Twine(c) + "'").str());
}

bool AssemblyText::expectEnd(TextCursor &cursor) {
  return cursor.atEnd() || wanted(cursor, "the end of the line");
}

void AssemblyText::unclosed(SMLoc opened) {
  diagnostics.report(Message::ProgramSyntax, opened, "a line with '}' that closes this block",
                     "the end of the file");
}

std::optional<AssemblyLine> lathe::parseAssemblyConstant(TextCursor &cursor, AssemblyText &text,
                                                         Diagnostics &diagnostics) {
  AssemblyLine line;
  line.loc = cursor.loc();
  bool isLet = cursor.consumeWord("let");
  if (!isLet && !cursor.consumeWord("require"))
    return std::nullopt;
  if (isLet) {
    line.loc = cursor.loc();
    line.name = cursor.word();
    if (line.name.empty() ? !text.wanted(cursor, "a name") : !text.expect(cursor, '='))
      return AssemblyLine();
  }
  line.value = parseAssemblyExpr(cursor, diagnostics);
  if (line.value && text.expectEnd(cursor))
    line.kind = isLet ? Kind::Let : Kind::Require;
  return line;
}

AssemblyBlockParser::AssemblyBlockParser(AssemblyText &text, const Target &target,
                                         Diagnostics &diagnostics)
    : text(text), target(target), diagnostics(diagnostics) {
  for (unsigned i = 0; i < target.intrinsics.size(); ++i)
    intrinsics[target.intrinsics[i].name] = i;
}

std::optional<AssemblyLine> AssemblyBlockParser::parse() {
  TextCursor cursor = text.cursor();
  AssemblyLine line;
  TextCursor ahead = cursor;
  if (StringRef word = ahead.word(); !word.empty() && ahead.consume(':')) {
    line.label = word;
    line.loc = cursor.loc();
    cursor = ahead;
  }
  if (cursor.atEnd())
    return line;
  StringRef label = line.label;
  bool isInstruction = intrinsics.contains(cursor.nextWord());
  if (!isInstruction)
    if (auto constant = parseAssemblyConstant(cursor, text, diagnostics)) {
      if (constant->kind == Kind::Nothing)
        return std::nullopt;
      constant->label = label;
      return constant;
    }
  line.loc = cursor.loc();
  bool parsed = false;
  if (!isInstruction && cursor.consumeWord("for"))
    parsed = parseFor(cursor, line);
  else if (!isInstruction && cursor.consumeWord("if"))
    parsed = parseIf(cursor, line);
  else
    parsed = parseInstruction(cursor.word(), cursor, line);
  return parsed ? std::optional(std::move(line)) : std::nullopt;
}

void AssemblyBlockParser::unknownMnemonic(StringRef mnemonic, TextCursor &cursor) {
  std::vector<StringRef> names;
  for (const Intrinsic &intrinsic : target.intrinsics)
    names.push_back(intrinsic.name);
  std::optional<StringRef> meant = nearest(mnemonic, names);
  SMLoc loc = mnemonic.empty() ? cursor.loc() : SMLoc::getFromPointer(mnemonic.data());
  diagnostics.report(Message::ProgramUnknownIntrinsic, loc, target.name,
                     mnemonic.empty() ? cursor.shown() : mnemonic.str(),
                     meant ? ("did you mean '" + *meant + "'?").str() : "");
}

bool AssemblyBlockParser::parseInstruction(StringRef mnemonic, TextCursor &cursor,
                                           AssemblyLine &line) {
  auto found = intrinsics.find(mnemonic);
  if (found == intrinsics.end()) {
    unknownMnemonic(mnemonic, cursor);
    return false;
  }
  line.kind = Kind::Instruction;
  line.intrinsic = found->second;
  while (!cursor.atEnd())
    if (!parseArgument(cursor, line))
      return false;
  return addDefaults(line);
}

bool AssemblyBlockParser::parseArgument(TextCursor &cursor, AssemblyLine &line) {
  const Intrinsic &intrinsic = target.intrinsics[line.intrinsic];
  SMLoc loc = cursor.loc();
  StringRef name = cursor.word();
  std::optional<unsigned> index = intrinsic.findArgument(name);
  if (!index) {
    diagnostics.report(Message::ProgramUnknownOperand, loc, intrinsic.name,
                       name.empty() ? cursor.shown() : name.str());
    return false;
  }
  for (const AssemblyArgument &given : line.arguments)
    if (given.argument == *index) {
      diagnostics.report(Message::ProgramDuplicate, loc, "operand", name);
      return false;
    }
  if (!text.expect(cursor, '='))
    return false;
  AssemblyArgument argument;
  argument.argument = *index;
  argument.loc = cursor.loc();
  argument.value = parseAssemblyExpr(cursor, diagnostics);
  bool parsed = argument.value != nullptr;
  if (parsed && cursor.text().starts_with("=")) { // what was read is the next operand's name
    diagnostics.report(Message::ProgramSyntax, argument.loc, "a value", "another operand");
    return false;
  }
  line.arguments.push_back(std::move(argument));
  return parsed;
}

/// Operands that were not given: their defaults, or they are missed.
bool AssemblyBlockParser::addDefaults(AssemblyLine &line) {
  const Intrinsic &intrinsic = target.intrinsics[line.intrinsic];
  std::vector<bool> given(intrinsic.arguments.size());
  for (const AssemblyArgument &argument : line.arguments)
    given[argument.argument] = true;
  bool complete = true;
  for (unsigned i = 0; i < given.size(); ++i) {
    const Argument &argument = intrinsic.arguments[i];
    if (given[i])
      continue;
    if (!argument.defaultValue) {
      diagnostics.report(Message::ProgramMissingOperand, line.loc, intrinsic.name, argument.name);
      complete = false;
      continue;
    }
    auto number = std::make_unique<AssemblyExpr>();
    number->number = *argument.defaultValue;
    line.arguments.push_back({i, line.loc, std::move(number)});
  }
  return complete;
}

bool AssemblyBlockParser::parseFor(TextCursor &cursor, AssemblyLine &line) {
  line.kind = Kind::For;
  line.loc = cursor.loc();
  line.name = cursor.word();
  bool valid = line.name.empty()           ? text.wanted(cursor, "a loop's name")
               : !cursor.consumeWord("in") ? text.wanted(cursor, "'in'")
                                           : true;
  if (valid)
    line.value = parseAssemblyExpr(cursor, diagnostics);
  if (line.value && !cursor.consume(".."))
    valid = text.wanted(cursor, "'..' and the end of the range");
  if (valid && line.value)
    line.end = parseAssemblyExpr(cursor, diagnostics);
  valid = valid && line.end;
  if (valid && cursor.consumeWord("step")) {
    line.step = parseAssemblyExpr(cursor, diagnostics);
    valid = line.step != nullptr;
  }
  if (!parseBody(cursor, line.body, valid))
    return false;
  TextCursor end = text.cursor();
  end.consume('}');
  return text.expectEnd(end) && valid;
}

bool AssemblyBlockParser::parseIf(TextCursor &cursor, AssemblyLine &line) {
  line.kind = Kind::If;
  line.value = parseAssemblyExpr(cursor, diagnostics);
  bool valid = line.value != nullptr;
  return parseBody(cursor, line.body, valid) && parseElse(line) && valid;
}

/// `} else {` or `} else if VALUE {`; any other end of the block is left to be the last line.
bool AssemblyBlockParser::parseElse(AssemblyLine &line) {
  TextCursor cursor = text.cursor();
  if (!cursor.consume('}') || cursor.atEnd())
    return true;
  if (!cursor.consumeWord("else"))
    return text.wanted(cursor, "'else' or the end of the line");
  if (cursor.consumeWord("if")) {
    AssemblyLine nested;
    nested.loc = cursor.loc();
    if (!deeper(nested.loc))
      return false;
    bool parsed = parseIf(cursor, nested);
    --depth;
    line.otherwise.push_back(std::move(nested));
    return parsed;
  }
  if (!parseBody(cursor, line.otherwise, /*headIsValid=*/true))
    return false;
  cursor = text.cursor();
  cursor.consume('}');
  return text.expectEnd(cursor);
}

bool AssemblyBlockParser::deeper(SMLoc loc) {
  if (++depth <= kDeepestBlock)
    return true;
  diagnostics.report(Message::NestedTooDeep, loc, kDeepestBlock);
  return false;
}

/// From `{` at the line's end to the line that closes the block, which stays the current one. What
/// stands before a brace may have been reported: the body's lines deserve their messages all the
/// same.
bool AssemblyBlockParser::parseBody(TextCursor &cursor, std::vector<AssemblyLine> &body,
                                    bool headIsValid) {
  SMLoc opened = cursor.loc();
  bool opens = headIsValid ? text.expect(cursor, '{') : text.line().rtrim().ends_with("{");
  if (!opens || !deeper(opened))
    return false;
  headIsValid = headIsValid && text.expectEnd(cursor);
  bool valid = true;
  while (text.next()) {
    if (text.closesBlock()) {
      --depth;
      return valid && headIsValid;
    }
    if (text.cursor().atEnd())
      continue;
    auto line = parse();
    valid &= line.has_value();
    if (line)
      body.push_back(std::move(*line));
  }
  text.unclosed(opened);
  return false;
}
