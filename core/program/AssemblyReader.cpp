// Reads the language of Assembly.h: symbols, sizes and steps. AssemblyBlock.h has their lines.
#include "core/program/Assembly.h"
#include "core/program/AssemblyHost.h"
#include "core/program/Unroller.h"
#include "core/semantics/Parser.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::SMLoc;
using llvm::StringRef;
using Kind = AssemblyLine::Kind;

// What a mistaken size asks for is said, not allocated.
static constexpr uint64_t kMostBytes = uint64_t(1) << 40;
static constexpr uint64_t kMostConstantBytes = uint64_t(1) << 28;

namespace {
class ProgramReader {
public:
  ProgramReader(unsigned file, const Target &target, const AssembleOptions &options,
                Diagnostics &diagnostics)
      : file(file), target(target), options(options), diagnostics(diagnostics),
        text(file, diagnostics), parser(text, target, diagnostics), names(target, out.program),
        unroller(target, out.program, names, diagnostics) {}

  std::optional<Assembled> read();

private:
  std::optional<int64_t> number(TextCursor &cursor);
  void readHeader();
  void readItem();
  void readSize(TextCursor cursor);
  void checkSizesKnown();
  void readKernel(TextCursor cursor);
  void readSymbol(Symbol::Kind kind, TextCursor cursor);
  bool readSizes(TextCursor &cursor, Symbol &symbol);
  bool readConstant(TextCursor &cursor, Symbol &symbol, SMLoc loc);
  bool readNumbers(TextCursor &cursor, Symbol &symbol);
  bool readHexBlock(Symbol &symbol, SMLoc opened);
  bool readHexLine(Symbol &symbol);
  void addSymbol(Symbol symbol, std::optional<int64_t> address, SMLoc loc);
  void readStep(ProgramStep::Kind kind, TextCursor cursor);
  void readLines(SMLoc opened);
  void skipHostBlock(SMLoc opened);
  void parseHostBlocks();

  unsigned file;
  const Target &target;
  const AssembleOptions &options;
  Diagnostics &diagnostics;
  Assembled out;
  AssemblyText text;
  AssemblyBlockParser parser;
  AssemblyNames names;
  Unroller unroller;
  bool hasImage = false;
  uint64_t nextFree = 0;             ///< after the last symbol
  std::vector<StringRef> hostBodies; ///< as long as there are host steps, in order
};
} // namespace

std::optional<int64_t> ProgramReader::number(TextCursor &cursor) {
  AssemblyExprRef expr = parseAssemblyExpr(cursor, diagnostics);
  return expr ? evaluate(*expr, names, diagnostics) : std::nullopt;
}

void ProgramReader::readHeader() {
  while (text.next() && text.cursor().atEnd()) {
  }
  Program &program = out.program;
  TextCursor cursor = text.cursor();
  if (!cursor.consumeWord("program"))
    return (void)text.wanted(cursor, "'program NAME for TARGET'");
  program.kernel = cursor.word().str();
  if (program.kernel.empty())
    return (void)text.wanted(cursor, "the program's name");
  program.target = target.name + "@" + target.machine;
  if (cursor.consumeWord("for")) {
    SMLoc at = cursor.loc();
    StringRef named = cursor.word();
    if (named != program.target && named != target.name)
      diagnostics.report(Message::ProgramOtherTarget, at, named, program.target);
  }
  if (cursor.consumeWord("image")) {
    if (std::optional<int64_t> bytes = number(cursor)) {
      program.imageBytes = static_cast<uint64_t>(*bytes);
      hasImage = true;
    }
  }
  text.expectEnd(cursor);
}

void ProgramReader::readItem() {
  TextCursor cursor = text.cursor();
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
  if (cursor.consumeWord("size"))
    return readSize(cursor);
  if (cursor.consumeWord("kernel"))
    return readKernel(cursor);
  if (auto constant = parseAssemblyConstant(cursor, text, diagnostics)) {
    if (constant->kind != Kind::Nothing)
      unroller.run(*constant);
    return;
  }
  text.wanted(cursor, "a symbol ('input', 'output', 'internal', 'constant'), a number ('size', "
                      "'let', 'require'), 'kernel', or a step ('device', 'host')");
}

/// `size M = 64`: a number that is given from outside, or else this one.
void ProgramReader::readSize(TextCursor cursor) {
  SMLoc loc = cursor.loc();
  StringRef name = cursor.word();
  if (name.empty() ? !text.wanted(cursor, "a name") : !text.expect(cursor, '='))
    return;
  std::optional<int64_t> value = number(cursor);
  if (!value || !text.expectEnd(cursor))
    return;
  for (const auto &[given, instead] : options.sizes)
    if (name == given)
      value = instead;
  if (*value < 1)
    diagnostics.report(Message::SizeOutOfRange, loc, name, *value);
  if (!names.declare(name, *value))
    diagnostics.report(Message::ProgramDuplicate, loc, "name", name);
  out.sizes.emplace_back(name, *value);
}

void ProgramReader::checkSizesKnown() {
  std::vector<StringRef> known;
  for (const auto &size : out.sizes)
    known.push_back(size.first);
  for (const auto &[name, value] : options.sizes) {
    if (llvm::is_contained(known, name))
      continue;
    std::optional<StringRef> meant = nearest(name, known);
    diagnostics.report(Message::UnknownSize, Place{}, name, out.program.kernel,
                       meant ? ("did you mean '" + *meant + "'?").str() : "");
  }
}

/// `kernel "FILE" NAME`: what the program computes. Its tensors become symbols.
void ProgramReader::readKernel(TextCursor cursor) {
  SMLoc loc = cursor.loc();
  std::optional<std::string> path = cursor.quoted();
  StringRef name = cursor.word();
  if (!path || out.kernel)
    return (void)(path ? (void)diagnostics.report(Message::ProgramDuplicate, loc, "kernel", *path)
                       : (void)text.wanted(cursor, "the kernel's file, in quotes"));
  if (!text.expectEnd(cursor))
    return;
  if (!options.kernel)
    return (void)diagnostics.report(Message::ProgramNoKernelHere, loc);
  std::optional<Semantics> kernel = options.kernel(*path, name, loc);
  if (kernel) {
    auto sizes = out.sizes;
    llvm::erase_if(sizes, [&](const auto &size) { return !kernel->findSize(size.first); });
    out.kernel = bind(*kernel, sizes, {}, diagnostics);
  }
  if (!out.kernel)
    return;
  for (const Tensor &tensor : out.kernel->tensors)
    if (tensor.role != Role::Temporary)
      addSymbol({tensor.name,
                 tensor.role == Role::Input ? Symbol::Kind::Input : Symbol::Kind::Output,
                 tensor.type,
                 tensor.sizes,
                 0,
                 {}},
                std::nullopt, loc);
}

bool ProgramReader::readSizes(TextCursor &cursor, Symbol &symbol) {
  if (!text.expect(cursor, '['))
    return false;
  while (!cursor.consume(']')) {
    if (!symbol.sizes.empty() && !text.expect(cursor, ','))
      return false;
    TextCursor before = cursor;
    std::optional<int64_t> size = number(cursor);
    if (!size)
      return false;
    if (*size < 1)
      return text.wanted(before, "a size of at least 1");
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
    return (void)text.wanted(cursor, "a name");
  if (!text.expect(cursor, ':'))
    return;
  SMLoc typeLoc = cursor.loc();
  StringRef typeName = cursor.word();
  std::optional<ElementType> type = parseElementType(typeName);
  if (!type)
    return (void)diagnostics.report(Message::ProgramSyntax, typeLoc, "an element type", typeName);
  symbol.type = *type;
  if (!readSizes(cursor, symbol))
    return;
  std::optional<int64_t> address;
  bool isPlaced = cursor.consumeWord("at");
  if (isPlaced)
    address = number(cursor);
  if (isPlaced && !address)
    return;
  bool isConstant = kind == Symbol::Kind::Constant;
  if (isConstant ? readConstant(cursor, symbol, loc) : text.expectEnd(cursor))
    addSymbol(std::move(symbol), address, loc);
}

void ProgramReader::addSymbol(Symbol symbol, std::optional<int64_t> address, SMLoc loc) {
  if (address)
    symbol.address = static_cast<uint64_t>(*address);
  else
    symbol.address =
        options.place ? options.place(symbol) : llvm::alignTo(nextFree, kSymbolAlignment);
  uint64_t end = llvm::SaturatingAdd(symbol.address, symbol.bytes());
  if (symbol.bytes() > kMostBytes)
    diagnostics.report(Message::ProgramSymbolLarge, loc, symbol.name, symbol.bytes(), kMostBytes);
  else if (end > (hasImage ? out.program.imageBytes : kMostBytes))
    diagnostics.report(Message::ProgramSymbolOutside, loc, symbol.name, end,
                       hasImage ? out.program.imageBytes : kMostBytes);
  else
    nextFree = std::max(nextFree, end);
  if (!hasImage)
    out.program.imageBytes = llvm::alignTo(nextFree, kSymbolAlignment);
  std::string name = symbol.name;
  out.program.symbols.push_back(std::move(symbol));
  if (!names.declareSymbol())
    diagnostics.report(Message::ProgramDuplicate, loc, "symbol", name);
}

/// `= 1, 2, 3`, or bytes in braces. One number stands for all elements.
bool ProgramReader::readConstant(TextCursor &cursor, Symbol &symbol, SMLoc loc) {
  if (symbol.bytes() > kMostConstantBytes) {
    diagnostics.report(Message::ProgramSymbolLarge, loc, symbol.name, symbol.bytes(),
                       kMostConstantBytes);
    return false;
  }
  SMLoc opened = cursor.loc();
  bool read = symbol.type.isInteger() && cursor.consume('=')
                  ? readNumbers(cursor, symbol)
                  : text.expect(cursor, '{') && readHexBlock(symbol, opened);
  if (!read)
    return false;
  if (symbol.data.size() == symbol.bytes())
    return true;
  diagnostics.report(Message::ProgramConstantSize, loc, symbol.name, symbol.bytes(),
                     symbol.data.size());
  return false;
}

bool ProgramReader::readNumbers(TextCursor &cursor, Symbol &symbol) {
  std::vector<int64_t> numbers;
  bool isUnsigned64 = symbol.type.bits == 64 && !symbol.type.isSigned();
  int64_t most = isUnsigned64 ? INT64_MAX : symbol.type.max();
  do {
    TextCursor before = cursor;
    std::optional<int64_t> value = number(cursor);
    if (!value)
      return false;
    if (*value < symbol.type.min() || *value > most) {
      diagnostics.report(Message::ProgramOperandRange, before.loc(), symbol.name, *value,
                         symbol.type.min(), most);
      return false;
    }
    numbers.push_back(*value);
  } while (cursor.consume(','));
  int64_t elements = static_cast<int64_t>(symbol.bytes()) / symbol.type.bytes();
  if (numbers.size() == 1)
    numbers.resize(static_cast<size_t>(elements), numbers[0]);
  Array array = Array::zeros(symbol.type, {static_cast<int64_t>(numbers.size())});
  for (size_t i = 0; i < numbers.size(); ++i)
    array.setInteger(static_cast<int64_t>(i), numbers[i]);
  symbol.data = std::move(array.bytes);
  return text.expectEnd(cursor);
}

bool ProgramReader::readHexBlock(Symbol &symbol, SMLoc opened) {
  bool valid = true;
  while (text.next()) {
    if (text.closesBlock())
      return valid;
    valid = valid && readHexLine(symbol);
  }
  text.unclosed(opened);
  return false;
}

bool ProgramReader::readHexLine(Symbol &symbol) {
  TextCursor cursor = text.cursor();
  while (!cursor.atEnd()) {
    std::optional<uint8_t> byte = cursor.hexByte();
    if (!byte)
      return text.wanted(cursor, "bytes as pairs of hexadecimal digits");
    symbol.data.push_back(*byte);
  }
  return true;
}

/// The number and the words are for summaries: what is written by hand may do without.
void ProgramReader::readStep(ProgramStep::Kind kind, TextCursor cursor) {
  ProgramStep step;
  step.kind = kind;
  if (std::optional<int64_t> statement = cursor.number())
    step.statement = static_cast<unsigned>(*statement);
  if (std::optional<std::string> what = cursor.quoted())
    step.what = *what;
  SMLoc opened = cursor.loc();
  if (!text.expect(cursor, '{') || !text.expectEnd(cursor))
    return;
  out.program.steps.push_back(std::move(step));
  kind == ProgramStep::Kind::Device ? readLines(opened) : skipHostBlock(opened);
}

void ProgramReader::readLines(SMLoc opened) {
  size_t scope = names.scope();
  unroller.enter(&out.program.steps.back());
  while (text.next()) {
    if (text.closesBlock()) {
      TextCursor cursor = text.cursor();
      cursor.consume('}');
      text.expectEnd(cursor);
      return names.leave(scope);
    }
    if (text.cursor().atEnd())
      continue;
    if (auto line = parser.parse())
      unroller.run(*line);
  }
  text.unclosed(opened);
}

void ProgramReader::skipHostBlock(SMLoc opened) {
  const char *begin = text.end();
  for (size_t open = 1; text.next();) {
    StringRef line = text.line();
    open += line.count('{');
    size_t closed = line.count('}');
    if (closed >= open)
      return (void)hostBodies.push_back(StringRef(begin, line.data() + line.rfind('}') - begin));
    open -= closed;
  }
  text.unclosed(opened);
}

void ProgramReader::parseHostBlocks() {
  size_t next = 0;
  for (ProgramStep &step : out.program.steps)
    if (step.kind == ProgramStep::Kind::Host)
      step.semantics = parseHostStep(hostBodies[next++], file, names, diagnostics);
}

std::optional<Assembled> ProgramReader::read() {
  unsigned errorsBefore = diagnostics.errorCount();
  readHeader();
  while (text.next())
    readItem();
  checkSizesKnown();
  if (diagnostics.errorCount() == errorsBefore)
    parseHostBlocks();
  if (diagnostics.errorCount() != errorsBefore)
    return std::nullopt;
  return std::move(out);
}

std::optional<Assembled> lathe::assemble(unsigned file, const Target &target,
                                         const AssembleOptions &options, Diagnostics &diagnostics) {
  return ProgramReader(file, target, options, diagnostics).read();
}
