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

static std::string writerText(const Task &task, const std::string &tensor,
                              const Difference &mismatch, Jit &jit) {
  const Symbol *symbol = task.program.find(tensor);
  if (!symbol)
    return {};
  FunctionalSimulator simulator(task.target, jit);
  std::optional<Execution> writer = simulator.lastWriter(task.program, task.inputs, tensor,
                                                         flatIndex(mismatch.index, symbol->sizes));
  return writer ? "; written by " + writer->text : "; nothing writes it";
}

// When the hardware is wrong against the reference, the functional simulator decides.
static std::string blameText(const Task &task, const Arrays &reference, const Arrays &got,
                             Jit &jit) {
  Sources sources;
  Diagnostics ignored(sources);
  std::optional<ModelOutcome> model = runOnModel(task, jit, ignored);
  if (!model)
    return "; the functional simulator stops: " + ignored.all().front().text;
  if (!firstMismatch(reference, model->outputs))
    return "; the functional simulator agrees with the reference: the description or the RTL is "
           "wrong";
  if (!firstMismatch(model->outputs, got))
    return "; the functional simulator agrees with the RTL: the compiler is wrong";
  return "; the functional simulator agrees with neither";
}

Check lathe::compareWithReference(const Task &task, const Arrays &reference, const Arrays &got,
                                  bool onRtl, Jit &jit) {
  auto found = firstMismatch(reference, got);
  if (!found)
    return {"reference", true, ""};
  const auto &[tensor, mismatch] = *found;
  std::string detail =
      llvm::formatv("'{0}'{1} is {2}, the reference has {3} ({4} elements differ)", tensor,
                    indexText(mismatch.index), mismatch.got, mismatch.expected, mismatch.count)
          .str();
  detail += writerText(task, tensor, mismatch, jit);
  if (onRtl)
    detail += blameText(task, reference, got, jit);
  return {"reference", false, detail};
}
