// lathe run: a kernel or program on one of the oracles, with data, checks and cycles.
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/Progress.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/StuckWatch.h"
#include "sdk/run/Timeline.h"

#include "core/support/WholeFile.h"
#include "llvm/Support/FileSystem.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

namespace {
struct RunOptions {
  KernelArguments kernel;
  std::string target;
  std::string on = "model";
  std::vector<std::string> outputs;
  bool compare = false;
  std::string timeline, waveform;
  std::optional<double> stall;
  std::optional<double> seconds;

  void declare(Arguments &arguments);
};

/// What is run, from a kernel file or a program file.
struct Subject {
  std::optional<Target> target;
  std::optional<BoundKernel> kernel; ///< not for a program file
  Program program;                   ///< empty on the reference
  Arrays inputs;
  RunReport report;
};

class Runner {
public:
  Runner(Session &session, const Verb &verb, const RunOptions &options)
      : session(session), verb(verb), options(options) {}
  ExitCode run();

private:
  bool prepare();
  bool prepareKernel();
  bool prepareProgram(StringRef bytes);
  bool simulate();
  bool onReference();
  bool onModel();
  bool mayWriteWaveform();
  bool onRtl();
  bool compareResults();
  bool writeOutputs();
  bool writeTimeline(const RtlOutcome &outcome);
  Task task() {
    return {subject.kernel ? &subject.kernel->semantics : nullptr, subject.program, *subject.target,
            subject.inputs};
  }

  Session &session;
  const Verb &verb;
  const RunOptions &options;
  std::unique_ptr<Jit> jit;
  Subject subject;
  Arrays results;
};
} // namespace

void RunOptions::declare(Arguments &arguments) {
  kernel.declare(arguments);
  arguments.text("-t,--target", target, "NAME[@MACHINE]", "the target");
  arguments.choice("--on", on, {"reference", "model", "rtl"},
                   "reference (no target), model (functional simulator) or rtl");
  arguments.texts("--out", outputs, "y=FILE.npy", "where to write a result");
  arguments.flag("--compare", compare, "compare with the reference; exit 1 when it differs");
  arguments.text("--timeline", timeline, "FILE", "write a Perfetto timeline (rtl)");
  arguments.text("--trace", waveform, "FILE.fst", "write a waveform (rtl)");
  arguments.real("--stall", stall, {0, 0.99, "from 0 to 0.99"},
                 "hold every channel back for this share of cycles (rtl)");
  arguments.real("--limit", seconds, {1e-6, 1e9, "of seconds above 0"},
                 "give up after so many seconds (rtl)");
}

bool Runner::prepareKernel() {
  subject.kernel = loadKernel(session, options.kernel, /*forRun=*/true);
  if (!subject.kernel)
    return false;
  subject.inputs = subject.kernel->inputs;
  subject.report.kernel = subject.kernel->semantics.name;
  if (options.on == "reference")
    return true;
  std::optional<Compiled> compiled =
      compileKernel(session, subject.kernel->semantics, *subject.target, {});
  if (!compiled)
    return false;
  subject.report = reportOf(*compiled, subject.kernel->semantics, *subject.target);
  subject.program = std::move(compiled->compilation.program);
  return true;
}

// Inputs of a program file are its input symbols: the notation's checks do not apply, sizes do.
bool Runner::prepareProgram(StringRef bytes) {
  std::optional<Program> program =
      deserialize(bytes, options.kernel.path, *subject.target, session.diagnostics);
  if (!program)
    return false;
  subject.program = std::move(*program);
  subject.report.kernel = subject.program.kernel;
  subject.report.target = subject.program.target;
  subject.report.instructions = subject.program.instructionCount();
  std::optional<Arrays> inputs = programInputs(session, subject.program, options.kernel);
  if (inputs)
    subject.inputs = std::move(*inputs);
  return inputs.has_value();
}

bool Runner::prepare() {
  jit = makeJit(session);
  if (!jit)
    return false;
  if (options.on != "reference") {
    subject.target = loadTargetArgument(session, verb, options.target);
    if (!subject.target)
      return false;
  }
  std::string why; // what cannot be read is said by whoever reads it as a kernel
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(options.kernel.path, why);
  bool isProgram = buffer && subject.target && buffer->getBuffer().starts_with("LATHEPRG");
  return isProgram ? prepareProgram(buffer->getBuffer()) : prepareKernel();
}

bool Runner::onReference() {
  std::optional<Arrays> outputs =
      runReference(subject.kernel->semantics, subject.inputs, *jit, session.diagnostics);
  if (outputs)
    results = std::move(*outputs);
  return outputs.has_value();
}

bool Runner::onModel() {
  std::optional<ModelOutcome> outcome = runOnModel(task(), *jit, session.diagnostics);
  if (!outcome)
    return false;
  results = std::move(outcome->outputs);
  subject.report.runSeconds = outcome->runSeconds;
  return true;
}

/// A waveform is renamed into place: a device or a pipe there would be gone.
bool Runner::mayWriteWaveform() {
  llvm::sys::fs::file_status status;
  bool isThere = !llvm::sys::fs::status(options.waveform, status) && llvm::sys::fs::exists(status);
  if (!isThere || llvm::sys::fs::is_regular_file(status))
    return true;
  session.diagnostics.report(Message::FileUnwritable, Place{}, options.waveform,
                             "it is not a regular file");
  return false;
}

bool Runner::onRtl() {
  if (!mayWriteWaveform())
    return false;
  Progress progress(session, "building the RTL model");
  RtlRunOptions rtl = rtlOptions(session, progress);
  rtl.waveform = options.waveform;
  rtl.recordCommands = !options.timeline.empty();
  rtl.limits.seconds = options.seconds.value_or(0);
  StuckWatch watch(subject.target->name, options.seconds ? *options.seconds + 1 : kPatience);
  rtl.limits.lastAlive = watch.lastAlive();
  rtl.memory.stall.fill(options.stall.value_or(0));
  rtl.memory.seed = static_cast<uint64_t>(options.kernel.seed.value_or(1));
  std::optional<RtlOutcome> outcome =
      runOnRtl(subject.program, *subject.target, subject.inputs, *jit, rtl, session.diagnostics);
  if (!outcome)
    return false;
  results = std::move(outcome->outputs);
  subject.report.workCycles = outcome->workCycles;
  subject.report.totalCycles = outcome->last.cycles;
  subject.report.runSeconds = outcome->runSeconds;
  return options.timeline.empty() || writeTimeline(*outcome);
}

bool Runner::writeTimeline(const RtlOutcome &outcome) {
  return writeFile(session, options.timeline,
                   perfettoTimeline(subject.program, *subject.target, outcome.commandCycles));
}

bool Runner::simulate() {
  subject.report.on = options.on;
  if (options.on == "reference")
    return onReference();
  return options.on == "model" ? onModel() : onRtl();
}

bool Runner::compareResults() {
  if (!options.compare || options.on == "reference" || !subject.kernel)
    return true;
  std::optional<Arrays> reference =
      runReference(subject.kernel->semantics, subject.inputs, *jit, session.diagnostics);
  if (reference)
    subject.report.checks.push_back(
        compareWithReference(task(), *reference, results, options.on == "rtl", *jit));
  return reference.has_value();
}

bool Runner::writeOutputs() {
  for (const std::string &word : options.outputs) {
    auto binding = splitBinding(session, "--out", word, "NAME=FILE.npy");
    if (!binding)
      return false;
    auto found = results.find(binding->first);
    if (found == results.end()) {
      session.diagnostics.report(Message::NoSuchTensor, Place{}, subject.report.kernel, "result",
                                 binding->first, outputNames(results));
      return false;
    }
    if (!writeNpy(binding->second, found->second, session.diagnostics))
      return false;
  }
  return true;
}

ExitCode Runner::run() {
  if (!prepare() || !simulate() || !compareResults() || !writeOutputs())
    return exitCodeOf(session.diagnostics);
  session.result = toJson(subject.report);
  if (!session.json)
    print(session.out, subject.report);
  return subject.report.exact() ? ExitCode::Done : ExitCode::No;
}

ExitCode lathe::cli::runRun(Session &session, const Verb &verb, Words words) {
  RunOptions options;
  Arguments arguments(session, verb);
  options.declare(arguments);
  if (auto code = arguments.parse(words))
    return *code;
  return Runner(session, verb, options).run();
}
