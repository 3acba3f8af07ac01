// lathe-bench-simulation: one program on a bare replay of its Verilated model, in the cycle loop of
// the same model, and on the functional simulator.
//
//   lathe-bench-simulation PLUGIN CACHE KERNEL.lathe [NAME=SIZE]...
//
// The replay sets, cycle by cycle, the inputs that the loop gave the model (command words, memory
// responses, readies) from an array, and evaluates both clock edges: no channels, no memory, no
// watching. All three are run from reset, take turns, and count by the least CPU time of seven.
// Prints one JSON object; exit code 1 when the three do not agree on what they computed.

#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "core/semantics/Parser.h"
#include "sdk/run/HostImage.h"
#include "sdk/run/RtlRun.h"
#include "simulators/functional/FunctionalSimulator.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <ctime>

using namespace lathe;

namespace {

constexpr int kRounds = 7;

/// Of this process, so that a busy machine does not count.
double cpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) + double(now.tv_nsec) * 1e-9;
}

template <typename Action> double timed(Action &&action) {
  double start = cpuSeconds();
  action();
  return cpuSeconds() - start;
}

std::optional<Semantics> readKernel(llvm::StringRef path, llvm::ArrayRef<char *> sizeWords,
                                    Sources &sources, Diagnostics &diagnostics) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return std::nullopt;
  std::vector<std::pair<std::string, int64_t>> sizes;
  for (llvm::StringRef word : sizeWords) {
    auto [name, text] = word.split('=');
    int64_t size = 0;
    if (text.getAsInteger(10, size))
      return std::nullopt;
    sizes.emplace_back(name.str(), size);
  }
  auto kernels = parseKernels(sources.add(path, (*file)->getBuffer()), diagnostics);
  return kernels ? lathe::bind(kernels->front(), sizes, {}, diagnostics) : std::nullopt;
}

Arrays randomInputs(const Semantics &kernel) {
  Arrays inputs;
  uint32_t seed = 1;
  for (const Tensor &tensor : kernel.tensors) {
    if (tensor.role != Role::Input)
      continue;
    Array &array = inputs[tensor.name] = Array::zeros(tensor.type, tensor.sizes);
    for (uint8_t &byte : array.bytes)
      byte = (seed = seed * 1664525 + 1013904223) >> 24;
  }
  return inputs;
}

/// The program's only step, as command words; host steps would be timed as something else.
std::optional<std::vector<uint64_t>> onlyDeviceStep(const Program &program, const Target &target) {
  if (program.steps.size() != 1 || program.steps[0].kind != ProgramStep::Kind::Device)
    return std::nullopt;
  return encodeStep(program.steps[0], target);
}

class Bench {
public:
  Bench(const Program &program, const Target &target, const Arrays &inputs, Jit &jit,
        std::vector<uint64_t> words, RtlSimulator &rtl)
      : program(program), target(target), inputs(inputs), words(std::move(words)), rtl(rtl),
        image(program), functional(target, jit) {}

  /// Nothing when one of them fails: the reason is in `why`.
  std::optional<llvm::json::Object> run(std::string &why);

private:
  bool prepare(std::string &why);
  void runLoop() {
    rtl.reset();
    rtl.push(words);
    result = rtl.run();
  }
  void runFunctional() {
    results = inputs;
    fault = functional.run(program, results);
  }
  bool agree(std::string &why);

  const Program &program;
  const Target &target;
  const Arrays &inputs;
  std::vector<uint64_t> words;
  RtlSimulator &rtl;
  HostImage image;
  FunctionalSimulator functional;
  RunResult result{};
  std::optional<uint64_t> replayed;
  std::optional<SimulationFault> fault;
  Arrays results;
};

bool Bench::prepare(std::string &why) {
  if (auto failure = image.load(inputs)) {
    why = *failure;
    return false;
  }
  auto latency = static_cast<uint32_t>(target.spaces[kHostSpace].latencyCycles);
  bool ready = rtl.setMemory({.latencyCycles = std::max(1u, latency)}) &&
               rtl.attachMemory(0, {image.data(), image.bytes()}) && rtl.reset() &&
               rtl.recordInputs(true) && rtl.push(words);
  result = rtl.run();
  if (!ready || !result.isGood())
    why = "the RTL fails: " + rtl.error() + result.failure;
  return ready && result.isGood();
}

/// The same cycles, the same counters at the end (retired, busy, bytes), the same results.
bool Bench::agree(std::string &why) {
  auto count = static_cast<uint32_t>(target.rtl->counters.size());
  rtl.replayInputs();
  auto replayCounters = rtl.counters(0, count);
  runLoop();
  auto loopCounters = rtl.counters(0, count);
  if (replayed != result.cycles)
    why = llvm::formatv("the replay has {0} cycles, the loop {1}", replayed, result.cycles).str();
  else if (!loopCounters || loopCounters != replayCounters)
    why = "the model's counters differ after the replay and after the loop";
  else if (fault)
    why = fault->text;
  for (const auto &[name, array] : image.outputs())
    if (why.empty() && results.at(name).bytes != array.bytes)
      why = "the functional simulator and the RTL differ in '" + name + "'";
  return why.empty();
}

std::optional<llvm::json::Object> Bench::run(std::string &why) {
  if (!prepare(why))
    return std::nullopt;
  double first = timed([&] { runFunctional(); });
  double replay = 1e30, loop = 1e30, model = 1e30;
  for (int round = 0; round < kRounds; ++round) {
    replay = std::min(replay, timed([&] { replayed = rtl.replayInputs(); }));
    loop = std::min(loop, timed([&] { runLoop(); }));
    model = std::min(model, timed([&] { runFunctional(); }));
  }
  if (!agree(why))
    return std::nullopt;
  return llvm::json::Object{{"cycles", static_cast<int64_t>(result.cycles)},
                            {"instructions", static_cast<int64_t>(program.instructionCount())},
                            {"replaySeconds", replay},
                            {"loopSeconds", loop},
                            {"functionalSeconds", model},
                            {"functionalFirstSeconds", first}};
}

int bench(llvm::ArrayRef<char *> arguments, Diagnostics &diagnostics, Sources &sources) {
  auto plugin = readManifest(arguments[0], diagnostics);
  auto target = plugin ? loadTarget(*plugin, "", diagnostics) : std::nullopt;
  auto kernel = readKernel(arguments[2], arguments.drop_front(3), sources, diagnostics);
  auto compiled = target && kernel ? compile(*kernel, *target, {}, diagnostics) : std::nullopt;
  auto words = compiled ? onlyDeviceStep(compiled->program, *target) : std::nullopt;
  if (!words || !target->rtl)
    return 3;
  CacheOptions cache;
  cache.directory = arguments[1];
  ModelSpec spec = modelSpec(*target, /*trace=*/false);
  spec.replay = true;
  auto model = ModelCache(cache).get(spec, diagnostics);
  auto rtl = model ? RtlSimulator::create(*model, diagnostics) : nullptr;
  auto jit = Jit::create(cache.directory + "/jit");
  if (!rtl || !jit)
    return 5;
  Arrays inputs = randomInputs(*kernel);
  std::string why;
  auto answer = Bench(compiled->program, *target, inputs, **jit, std::move(*words), *rtl).run(why);
  if (answer)
    llvm::outs() << llvm::json::Value(std::move(*answer)) << '\n';
  else
    llvm::errs() << why << '\n';
  return answer ? 0 : 1;
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 4) {
    llvm::errs() << "usage: lathe-bench-simulation PLUGIN CACHE KERNEL.lathe [NAME=SIZE]...\n";
    return 2;
  }
  Sources sources;
  Diagnostics diagnostics(sources);
  int status = bench({argv + 1, argv + argc}, diagnostics, sources);
  print(llvm::errs(), diagnostics);
  return status;
}
