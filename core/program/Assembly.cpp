#include "core/program/Assembly.h"

#include "core/semantics/Parser.h"
#include "core/target/Encoding.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::raw_ostream;

static constexpr size_t kBytesPerLine = 32;

SymbolTable::SymbolTable(llvm::ArrayRef<Symbol> symbols) {
  for (const Symbol &symbol : symbols)
    byAddress.push_back(&symbol);
  llvm::sort(byAddress, [](const Symbol *a, const Symbol *b) { return a->address < b->address; });
}

const Symbol *SymbolTable::holding(uint64_t address) const {
  auto after = llvm::upper_bound(byAddress, address, [](uint64_t value, const Symbol *symbol) {
    return value < symbol->address;
  });
  if (after == byAddress.begin())
    return nullptr;
  const Symbol *symbol = *std::prev(after);
  return address - symbol->address < symbol->bytes() ? symbol : nullptr;
}

llvm::StringRef lathe::spelling(Symbol::Kind kind) {
  switch (kind) {
  case Symbol::Kind::Input:
    return "input";
  case Symbol::Kind::Output:
    return "output";
  case Symbol::Kind::Internal:
    return "internal";
  case Symbol::Kind::Constant:
    return "constant";
  }
  return "";
}

bool lathe::isHostAddress(const Intrinsic &intrinsic, unsigned argument) {
  return intrinsic.arguments[argument].kind == Argument::Kind::Address &&
         llvm::any_of(intrinsic.tiles, [&](const TileOperand &tile) {
           return tile.argument == argument && tile.space == kHostSpace;
         });
}

static void printHex(raw_ostream &out, uint64_t value) { out << llvm::format_hex(value, 1); }

static void printHostAddress(raw_ostream &out, int64_t address, const SymbolTable *symbols) {
  const Symbol *symbol = symbols ? symbols->holding(static_cast<uint64_t>(address)) : nullptr;
  if (!symbol)
    return printHex(out, static_cast<uint64_t>(address));
  out << symbol->name;
  uint64_t offset = static_cast<uint64_t>(address) - symbol->address;
  if (offset != 0) {
    out << '+';
    printHex(out, offset);
  }
}

static void printInstructionTo(raw_ostream &out, const Intrinsic &intrinsic,
                               llvm::ArrayRef<int64_t> values, const SymbolTable *symbols) {
  out << intrinsic.name;
  for (unsigned i = 0; i < values.size(); ++i) {
    out << ' ' << intrinsic.arguments[i].name << '=';
    if (isHostAddress(intrinsic, i))
      printHostAddress(out, values[i], symbols);
    else
      out << values[i];
  }
}

std::string lathe::printInstruction(const Target &target, unsigned intrinsic,
                                    llvm::ArrayRef<int64_t> values, const SymbolTable *symbols) {
  std::string text;
  llvm::raw_string_ostream out(text);
  printInstructionTo(out, target.intrinsics[intrinsic], values, symbols);
  return text;
}

static void printData(raw_ostream &out, llvm::ArrayRef<uint8_t> data) {
  out << " {";
  for (size_t i = 0; i < data.size(); ++i) {
    if (i % kBytesPerLine == 0)
      out << "\n ";
    if (i % 4 == 0)
      out << ' ';
    out << llvm::hexdigit(data[i] >> 4, /*LowerCase=*/true)
        << llvm::hexdigit(data[i] & 15, /*LowerCase=*/true);
  }
  out << "\n}";
}

static void printSymbol(raw_ostream &out, const Symbol &symbol) {
  out << spelling(symbol.kind) << ' ' << symbol.name << ": " << name(symbol.type) << '[';
  llvm::interleave(symbol.sizes, out, ",");
  out << "] at ";
  printHex(out, symbol.address);
  if (symbol.kind == Symbol::Kind::Constant)
    printData(out, symbol.data);
  out << '\n';
}

static void printHostBody(raw_ostream &out, const Semantics &semantics) {
  std::string text = print(semantics);
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).rtrim().split(lines, '\n');
  for (llvm::StringRef line : lines)
    out << "  " << line << '\n';
}

std::string lathe::placeText(const ProgramStep &step, size_t i) {
  std::string place = "instruction " + std::to_string(i);
  auto after = llvm::upper_bound(step.labels, i,
                                 [](size_t value, const Label &label) { return value < label.at; });
  if (after == step.labels.begin())
    return place;
  const Label &label = *std::prev(after);
  if (label.at == i)
    return place + ", at '" + label.name + "'";
  return place + ", " + std::to_string(i - label.at) + " after '" + label.name + "'";
}

static void printInstructions(raw_ostream &out, const ProgramStep &step, const Target &target,
                              const SymbolTable &symbols) {
  auto label = step.labels.begin();
  auto printLabels = [&](size_t at) {
    for (; label != step.labels.end() && label->at == at; ++label)
      out << label->name << ":\n";
  };
  for (size_t i = 0; i < step.instructions.size(); ++i) {
    printLabels(i);
    out << "  ";
    printInstructionTo(out, target.intrinsics[step.instructions.intrinsic(i)],
                       step.instructions.values(i), &symbols);
    out << '\n';
  }
  printLabels(step.instructions.size());
}

static void printStep(raw_ostream &out, const ProgramStep &step, const Target &target,
                      const SymbolTable &symbols) {
  bool onDevice = step.kind == ProgramStep::Kind::Device;
  out << (onDevice ? "device " : "host ") << step.statement << " \"";
  llvm::printEscapedString(step.what, out);
  out << "\" {\n";
  printInstructions(out, step, target, symbols);
  if (step.semantics)
    printHostBody(out, *step.semantics);
  out << "}\n";
}

std::string lathe::printProgram(const Program &program, const Target &target) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "program " << program.kernel << " for " << program.target << " image ";
  printHex(out, program.imageBytes);
  out << '\n';
  for (const Symbol &symbol : program.symbols)
    printSymbol(out, symbol);
  SymbolTable symbols(program.symbols);
  for (const ProgramStep &step : program.steps)
    printStep(out, step, target, symbols);
  return text;
}
