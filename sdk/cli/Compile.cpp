// lathe compile: a kernel to a program file, and where its statements run.
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Files.h"

using namespace lathe;
using namespace lathe::cli;

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

// Text without -o goes to stdout instead of the summary; a binary needs a file.
static bool deliver(Session &session, const Program &program, const Target &target,
                    const std::string &form, const std::string &path) {
  if (!path.empty())
    return writeFile(session, path, emitted(program, target, form.empty() ? "binary" : form));
  if (!form.empty() && form != "binary" && !session.json)
    session.out << emitted(program, target, form);
  return true;
}

ExitCode lathe::cli::runCompile(Session &session, const Verb &verb, Words words) {
  KernelArguments kernelArguments;
  std::string targetName, output, form;
  std::optional<double> required;
  std::optional<int64_t> mapping;
  bool hostOnly = false;
  Arguments arguments(session, verb);
  kernelArguments.declare(arguments);
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  arguments.text("-o,--output", output, "FILE", "the program file to write");
  arguments.choice("--emit", form, {"binary", "assembly", "words"},
                   "binary (for -o), assembly or words in hexadecimal");
  arguments.real("--require-offload", required, {0, 100, "from 0 to 100"},
                 "exit 4 when less than X % runs on the target");
  arguments.number("--mapping", mapping, 0, kMappingHelp);
  arguments.flag("--host-only", hostOnly, "map nothing, run everything on the host");
  if (auto code = arguments.parse(words))
    return *code;

  std::optional<Target> target = loadTargetArgument(session, verb, targetName);
  std::optional<BoundKernel> kernel =
      target ? loadKernel(session, kernelArguments, /*forRun=*/false) : std::nullopt;
  std::optional<Compiled> compiled = kernel ? compileKernel(session, kernel->semantics, *target,
                                                            {.hostOnly = hostOnly, .only = mapping})
                                            : std::nullopt;
  if (!compiled)
    return exitCodeOf(session.diagnostics);
  double share = 100 * offloadedShare(compiled->compilation);
  if (required && share < *required)
    session.diagnostics.report(Message::OffloadBelow, Place{}, llvm::formatv("{0:F1}", share).str(),
                               *required);
  else
    deliver(session, compiled->compilation.program, *target, form, output);

  RunReport report = reportOf(*compiled, *target);
  report.on = "compiled";
  session.result = toJson(report);
  session.result["offloadPercent"] = share;
  bool printsProgram = output.empty() && !form.empty() && form != "binary";
  if (!session.json && !printsProgram)
    print(session.out, report);
  return exitCodeOf(session.diagnostics);
}
