// lathe run: a kernel or program on one of the oracles, with data, checks and cycles.
#include "sdk/cli/AssemblyFile.h"
#include "sdk/cli/Blame.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/Progress.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/StuckWatch.h"
#include "sdk/run/SaveFile.h"
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
  bool traceOnFail = false;
  std::optional<int64_t> mapping;
  std::string timeline, waveform;
  std::optional<double> stall;
  std::optional<double> seconds;

  void declare(Arguments &arguments);
};

/// What is run, from a kernel file or a program file.
struct Subject {
  std::optional<Target> target;
  std::optional<BoundKernel> kernel; ///< not for a program without one
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
  bool checkOptions(bool isProgram, bool isAssembly);
  bool prepare();
  bool prepareKernel();
  bool prepareProgram(StringRef bytes);
  bool prepareAssembly();
  bool takeProgram(Program program);
  bool simulate();
  bool onReference();
  bool onModel();
  bool mayWriteWaveform();
  bool onRtl();
  RtlRunOptions optionsForRtl(Progress &progress, Progress &running) const;
  void traceFailure(const CycleWindow &window);
  void blameStop(const RtlRunOptions &rtl);
  WrongRun wrongRun(const Arrays &reference, const Arrays *got, const RtlRunOptions *rtl) const {
    return {task(), reference, got, rtl, !isAssemblyFile(options.kernel.path)};
  }
  void tellWaveform(const std::string &path, const CycleWindow &window);
  bool compareResults();
  bool writeOutputs();
  bool writeTimeline(const RtlOutcome &outcome);
  Task task() const {
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
  arguments.number("--mapping", mapping, 0, kMappingHelp);
  arguments.text("--timeline", timeline, "FILE", "write a Perfetto timeline (rtl)");
  arguments.text("--trace", waveform, "FILE.fst", "write a waveform (rtl)");
  arguments.flag("--trace-on-fail", traceOnFail,
                 "only when the RTL stops or differs, and only the cycles before (rtl);\n"
                 "                            to --trace's file, or KERNEL.fail.fst");
  arguments.real("--stall", stall, {0, 0.99, "from 0 to 0.99"},
                 "hold every channel back for this share of cycles (rtl)");
  arguments.real("--limit", seconds, {1e-6, 1e9, "of seconds above 0"},
                 "give up after so many seconds (rtl)");
}

// An option that would do nothing is a mistake.
bool Runner::checkOptions(bool isProgram, bool isAssembly) {
  const std::pair<const char *, bool> ofRtl[] = {{"--timeline", !options.timeline.empty()},
                                                 {"--trace", !options.waveform.empty()},
                                                 {"--trace-on-fail", options.traceOnFail},
                                                 {"--stall", options.stall.has_value()},
                                                 {"--limit", options.seconds.has_value()}};
  for (const auto &[name, given] : ofRtl)
    if (given && options.on != "rtl")
      session.diagnostics.report(Message::OptionNeeds, Place{}, name, "'--on rtl'");
  if (options.compare && options.on == "reference")
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--compare",
                               "'--on model' or '--on rtl'");
  if (isProgram && !isAssembly && options.compare)
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--compare",
                               "a kernel: a program file has no statements to compare with");
  if (isProgram && options.on == "reference")
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--on reference",
                               "a kernel: a program file has no statements");
  if (options.mapping && (isProgram || options.on == "reference"))
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--mapping",
                               "a kernel that is compiled for a target");
  return !session.diagnostics.hasErrors();
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
      compileKernel(session, subject.kernel->semantics, *subject.target, {.only = options.mapping});
  if (!compiled)
    return false;
  subject.report = reportOf(*compiled, *subject.target);
  subject.program = std::move(compiled->compilation.program);
  return true;
}

// Inputs of a program file are its input symbols: the notation's checks do not apply, sizes do.
bool Runner::prepareProgram(StringRef bytes) {
  std::optional<Program> program =
      deserialize(bytes, options.kernel.path, *subject.target, session.diagnostics);
  if (!program)
    return false;
  return takeProgram(std::move(*program));
}

bool Runner::takeProgram(Program program) {
  subject.program = std::move(program);
  subject.report = reportOf(subject.program, *subject.target);
  std::optional<Arrays> inputs = programInputs(session, subject.program, options.kernel);
  if (inputs)
    subject.inputs = std::move(*inputs);
  return inputs.has_value();
}

bool Runner::prepareAssembly() {
  std::optional<Assembled> assembled = loadAssembly(session, options.kernel, *subject.target);
  if (!assembled)
    return false;
  if (options.compare && !assembled->kernel) {
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--compare",
                               "a line 'kernel \"FILE\"' in the program: what it computes");
    return false;
  }
  if (!takeProgram(std::move(assembled->program)))
    return false;
  if (assembled->kernel)
    subject.kernel = {std::move(*assembled->kernel), subject.inputs};
  return true;
}

bool Runner::prepare() {
  std::string why; // what cannot be read is said by whoever reads it as a kernel
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(options.kernel.path, why);
  bool isAssembly = isAssemblyFile(options.kernel.path);
  bool isBinary = buffer && isProgramFile(buffer->getBuffer());
  if (!checkOptions(isBinary || isAssembly, isAssembly))
    return false;
  jit = makeJit(session);
  if (!jit)
    return false;
  if (options.on != "reference") {
    subject.target = loadTargetArgument(session, verb, options.target);
    if (!subject.target)
      return false;
  }
  if (isAssembly)
    return prepareAssembly();
  return isBinary ? prepareProgram(buffer->getBuffer()) : prepareKernel();
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

RtlRunOptions Runner::optionsForRtl(Progress &building, Progress &running) const {
  RtlRunOptions rtl = rtlOptions(session, building);
  rtl.recordCommands = !options.timeline.empty();
  rtl.limits.seconds = options.seconds.value_or(0);
  rtl.limits.progress = [this, &running](uint64_t cycles) {
    uint64_t all = static_cast<uint64_t>(subject.report.predictedCycles.value_or(0));
    running.update(std::min(cycles, all), "cycles");
  };
  rtl.memory.stall.fill(options.stall.value_or(0));
  rtl.memory.seed = static_cast<uint64_t>(options.kernel.seed.value_or(1));
  return rtl;
}

bool Runner::onRtl() {
  if (!mayWriteWaveform())
    return false;
  Progress building(session, "building the RTL model");
  Progress running(session, "running",
                   static_cast<size_t>(subject.report.predictedCycles.value_or(0)));
  RtlRunOptions rtl = optionsForRtl(building, running);
  if (!options.traceOnFail)
    rtl.waveform = options.waveform;
  StuckWatch watch(subject.target->name, options.seconds ? *options.seconds + 1 : kPatience);
  rtl.limits.lastAlive = watch.lastAlive();
  std::optional<RtlStop> stop;
  std::optional<RtlOutcome> outcome = runOnRtl(subject.program, *subject.target, subject.inputs,
                                               *jit, rtl, session.diagnostics, &stop);
  if (stop) {
    blameStop(rtl);
    traceFailure(windowBefore(*stop));
  }
  if (!outcome)
    return false;
  results = std::move(outcome->outputs);
  subject.report.workCycles = outcome->workCycles;
  for (auto [name, value] : llvm::zip(subject.target->rtl->counters, outcome->counters))
    subject.report.counters.push_back({name, value});
  subject.report.totalCycles = outcome->last.cycles;
  subject.report.runSeconds = outcome->runSeconds;
  return options.timeline.empty() || writeTimeline(*outcome);
}

// A run that stopped has no report.
void Runner::blameStop(const RtlRunOptions &rtl) {
  if (!options.compare)
    return;
  Sources sources;
  Diagnostics ignored(sources);
  auto reference = runReference(subject.kernel->semantics, subject.inputs, *jit, ignored);
  if (reference)
    session.err << "lathe: " << blameRun(session, wrongRun(*reference, nullptr, &rtl), *jit)
                << '\n';
}

// The same run again: equal options give equal cycles, with a waveform as well.
void Runner::traceFailure(const CycleWindow &window) {
  if (!options.traceOnFail)
    return;
  Progress building(session, "building the RTL model with waveforms");
  Progress running(session, "tracing");
  RtlRunOptions rtl = optionsForRtl(building, running);
  rtl.waveform = options.waveform.empty() ? subject.report.kernel + ".fail.fst" : options.waveform;
  rtl.window = window;
  Sources sources;
  Diagnostics again(sources);
  std::optional<RtlStop> stop;
  if (!runOnRtl(subject.program, *subject.target, subject.inputs, *jit, rtl, again, &stop) && !stop)
    for (const Diagnostic &diagnostic : again.all())
      session.diagnostics.report(Message::RunFailed, Place{}, "--trace-on-fail", diagnostic.text);
  else
    tellWaveform(rtl.waveform, window);
}

// On stderr: a run that stopped has no report.
void Runner::tellWaveform(const std::string &path, const CycleWindow &window) {
  std::string to = window.to == LATHE_NEVER ? "the end" : std::to_string(window.to);
  session.err << llvm::formatv("lathe: the waveform of cycles {0} to {1} is in '{2}'\n",
                               window.from, to, path);
  session.result["waveform"] = subject.report.waveform = path;
  std::string save = path + ".gtkw";
  if (!writeFile(session, save, gtkwaveSave(path, *subject.target, window, window.mark)))
    return;
  session.err << llvm::formatv("lathe: 'gtkwave {0}' shows it, marked at cycle {1}\n", save,
                               window.mark);
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
  if (!options.compare)
    return true;
  std::optional<Arrays> reference =
      runReference(subject.kernel->semantics, subject.inputs, *jit, session.diagnostics);
  if (!reference)
    return false;
  Progress building(session, "building the RTL model");
  Progress running(session, "looking for the cycle");
  RtlRunOptions rtl = optionsForRtl(building, running);
  Check &check = subject.report.checks.emplace_back(compareWithReference(
      task(), *reference, results, options.on == "rtl" ? &rtl : nullptr, *jit));
  if (!check.equal)
    check.blame = blameRun(
        session, wrongRun(*reference, &results, options.on == "rtl" ? &rtl : nullptr), *jit);
  if (check.window)
    traceFailure(*check.window);
  return true;
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
