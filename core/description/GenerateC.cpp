#include "core/description/GenerateC.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

using namespace lathe;
using llvm::formatv;
using llvm::StringRef;

static constexpr StringRef kReservedWords[] = {
    "auto",     "break",  "case",    "char",     "const",    "continue", "default",  "do",
    "double",   "else",   "enum",    "extern",   "float",    "for",      "goto",     "if",
    "inline",   "int",    "long",    "register", "restrict", "return",   "short",    "signed",
    "sizeof",   "static", "struct",  "switch",   "typedef",  "union",    "unsigned", "void",
    "volatile", "while",  "int64_t", "uint64_t", "assert",   "bool",     "true",     "false"};

// An operand may be called what C reserves.
static std::string parameter(StringRef name) {
  return llvm::is_contained(kReservedWords, name) ? name.str() + "_" : name.str();
}

static std::string literal(uint64_t value) { return formatv("UINT64_C({0:x})", value).str(); }

// INT64_MIN has no literal of its own.
static std::string signedLiteral(int64_t value) {
  return value == INT64_MIN ? "INT64_MIN" : formatv("INT64_C({0})", value).str();
}

namespace {
class HeaderPrinter {
public:
  HeaderPrinter(const Target &target, StringRef isaFile, llvm::raw_ostream &out)
      : target(target), isaFile(isaFile), out(out), prefix(target.name),
        macro(StringRef(target.name).upper()), limbs((target.instructionWidth + 63) / 64) {}

  void print() {
    printHead();
    for (const Intrinsic &intrinsic : target.intrinsics)
      printIntrinsic(intrinsic);
    out << "\n#endif\n";
  }

private:
  void printHead() {
    out << formatv("/* Generated from {0} of {1}@{2} by 'lathe generate'. Do not edit. */\n",
                   isaFile, target.name, target.machine)
        << formatv("#ifndef LATHE_{0}_H\n#define LATHE_{0}_H\n\n", macro)
        << "#include <assert.h>\n#include <stdint.h>\n\n"
        << formatv("#define {0}_INST_WIDTH {1}\n", macro, target.instructionWidth);
    for (const auto &[name, value] : target.parameters)
      out << formatv("#define {0}_{1} {2}\n", macro, name, value);
    if (limbs == 1)
      out << formatv("\ntypedef uint64_t {0}_word;\n", prefix);
    else
      out << formatv("\n/* limb[0] holds bits 63 to 0. */\ntypedef struct {{ uint64_t limb[{0}]; } "
                     "{1}_word;\n",
                     limbs, prefix);
  }

  std::string words(const Word &word) const {
    std::string text;
    for (unsigned limb = 0; limb < limbs; ++limb)
      text += (limb ? ", " : "") + literal(word[limb]);
    return limbs == 1 ? text : "{{" + text + "}}";
  }

  void printIntrinsic(const Intrinsic &it) {
    out << formatv("\n#define {0}_{1}_MASK {2}\n#define {0}_{1}_MATCH {3}\n", macro, it.name,
                   words(it.mask), words(it.match));
    printComment(it);
    out << formatv("static inline {0}_word {0}_{1}(", prefix, it.name);
    llvm::interleaveComma(it.arguments, out, [&](const Argument &argument) {
      out << "int64_t " << parameter(argument.name);
    });
    out << (it.arguments.empty() ? "void) {\n" : ") {\n")
        << formatv("  {0}_word lathe_word = {1}_{2}_MATCH;\n", prefix, macro, it.name);
    for (const Argument &argument : it.arguments)
      printArgument(argument);
    out << "  return lathe_word;\n}\n";
  }

  // What closes a comment may stand in neither.
  void printComment(const Intrinsic &it) {
    std::string text = it.semanticsText;
    for (size_t at; (at = text.find("*/")) != std::string::npos;)
      text.insert(at + 1, " ");
    out << "/* " << text << " */\n";
  }

  void printArgument(const Argument &argument) {
    std::string name = parameter(argument.name);
    out << formatv("  assert({0} >= {1} && {0} <= {2});\n", name, signedLiteral(argument.min),
                   signedLiteral(argument.max));
    std::string stored = argument.minusOne ? "((uint64_t)" + name + " - 1)" : "(uint64_t)" + name;
    for (const BitRun &run : argument.runs)
      printRun(stored, run);
  }

  // A run that crosses a limb's end becomes two.
  void printRun(const std::string &stored, const BitRun &run) {
    unsigned here = std::min(run.width, 64 - run.lsb % 64);
    printBits(stored, run.valueLsb, run.lsb, here);
    if (here < run.width)
      printBits(stored, run.valueLsb + here, run.lsb + here, run.width - here);
  }

  void printBits(const std::string &stored, unsigned from, unsigned lsb, unsigned width) {
    uint64_t mask = width >= 64 ? ~0ull : (1ull << width) - 1;
    std::string limb = limbs == 1 ? "" : formatv(".limb[{0}]", lsb / 64).str();
    out << formatv("  lathe_word{0} |= ({1} >> {2} & {3}) << {4};\n", limb, stored, from,
                   literal(mask), lsb % 64);
  }

  const Target &target;
  StringRef isaFile;
  llvm::raw_ostream &out;
  std::string prefix, macro;
  unsigned limbs;
};
} // namespace

std::string lathe::cHeader(const Target &target, StringRef isaFile) {
  std::string text;
  llvm::raw_string_ostream out(text);
  HeaderPrinter(target, isaFile, out).print();
  return text;
}
