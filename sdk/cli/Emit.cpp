#include "sdk/cli/Emit.h"

#include "sdk/cli/Files.h"

using namespace lathe;
using namespace lathe::cli;

void EmitOptions::declare(Arguments &arguments) {
  arguments.text("-o,--output", output, "FILE", "the program file to write");
  arguments.choice("--emit", form, {"binary", "assembly", "words"},
                   "binary (for -o), assembly or words in hexadecimal");
}

bool EmitOptions::printsProgram() const {
  return output.empty() && !form.empty() && form != "binary";
}

static std::string emitted(const Program &program, const Target &target, llvm::StringRef form) {
  if (form == "binary")
    return serialize(program, target);
  if (form == "assembly")
    return printProgram(program, target);
  std::string words;
  for (const ProgramStep &step : program.steps)
    if (step.kind == ProgramStep::Kind::Device)
      for (uint64_t word : encodeStep(step, target))
        words += llvm::formatv("{0:x-16}\n", word);
  return words;
}

bool lathe::cli::emitProgram(Session &session, const Program &program, const Target &target,
                             const EmitOptions &options) {
  if (!options.output.empty())
    return writeFile(session, options.output,
                     emitted(program, target, options.form.empty() ? "binary" : options.form));
  if (options.printsProgram() && !session.json)
    session.out << emitted(program, target, options.form);
  return true;
}
