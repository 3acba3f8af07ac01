#include "tests/blame/Trials.h"

#include "core/Compiler.h"
#include "core/semantics/Compare.h"
#include "tests/blame/ProgramFaults.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::blame;

// ---- conformance

static std::optional<verify::PointResult>
firstFailure(const Accepted &accepted, const Target &target, const verify::Routes &routes,
             const verify::Cases &cases, const BuiltModel &model) {
  verify::VerifyOptions options;
  options.threads = 1;
  options.mostFailures = 1;
  options.seed = accepted.seed;
  verify::Verification verification(target, routes, *accepted.jit, model, cases, options);
  for (verify::PointResult &point : verification.run())
    if (point.verdict == verify::Verdict::Failed)
      return std::move(point);
  return std::nullopt;
}

static Trial tryConformance(Accepted &accepted, const Target &target, const BuiltModel &model,
                            const BuiltModel &second) {
  verify::Routes routes = verify::Routes::find(target, *accepted.jit);
  verify::Cases cases = verify::casesOf(target, verify::HostWindows(target, 8 << 20));
  auto failed = firstFailure(accepted, target, routes, cases, model);
  if (!failed)
    return {};
  Witnesses witnesses{target,
                      *accepted.jit,
                      model,
                      {[&] { return std::optional(second); }},
                      &accepted.vectors,
                      accepted.seed};
  return {failed->name, true, decide(collect(witnesses, routes, cases, *failed))};
}

Trial lathe::blame::tryDescription(Accepted &accepted, const Target &description) {
  return tryConformance(accepted, description, accepted.model, accepted.second);
}

Trial lathe::blame::tryHardware(Accepted &accepted, const BuiltModel &model,
                                const BuiltModel &second) {
  return tryConformance(accepted, accepted.target, model, second);
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

Trial lathe::blame::tryProgram(Accepted &accepted, uint64_t number) {
  verify::Random random(number);
  const Semantics &kernel = accepted.kernels[number % accepted.kernels.size()];
  Sources sources;
  Diagnostics diagnostics(sources);
  auto compiled = compile(kernel, accepted.target, {}, diagnostics);
  Arrays inputs = randomInputs(kernel, random);
  auto reference = runReference(kernel, inputs, *accepted.jit, diagnostics);
  if (!compiled || !reference)
    return {};
  auto [program, what] = withFault(compiled->program, accepted.target, random);
  Task task{&kernel, program, accepted.target, inputs};
  RtlRunOptions options;
  options.cache = accepted.cache;
  options.model = &accepted.model;
  options.limits.cycles = 1'000'000;
  auto outcome = runOnRtl(program, accepted.target, inputs, *accepted.jit, options, diagnostics);
  if (outcome && !differs(*reference, outcome->outputs))
    return {what, false, std::nullopt};
  Witnesses witnesses{accepted.target,   *accepted.jit,
                      accepted.model,    {[&] { return std::optional(accepted.second); }},
                      &accepted.vectors, accepted.seed};
  return {what, true,
          decide(collect(witnesses, task, *reference, outcome ? &outcome->outputs : nullptr,
                         options, /*isCompiled=*/true))};
}
