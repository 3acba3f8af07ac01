// Reads the text form of Assembly.h. Line by line, so that one mistake does not hide the next.
#include "core/program/Assembly.h"
#include "core/program/TextCursor.h"
#include "core/semantics/Parser.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::SMLoc;
using llvm::StringRef;

// A generated file that is wrong in every line helps nobody with 100,000 messages.
static constexpr unsigned kMostErrors = 100;

namespace {
/// Names of the target's intrinsics and their arguments, hashed.
struct MnemonicTable {
  explicit MnemonicTable(const Target &target) {
    for (unsigned i = 0; i < target.intrinsics.size(); ++i)
      byName[target.intrinsics[i].name] = i;
  }
  llvm::StringMap<unsigned> byName;
};

class ProgramReader {
public:
  ProgramReader(unsigned file, const Target &target, Diagnostics &diagnostics)
      : file(file), target(target), diagnostics(diagnostics), mnemonics(target),
        rest(diagnostics.sourceTexts().text(file)), line(rest.take_front(0)) {}

  std::optional<Program> read();

private:
  bool nextLine();
  bool wanted(TextCursor &cursor, StringRef what);
  bool expect(TextCursor &cursor, char c);
  std::optional<int64_t> number(TextCursor &cursor, StringRef what);
  void expectEnd(TextCursor &cursor);

  void readHeader();
  void readItem();
  void readSymbol(Symbol::Kind kind, TextCursor cursor);
  bool readSizes(TextCursor &cursor, Symbol &symbol);
  bool readData(Symbol &symbol, SMLoc opened);
  bool readHexLine(Symbol &symbol);
  void addSymbol(Symbol symbol, SMLoc loc);
  void readStep(ProgramStep::Kind kind, TextCursor cursor);
  void readInstructions(ProgramStep &step, SMLoc opened);
  void readInstruction(ProgramStep &step);
  void readArgument(TextCursor &cursor, const Intrinsic &intrinsic, std::vector<int64_t> &values,
                    std::vector<bool> &given);
  std::optional<int64_t> readHostAddress(TextCursor &cursor);
  void checkRange(const Argument &argument, int64_t value, SMLoc loc);
  void skipHostBlock(SMLoc opened);
  std::optional<Semantics> parseHostBlock(StringRef body);
  void parseHostBlocks();
  void unclosed(SMLoc opened);
  bool blockEnds() const { return line.starts_with("}"); }

  unsigned file;
  const Target &target;
  Diagnostics &diagnostics;
  MnemonicTable mnemonics;
  StringRef rest; ///< after `line`
  StringRef line; ///< without its end and comment
  Program program;
  llvm::StringMap<unsigned> symbolIndex;
  std::vector<StringRef> hostBodies; ///< as long as there are host steps, in order
};
} // namespace

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

bool ProgramReader::nextLine() {
  if (rest.empty() || diagnostics.errorCount() >= kMostErrors)
    return false;
  size_t length = std::min(rest.find('\n'), rest.size());
  line = rest.take_front(length);
  rest = rest.drop_front(std::min(length + 1, rest.size()));
  line = line.take_front(commentStart(line));
  return true;
}

bool ProgramReader::wanted(TextCursor &cursor, StringRef what) {
  diagnostics.report(Message::ProgramSyntax, cursor.loc(), what, cursor.shown());
  return false;
}

bool ProgramReader::expect(TextCursor &cursor, char c) {
  return cursor.consume(c) || wanted(cursor, (llvm::Twine("'") + llvm::Twine(c) + "'").str());
}

std::optional<int64_t> ProgramReader::number(TextCursor &cursor, StringRef what) {
  if (std::optional<int64_t> value = cursor.number())
    return value;
  wanted(cursor, what);
  return std::nullopt;
}

void ProgramReader::expectEnd(TextCursor &cursor) {
  if (!cursor.atEnd())
    wanted(cursor, "the end of the line");
}

void ProgramReader::readHeader() {
  while (nextLine() && TextCursor(line).atEnd()) {
  }
  TextCursor cursor(line);
  if (!cursor.consumeWord("program"))
    return (void)wanted(cursor, "'program NAME for TARGET image BYTES'");
  program.kernel = cursor.word().str();
  if (program.kernel.empty() || !cursor.consumeWord("for"))
    return (void)wanted(cursor, program.kernel.empty() ? "the kernel's name" : "'for'");
  SMLoc at = cursor.loc();
  program.target = cursor.word().str();
  std::string expected = target.name + "@" + target.machine;
  if (program.target != expected)
    diagnostics.report(Message::ProgramOtherTarget, at, program.target, expected);
  if (!cursor.consumeWord("image"))
    return (void)wanted(cursor, "'image'");
  if (std::optional<int64_t> bytes = number(cursor, "the bytes of host memory"))
    program.imageBytes = static_cast<uint64_t>(*bytes);
  expectEnd(cursor);
}

void ProgramReader::readItem() {
  TextCursor cursor(line);
  if (cursor.atEnd())
    return;
  for (Symbol::Kind kind :
       {Symbol::Kind::Input, Symbol::Kind::Output, Symbol::Kind::Internal, Symbol::Kind::Constant})
    if (cursor.consumeWord(spelling(kind)))
      return readSymbol(kind, cursor);
  if (cursor.consumeWord("device"))
    return readStep(ProgramStep::Kind::Device, cursor);
  if (cursor.consumeWord("host"))
    return readStep(ProgramStep::Kind::Host, cursor);
  wanted(cursor,
         "a symbol ('input', 'output', 'internal', 'constant') or a step ('device', 'host')");
}

bool ProgramReader::readSizes(TextCursor &cursor, Symbol &symbol) {
  if (!expect(cursor, '['))
    return false;
  while (!cursor.consume(']')) {
    if (!symbol.sizes.empty() && !expect(cursor, ','))
      return false;
    TextCursor before = cursor;
    std::optional<int64_t> size = cursor.number();
    if (!size || *size < 1)
      return wanted(before, "a size of at least 1");
    symbol.sizes.push_back(*size);
  }
  return true;
}

void ProgramReader::readSymbol(Symbol::Kind kind, TextCursor cursor) {
  Symbol symbol;
  symbol.kind = kind;
  SMLoc loc = cursor.loc();
  symbol.name = cursor.word().str();
  if (symbol.name.empty())
    return (void)wanted(cursor, "a name");
  if (!expect(cursor, ':'))
    return;
  SMLoc typeLoc = cursor.loc();
  StringRef typeName = cursor.word();
  std::optional<ElementType> type = parseElementType(typeName);
  if (!type)
    return (void)diagnostics.report(Message::ProgramSyntax, typeLoc, "an element type", typeName);
  symbol.type = *type;
  if (!readSizes(cursor, symbol))
    return;
  if (!cursor.consumeWord("at"))
    return (void)wanted(cursor, "'at'");
  std::optional<int64_t> address = number(cursor, "an address");
  if (!address)
    return;
  symbol.address = static_cast<uint64_t>(*address);
  if (kind == Symbol::Kind::Constant) {
    SMLoc opened = cursor.loc();
    if (!expect(cursor, '{') || !readData(symbol, opened))
      return;
  } else {
    expectEnd(cursor);
  }
  addSymbol(std::move(symbol), loc);
}

void ProgramReader::addSymbol(Symbol symbol, SMLoc loc) {
  uint64_t end = llvm::SaturatingAdd(symbol.address, symbol.bytes());
  if (end > program.imageBytes)
    diagnostics.report(Message::ProgramSymbolOutside, loc, symbol.name, end, program.imageBytes);
  if (symbol.kind == Symbol::Kind::Constant && symbol.data.size() != symbol.bytes())
    diagnostics.report(Message::ProgramConstantSize, loc, symbol.name, symbol.bytes(),
                       symbol.data.size());
  if (!symbolIndex.try_emplace(symbol.name, program.symbols.size()).second)
    diagnostics.report(Message::ProgramDuplicate, loc, "symbol", symbol.name);
  program.symbols.push_back(std::move(symbol));
}

void ProgramReader::unclosed(SMLoc opened) {
  diagnostics.report(Message::ProgramSyntax, opened, "a line with '}' that closes this block",
                     "the end of the file");
}

bool ProgramReader::readData(Symbol &symbol, SMLoc opened) {
  bool valid = true;
  while (nextLine()) {
    if (blockEnds())
      return valid;
    valid = valid && readHexLine(symbol);
  }
  unclosed(opened);
  return false;
}

bool ProgramReader::readHexLine(Symbol &symbol) {
  TextCursor cursor(line);
  while (!cursor.atEnd()) {
    std::optional<uint8_t> byte = cursor.hexByte();
    if (!byte)
      return wanted(cursor, "bytes as pairs of hexadecimal digits");
    symbol.data.push_back(*byte);
  }
  return true;
}

void ProgramReader::readStep(ProgramStep::Kind kind, TextCursor cursor) {
  ProgramStep step;
  step.kind = kind;
  if (std::optional<int64_t> statement = number(cursor, "the statement's number"))
    step.statement = static_cast<unsigned>(*statement);
  std::optional<std::string> what = cursor.quoted();
  if (!what)
    return (void)wanted(cursor, "what the step does, in quotes");
  step.what = *what;
  SMLoc opened = cursor.loc();
  if (!expect(cursor, '{'))
    return;
  expectEnd(cursor);
  if (kind == ProgramStep::Kind::Device)
    readInstructions(step, opened);
  else
    skipHostBlock(opened);
  program.steps.push_back(std::move(step));
}

void ProgramReader::readInstructions(ProgramStep &step, SMLoc opened) {
  while (nextLine()) {
    if (blockEnds())
      return;
    if (!TextCursor(line).atEnd())
      readInstruction(step);
  }
  unclosed(opened);
}

void ProgramReader::readInstruction(ProgramStep &step) {
  TextCursor cursor(line);
  SMLoc loc = cursor.loc();
  StringRef mnemonic = cursor.word();
  auto found = mnemonics.byName.find(mnemonic);
  if (found == mnemonics.byName.end()) {
    std::vector<StringRef> names;
    for (const Intrinsic &intrinsic : target.intrinsics)
      names.push_back(intrinsic.name);
    std::optional<StringRef> meant = nearest(mnemonic, names);
    diagnostics.report(Message::ProgramUnknownIntrinsic, loc, target.name,
                       mnemonic.empty() ? cursor.shown() : mnemonic.str(),
                       meant ? ("did you mean '" + *meant + "'?").str() : "");
    return;
  }
  const Intrinsic &intrinsic = target.intrinsics[found->second];
  std::vector<int64_t> values(intrinsic.arguments.size());
  std::vector<bool> given(values.size());
  unsigned errorsBefore = diagnostics.errorCount();
  while (!cursor.atEnd() && diagnostics.errorCount() == errorsBefore)
    readArgument(cursor, intrinsic, values, given);
  for (unsigned i = 0; i < values.size() && diagnostics.errorCount() == errorsBefore; ++i)
    if (!given[i])
      diagnostics.report(Message::ProgramMissingOperand, loc, intrinsic.name,
                         intrinsic.arguments[i].name);
  if (diagnostics.errorCount() == errorsBefore)
    step.instructions.add(found->second, values);
}

void ProgramReader::readArgument(TextCursor &cursor, const Intrinsic &intrinsic,
                                 std::vector<int64_t> &values, std::vector<bool> &given) {
  SMLoc loc = cursor.loc();
  StringRef name = cursor.word();
  std::optional<unsigned> index = intrinsic.findArgument(name);
  if (!index) {
    diagnostics.report(Message::ProgramUnknownOperand, loc, intrinsic.name,
                       name.empty() ? cursor.shown() : name.str());
    return;
  }
  if (given[*index]) {
    diagnostics.report(Message::ProgramDuplicate, loc, "operand", name);
    return;
  }
  if (!expect(cursor, '='))
    return;
  SMLoc valueLoc = cursor.loc();
  std::optional<int64_t> value =
      isHostAddress(intrinsic, *index) ? readHostAddress(cursor) : number(cursor, "a number");
  if (!value)
    return;
  given[*index] = true;
  values[*index] = *value;
  checkRange(intrinsic.arguments[*index], *value, valueLoc);
}

void ProgramReader::checkRange(const Argument &argument, int64_t value, SMLoc loc) {
  if (value < argument.min || value > argument.max)
    diagnostics.report(Message::ProgramOperandRange, loc, argument.name, value, argument.min,
                       argument.max);
}

std::optional<int64_t> ProgramReader::readHostAddress(TextCursor &cursor) {
  if (std::optional<int64_t> absolute = cursor.number())
    return absolute;
  SMLoc loc = cursor.loc();
  StringRef name = cursor.word();
  auto found = symbolIndex.find(name);
  if (found == symbolIndex.end()) {
    diagnostics.report(Message::ProgramUnknownSymbol, loc,
                       name.empty() ? cursor.shown() : name.str());
    return std::nullopt;
  }
  int64_t address = static_cast<int64_t>(program.symbols[found->second].address);
  if (!cursor.consume('+'))
    return address;
  std::optional<int64_t> offset = number(cursor, "an offset in bytes");
  return offset ? std::optional(address + *offset) : std::nullopt;
}

void ProgramReader::skipHostBlock(SMLoc opened) {
  const char *begin = rest.data();
  while (nextLine()) {
    if (!blockEnds())
      continue;
    hostBodies.push_back(StringRef(begin, line.data() - begin));
    return;
  }
  unclosed(opened);
}

// The notation's parser takes whole files: it gets a host block behind as many empty lines as stand
// above it, so that its lines and columns are ours.
std::optional<Semantics> ProgramReader::parseHostBlock(StringRef body) {
  Sources &sources = diagnostics.sourceTexts();
  size_t linesAbove =
      StringRef(sources.text(file).data(), body.data() - sources.text(file).data()).count('\n');
  unsigned view = sources.add(sources.name(file).str(), std::string(linesAbove, '\n') + body.str());
  auto kernels = parseKernels(view, diagnostics);
  if (!kernels)
    return std::nullopt;
  if (kernels->size() == 1)
    return bind(kernels->front(), {}, {}, diagnostics);
  diagnostics.report(Message::ProgramHostKernels, SMLoc::getFromPointer(body.data()),
                     kernels->size());
  return std::nullopt;
}

void ProgramReader::parseHostBlocks() {
  size_t next = 0;
  for (ProgramStep &step : program.steps)
    if (step.kind == ProgramStep::Kind::Host)
      step.semantics = parseHostBlock(hostBodies[next++]);
}

std::optional<Program> ProgramReader::read() {
  unsigned errorsBefore = diagnostics.errorCount();
  readHeader();
  while (nextLine())
    readItem();
  if (diagnostics.errorCount() == errorsBefore)
    parseHostBlocks();
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return std::move(program);
}

std::optional<Program> lathe::parseProgram(unsigned file, const Target &target,
                                           Diagnostics &diagnostics) {
  return ProgramReader(file, target, diagnostics).read();
}
