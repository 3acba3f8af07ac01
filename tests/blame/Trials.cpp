#include "tests/blame/Trials.h"

#include "core/semantics/Compare.h"
#include "tests/blame/ProgramFaults.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::blame;

static Witnesses witnessesOf(const Accepted &accepted, const Target &target,
                             const Hardware &machine) {
  Witnesses witnesses{target, *accepted.jit, machine.model};
  for (const BuiltModel &other : machine.others)
    witnesses.others.push_back([&other] { return std::optional(other); });
  witnesses.vectors = &accepted.vectors;
  witnesses.ofTarget = &target == &accepted.target ? accepted.ofTarget.get() : nullptr;
  witnesses.ofModel = &machine == &accepted.machine ? accepted.ofModel.get() : nullptr;
  witnesses.seed = accepted.seed;
  witnesses.cancel = accepted.cancel;
  witnesses.areaBytes = Conformance::kAreaBytes;
  witnesses.mostCycles = Conformance::kMostCycles;
  return witnesses;
}

// ---- conformance

static Trial tryConformance(const Accepted &accepted, const Target &target,
                            Conformance &conformance, const Hardware &machine) {
  auto failure = conformance.firstFailure(machine.model, accepted.cancel);
  if (!failure)
    return {};
  return {failure->point.name, true,
          decide(collect(witnessesOf(accepted, target, machine), conformance.routes(),
                         failure->cases, failure->point))};
}

Trial lathe::blame::tryDescription(const Accepted &accepted, const Target &description) {
  Conformance conformance(description, *accepted.jit, accepted.machine.model, accepted.seed);
  return tryConformance(accepted, description, conformance, accepted.machine);
}

Trial lathe::blame::tryHardware(const Accepted &accepted, const Hardware &machine) {
  return tryConformance(accepted, accepted.target, *accepted.conformance, machine);
}

// ---- kernels

static Arrays randomInputs(const Semantics &kernel, verify::Random &random) {
  Arrays inputs;
  for (const Tensor &tensor : kernel.tensors) {
    if (tensor.role != Role::Input)
      continue;
    std::vector<int64_t> sizes;
    int64_t count = 1;
    for (const auto &size : tensor.sizes) {
      sizes.push_back(size);
      count *= size;
    }
    Array array = Array::zeros(tensor.type, sizes);
    std::vector<uint8_t> bytes = verify::randomElements(tensor.type, count, random);
    std::copy(bytes.begin(), bytes.end(), array.bytes.begin());
    inputs[tensor.name] = std::move(array);
  }
  return inputs;
}

static bool differs(const Arrays &expected, const Arrays &got) {
  return llvm::any_of(expected, [&](const auto &entry) {
    auto found = got.find(entry.first);
    return found == got.end() || compare(entry.second, found->second).has_value();
  });
}

Trial lathe::blame::tryProgram(const Accepted &accepted, uint64_t number) {
  verify::Random random(number);
  const Compiled &compiled = accepted.kernels[number % accepted.kernels.size()];
  Sources sources;
  Diagnostics diagnostics(sources);
  Arrays inputs = randomInputs(compiled.kernel, random);
  auto reference = runReference(compiled.kernel, inputs, *accepted.jit, diagnostics);
  if (!reference)
    return {};
  auto [program, what] = withFault(compiled.program, accepted.target, random);
  Task task{&compiled.kernel, program, accepted.target, inputs};
  RtlRunOptions options;
  options.cache = accepted.cache;
  options.model = &accepted.machine.model;
  options.limits.cycles = 1'000'000;
  options.limits.cancel = accepted.cancel;
  auto outcome = runOnRtl(program, accepted.target, inputs, *accepted.jit, options, diagnostics);
  if (outcome && !differs(*reference, outcome->outputs))
    return {what, false, std::nullopt};
  return {what, true,
          decide(collect(witnessesOf(accepted, accepted.target, accepted.machine), task, *reference,
                         outcome ? &outcome->outputs : nullptr, options, /*isCompiled=*/true))};
}
