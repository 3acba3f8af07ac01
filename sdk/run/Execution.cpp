#include "sdk/run/Execution.h"

#include "core/semantics/Compare.h"
#include "simulators/reference/Reference.h"

#include <chrono>

using namespace lathe;

static std::optional<Arrays> reportFailure(const std::string &kernel, const std::string &why,
                                           Diagnostics &diagnostics) {
  diagnostics.report(Message::RunFailed, Place{}, kernel, why);
  return std::nullopt;
}

std::optional<Arrays> lathe::runReference(const Semantics &kernel, const Arrays &inputs, Jit &jit,
                                          Diagnostics &diagnostics) {
  Arrays arrays = inputs;
  if (std::optional<std::string> why = evaluate(kernel, arrays, jit))
    return reportFailure(kernel.name, *why, diagnostics);
  Arrays outputs;
  for (const Tensor &tensor : kernel.tensors)
    if (tensor.role == Role::Output)
      outputs[tensor.name] = std::move(arrays[tensor.name]);
  return outputs;
}

static Arrays outputsOf(const Program &program, Arrays &arrays) {
  Arrays outputs;
  for (const Symbol &symbol : program.symbols)
    if (symbol.kind == Symbol::Kind::Output)
      outputs[symbol.name] = std::move(arrays[symbol.name]);
  return outputs;
}

std::optional<ModelOutcome> lathe::runOnModel(const Task &task, Jit &jit,
                                              Diagnostics &diagnostics) {
  FunctionalSimulator simulator(task.target, jit);
  Arrays arrays = task.inputs;
  auto start = std::chrono::steady_clock::now();
  if (std::optional<SimulationFault> fault = simulator.run(task.program, arrays)) {
    diagnostics.report(Message::RunFailed, Place{}, task.program.kernel, fault->text);
    return std::nullopt;
  }
  ModelOutcome outcome;
  outcome.runSeconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  outcome.outputs = outputsOf(task.program, arrays);
  return outcome;
}

static std::optional<std::pair<std::string, Difference>> firstMismatch(const Arrays &expected,
                                                                       const Arrays &got) {
  for (const auto &[name, array] : expected) {
    auto found = got.find(name);
    if (found == got.end())
      continue;
    if (std::optional<Difference> mismatch = compare(array, found->second))
      return std::pair(name, std::move(*mismatch));
  }
  return std::nullopt;
}

static int64_t flatIndex(llvm::ArrayRef<int64_t> index, llvm::ArrayRef<int64_t> sizes) {
  int64_t flat = 0;
  for (size_t i = 0; i < index.size(); ++i)
    flat = flat * sizes[i] + index[i];
  return flat;
}

static std::optional<Execution> findWriter(const Task &task, const std::string &tensor,
                                           int64_t element, Jit &jit) {
  FunctionalSimulator simulator(task.target, jit);
  return simulator.lastWriter(task.program, task.inputs, tensor, element);
}

namespace {
/// A store on the RTL.
struct StoreCycles {
  std::optional<uint64_t> taken;  ///< the instruction, from the command port
  std::optional<uint64_t> stored; ///< the byte, by the memory port
};
} // namespace

// The same run again: equal options give equal cycles.
static StoreCycles cyclesOf(const Task &task, const Execution &writer, uint64_t address,
                            RtlRunOptions rtl, Jit &jit) {
  rtl.waveform.clear();
  rtl.recordCommands = true;
  rtl.watchAddress = address;
  Sources sources;
  Diagnostics ignored(sources);
  auto outcome = runOnRtl(task.program, task.target, task.inputs, jit, rtl, ignored);
  if (!outcome)
    return {};
  StoreCycles cycles{std::nullopt, outcome->watchedCycle};
  size_t command = 0;
  for (size_t s = 0; s < writer.step; ++s)
    command += task.program.steps[s].instructions.size();
  if (writer.instruction && command + *writer.instruction < outcome->commandCycles.size())
    cycles.taken = outcome->commandCycles[command + *writer.instruction];
  return cycles;
}

static constexpr uint64_t kCyclesBefore = 1000, kCyclesAfter = 20;

static uint64_t before(uint64_t cycle) { return cycle - std::min(cycle, kCyclesBefore); }

CycleWindow lathe::windowBefore(const RtlStop &stop) {
  return {stop.step, before(stop.cycle), LATHE_NEVER, stop.cycle};
}

// What a host step wrote came from the device step before it.
static CycleWindow windowOf(const Task &task, const Execution &writer, const StoreCycles &cycles) {
  if (writer.instruction && cycles.stored)
    return {writer.step, before(*cycles.stored), *cycles.stored + kCyclesAfter, *cycles.stored};
  size_t step = std::min(writer.step, task.program.steps.size() - 1);
  while (step > 0 && task.program.steps[step].kind != ProgramStep::Kind::Device)
    --step;
  uint64_t taken = cycles.taken.value_or(0);
  return {step, before(taken), LATHE_NEVER, taken};
}

static std::string cyclesText(const StoreCycles &cycles) {
  if (!cycles.taken)
    return {};
  std::string text = ", taken in cycle " + std::to_string(*cycles.taken);
  return text + (cycles.stored ? " and stored in cycle " + std::to_string(*cycles.stored)
                               : std::string(" and not stored"));
}

Check lathe::compareWithReference(const Task &task, const Arrays &reference, const Arrays &got,
                                  const RtlRunOptions *rtl, Jit &jit) {
  auto found = firstMismatch(reference, got);
  if (!found)
    return {"reference", true, "", {}};
  const auto &[tensor, mismatch] = *found;
  Check check{"reference", false, "", {}};
  check.detail =
      llvm::formatv("'{0}'{1} is {2}, the reference has {3} ({4} elements differ)", tensor,
                    indexText(mismatch.index), mismatch.got, mismatch.expected, mismatch.count)
          .str();
  const Symbol *symbol = task.program.find(tensor);
  if (!symbol)
    return check;
  int64_t element = flatIndex(mismatch.index, symbol->sizes);
  std::optional<Execution> writer = findWriter(task, tensor, element, jit);
  check.detail += writer ? "; written by " + writer->text : "; nothing writes it";
  if (writer && rtl) {
    uint64_t address = symbol->address + element * symbol->type.bytes();
    StoreCycles cycles = cyclesOf(task, *writer, address, *rtl, jit);
    check.detail += cyclesText(cycles);
    check.window = windowOf(task, *writer, cycles);
  }
  return check;
}
