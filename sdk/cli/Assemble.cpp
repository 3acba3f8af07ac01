// lathe assemble: a program in assembly to a program file.
#include "core/program/Timing.h"
#include "sdk/cli/AssemblyFile.h"
#include "sdk/cli/Emit.h"
#include "sdk/cli/RunReport.h"
#include "sdk/cli/TargetArgument.h"

using namespace lathe;
using namespace lathe::cli;

ExitCode lathe::cli::runAssemble(Session &session, const Verb &verb, Words words) {
  KernelArguments text;
  EmitOptions emit;
  std::string targetName;
  Arguments arguments(session, verb);
  arguments.positional("PROGRAM", text.path, "a .lasm file");
  arguments.texts("--size", text.sizes, "N=512", "another number for a 'size' of the program");
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  emit.declare(arguments);
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, targetName);
  std::optional<Assembled> assembled = target ? loadAssembly(session, text, *target) : std::nullopt;
  if (!assembled || !emitProgram(session, assembled->program, *target, emit))
    return exitCodeOf(session.diagnostics);
  RunReport report = reportOf(assembled->program, *target);
  report.on = "assembled";
  session.result = toJson(report);
  if (!session.json && !emit.printsProgram())
    print(session.out, report);
  return ExitCode::Done;
}
