#include "sdk/run/RtlRun.h"

#include "core/support/WholeFile.h"
#include "sdk/run/HostStep.h"
#include "simulators/rtl/Bridge.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

#include <chrono>

using namespace lathe;

static double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

ModelSpec lathe::modelSpec(const Target &target, bool trace) {
  ModelSpec spec;
  spec.top = target.rtl->top;
  spec.files = target.rtl->files;
  for (const auto &[name, value] : target.rtl->parameters)
    spec.parameters[name] = value;
  if (target.rtl->binding)
    spec.bridge = std::make_shared<const Bridge>(target);
  spec.trace = trace;
  return spec;
}

MemoryBehaviour lathe::memoryOf(const Target &target, MemoryBehaviour memory) {
  if (memory.latencyCycles == 0)
    memory.latencyCycles =
        static_cast<uint32_t>(std::max<int64_t>(1, target.spaces[kHostSpace].latencyCycles));
  return memory;
}

static void reportStop(const RunResult &result, const Target &target, Diagnostics &diagnostics) {
  std::string why = result.failure.empty() ? name(result.status).str() : result.failure;
  if (result.status == RunStatus::Idle)
    why = llvm::formatv("the hardware reports error code {0}", result.errorCode).str();
  Diagnostic &diagnostic =
      diagnostics.report(Message::RtlStopped, result.where, target.name, result.cycles, why);
  if (!result.log.empty())
    diagnostic.notes.push_back({Place{}, "the end of the RTL's own log: " + result.log});
}

namespace {
class RtlRunner {
public:
  RtlRunner(const Program &program, const Target &target, Jit &jit, const RtlRunOptions &options,
            Diagnostics &diagnostics, std::optional<RtlStop> *stop)
      : program(program), target(target), jit(jit), options(options), diagnostics(diagnostics),
        stop(stop), image(program) {}

  std::optional<RtlOutcome> run(const Arrays &inputs);

private:
  bool prepare(const Arrays &inputs);
  std::optional<RunResult> simulate(size_t step);
  bool runDevice(size_t step);
  bool runHost(const ProgramStep &step);
  bool keepWaveform();
  bool readCoverage();
  void setAlive(bool runs) {
    auto now = std::chrono::steady_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    if (options.limits.lastAlive)
      *options.limits.lastAlive = runs ? now : 0;
  }
  bool fail(const std::string &why) {
    diagnostics.report(Message::RunFailed, Place{}, program.kernel, why);
    return false;
  }

  const Program &program;
  const Target &target;
  Jit &jit;
  const RtlRunOptions &options;
  Diagnostics &diagnostics;
  std::optional<RtlStop> *stop; ///< may be null
  HostImage image;
  std::optional<PartialFile> waveform; ///< until the run has ended
  RtlSources sources;                  ///< of the model
  std::unique_ptr<RtlSimulator> simulator;
  RtlOutcome outcome;
};
} // namespace

bool RtlRunner::prepare(const Arrays &inputs) {
  if (std::optional<std::string> why = image.load(inputs))
    return fail(*why);
  auto start = std::chrono::steady_clock::now();
  ModelSpec spec = modelSpec(target, !options.waveform.empty());
  spec.lineCoverage = options.coverage;
  std::optional<BuiltModel> model = options.model
                                        ? std::optional(*options.model)
                                        : ModelCache(options.cache).get(spec, diagnostics);
  if (!model)
    return false;
  sources = model->sources;
  outcome.buildSeconds = secondsSince(start);
  outcome.wasCached = model->wasCached;
  setAlive(true); // initial blocks run here
  simulator = RtlSimulator::create(*model, diagnostics, {options.registerSeed, options.select});
  setAlive(false);
  if (!simulator)
    return false;
  simulator->recordCommands(options.recordCommands);
  if (options.watchAddress)
    simulator->watchWrite(*options.watchAddress);
  if (!options.waveform.empty())
    waveform.emplace(options.waveform);
  bool ready = simulator->setMemory(memoryOf(target, options.memory)) &&
               simulator->attachMemory(0, {image.data(), image.bytes()}) &&
               (!waveform || options.window || simulator->openTrace(waveform->name()));
  return ready || fail(simulator->error());
}

std::optional<RunResult> RtlRunner::simulate(size_t step) {
  const std::optional<CycleWindow> &window = options.window;
  if (!waveform || !window || window->step != step)
    return simulator->run(options.limits);
  return simulator->runTraced(waveform->name(), window->from, window->to, options.limits);
}

bool RtlRunner::runDevice(size_t step) {
  if (!simulator->push(encodeStep(program.steps[step], target)))
    return fail(simulator->error());
  auto start = std::chrono::steady_clock::now();
  std::optional<RunResult> result = simulate(step);
  setAlive(false);
  outcome.runSeconds += secondsSince(start);
  if (!result)
    return fail(simulator->error());
  outcome.last = std::move(*result);
  if (outcome.last.isGood())
    return true;
  reportStop(outcome.last, target, diagnostics);
  if (stop)
    *stop = {step, outcome.last.cycles};
  return false;
}

bool RtlRunner::runHost(const ProgramStep &step) {
  std::optional<std::string> why = runHostStep(step, program, image, jit);
  return !why || fail(*why);
}

bool RtlRunner::keepWaveform() {
  if (!waveform)
    return true;
  simulator->closeTrace();
  if (!llvm::sys::fs::exists(waveform->name()))
    return true; // a window that was not reached
  std::error_code error = waveform->keep();
  if (error)
    diagnostics.report(Message::FileUnwritable, Place{}, options.waveform, error.message());
  return !error;
}

// The model writes a file of its own form; of a file that no source stands behind the path is kept.
bool RtlRunner::readCoverage() {
  llvm::SmallString<128> file;
  std::error_code error = llvm::sys::fs::createTemporaryFile("lathe-coverage", "dat", file);
  if (error)
    return fail("no temporary file for coverage: " + error.message());
  bool written = simulator->writeCoverage(file.str().str());
  auto text = llvm::MemoryBuffer::getFile(file);
  (void)llvm::sys::fs::remove(file);
  if (!written || !text)
    return fail(written ? "the coverage of the model cannot be read" : simulator->error());
  outcome.lines = readLineCoverage((*text)->getBuffer(), [&](llvm::StringRef path) {
    const RtlSources::File *source = sources.findPrivate(path);
    return source ? source->path : path.str();
  });
  return true;
}

std::optional<RtlOutcome> RtlRunner::run(const Arrays &inputs) {
  if (!prepare(inputs))
    return std::nullopt;
  for (size_t step = 0; step < program.steps.size(); ++step) {
    bool onDevice = program.steps[step].kind == ProgramStep::Kind::Device;
    if (!(onDevice ? runDevice(step) : runHost(program.steps[step]))) {
      keepWaveform(); // shows what led to the failure
      return std::nullopt;
    }
  }
  if (!keepWaveform() || (options.coverage && !readCoverage()))
    return std::nullopt;
  outcome.watchedCycle = simulator->watchedCycle();
  if (auto counters = simulator->counters(0, target.rtl->counters.size()))
    outcome.counters = std::move(*counters);
  outcome.outputs = image.outputs();
  outcome.workCycles = outcome.last.workCycles().value_or(0);
  outcome.commandCycles = simulator->commandCycles().vec();
  return std::move(outcome);
}

std::optional<RtlOutcome> lathe::runOnRtl(const Program &program, const Target &target,
                                          const Arrays &inputs, Jit &jit,
                                          const RtlRunOptions &options, Diagnostics &diagnostics,
                                          std::optional<RtlStop> *stop) {
  if (!target.rtl) {
    diagnostics.report(Message::NoRtl, Place{}, target.name);
    return std::nullopt;
  }
  return RtlRunner(program, target, jit, options, diagnostics, stop).run(inputs);
}
