// lathe compile: a kernel to a program file, and where its statements run.
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Emit.h"

using namespace lathe;
using namespace lathe::cli;

ExitCode lathe::cli::runCompile(Session &session, const Verb &verb, Words words) {
  KernelArguments kernelArguments;
  EmitOptions emit;
  std::string targetName;
  std::optional<double> required;
  std::optional<int64_t> mapping;
  bool hostOnly = false;
  Arguments arguments(session, verb);
  kernelArguments.declare(arguments);
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  emit.declare(arguments);
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
    emitProgram(session, compiled->compilation.program, *target, emit);

  RunReport report = reportOf(*compiled, *target);
  report.on = "compiled";
  session.result = toJson(report);
  session.result["offloadPercent"] = share;
  if (!session.json && !emit.printsProgram())
    print(session.out, report);
  return exitCodeOf(session.diagnostics);
}
