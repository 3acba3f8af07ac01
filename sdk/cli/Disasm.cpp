// lathe disasm: instructions of a program file, or of words on the command line.
#include "core/program/Assembly.h"
#include "core/support/WholeFile.h"
#include "sdk/cli/TargetArgument.h"

#include "llvm/Support/FileSystem.h"

using namespace lathe;
using namespace lathe::cli;

static bool disassembleFile(Session &session, llvm::StringRef path, const Target &target) {
  std::string why;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(path, why);
  if (!buffer) {
    session.diagnostics.report(Message::FileUnreadable, Place{}, path, why);
    return false;
  }
  std::optional<Program> program =
      deserialize(buffer->getBuffer(), path, target, session.diagnostics);
  if (!program)
    return false;
  std::string text = printProgram(*program, target);
  session.result["assembly"] = text;
  if (!session.json)
    session.out << text;
  return true;
}

// A number in hexadecimal of any width as 64-bit limbs, lowest first.
static std::optional<std::vector<uint64_t>> parseWord(llvm::StringRef text, unsigned limbs) {
  text.consume_front("0x");
  text = text.ltrim('0').empty() ? text.take_back(1) : text.ltrim('0');
  std::vector<uint64_t> words(limbs);
  if (text.empty() || text.size() > 16 * limbs)
    return std::nullopt;
  for (unsigned limb = 0; !text.empty(); ++limb) {
    llvm::StringRef digits = text.take_back(16);
    if (digits.getAsInteger(16, words[limb]))
      return std::nullopt;
    text = text.drop_back(digits.size());
  }
  return words;
}

static bool disassembleWords(Session &session, llvm::ArrayRef<std::string> given,
                             const Target &target) {
  std::vector<uint64_t> words;
  for (const std::string &text : given) {
    auto word = parseWord(text, limbsPerCommand(target));
    if (!word) {
      session.diagnostics.report(Message::NotAWord, Place{}, text);
      return false;
    }
    words.insert(words.end(), word->begin(), word->end());
  }
  std::string text = disassemble(words, target);
  session.result["assembly"] = text;
  if (!session.json)
    session.out << text;
  return true;
}

ExitCode lathe::cli::runDisasm(Session &session, const Verb &verb, Words words) {
  std::vector<std::string> given;
  std::string name;
  Arguments arguments(session, verb);
  arguments.positionals("PROGRAM|WORD", given, "a program file, or command words in hexadecimal");
  arguments.text("-t,--target", name, "NAME[@MACHINE]", "the target");
  if (auto code = arguments.parse(words))
    return *code;
  if (given.empty()) {
    session.diagnostics.report(Message::BadUsage, Place{}, "a program file or a word is missing",
                               verb.name);
    return ExitCode::Usage;
  }
  std::optional<Target> target = loadTargetArgument(session, verb, name);
  if (!target)
    return exitCodeOf(session.diagnostics);
  bool isFile = given.size() == 1 && llvm::sys::fs::exists(given[0]);
  bool done = isFile ? disassembleFile(session, given[0], *target)
                     : disassembleWords(session, given, *target);
  return done ? ExitCode::Done : exitCodeOf(session.diagnostics);
}
