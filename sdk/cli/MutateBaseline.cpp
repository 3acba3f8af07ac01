#include "sdk/cli/MutateBaseline.h"

#include "sdk/cli/AssemblyFile.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Interrupt.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/TestFile.h"

#include "core/semantics/Compare.h"
#include "llvm/Support/ThreadPool.h"

using namespace lathe;
using namespace lathe::cli;

namespace {
/// A compiled kernel with its inputs, and what must come out.
struct Ready {
  BoundKernel kernel;
  Program program;
  Arrays expected;
  uint64_t cycles = 0; ///< that it takes without a fault
};
} // namespace

static void makeSmall(Arrays &inputs) {
  for (auto &[name, array] : inputs)
    for (int64_t i = 0; array.type.isInteger() && i < array.elements(); ++i) {
      int64_t least = array.type.isSigned() && array.type.bits > 2 ? -2 : 0;
      int64_t most = std::min<int64_t>(2, array.type.max());
      uint64_t value = static_cast<uint64_t>(array.integerAt(i));
      array.setInteger(i, least + static_cast<int64_t>(value % (most - least + 1)));
    }
}

static std::optional<Ready> prepare(Session &session, const TestCase &test, const Target &target,
                                    Jit &jit) {
  KernelArguments arguments;
  arguments.path = test.kernel;
  arguments.kernel = test.kernelName;
  arguments.seed = 1;
  for (const auto &[name, size] : test.sizes)
    arguments.sizes.push_back(name + "=" + size);
  std::optional<BoundKernel> bound = loadKernel(session, arguments, /*forRun=*/true);
  std::optional<Compiled> compiled =
      bound ? compileKernel(session, bound->semantics, target, {}) : std::nullopt;
  if (!compiled)
    return std::nullopt;
  makeSmall(bound->inputs);
  std::optional<Arrays> expected =
      runReference(bound->semantics, bound->inputs, jit, session.diagnostics);
  if (!expected)
    return std::nullopt;
  return Ready{std::move(*bound), std::move(compiled->compilation.program), std::move(*expected)};
}

static std::optional<RtlOutcome> run(const Ready &ready, const Target &target, Jit &jit,
                                     const mutation::RtlMutants &mutants, uint32_t select) {
  Sources sources;
  Diagnostics diagnostics(sources);
  RtlRunOptions options;
  options.model = &mutants.model;
  options.select = select;
  options.limits.cancel = &deferInterrupts();
  options.limits.seconds = 30;
  if (ready.cycles > 0)
    options.limits.cycles = 3 * ready.cycles + 2000;
  return runOnRtl(ready.program, target, ready.kernel.inputs, jit, options, diagnostics);
}

static bool areEqual(const Arrays &expected, const Arrays &got) {
  return llvm::all_of(expected, [&](const auto &entry) {
    auto found = got.find(entry.first);
    return found == got.end() || !compare(entry.second, found->second);
  });
}

BaselineResult lathe::cli::killedByKernels(Session &session, const Target &target,
                                           const mutation::RtlMutants &mutants, unsigned jobs,
                                           const std::function<bool(size_t)> &isEqual) {
  std::unique_ptr<Jit> jit = makeJit(session);
  std::vector<Ready> ready;
  for (const std::string &file : testFilesOf(target.folder))
    for (const TestCase &test :
         readTestFile(file, target.folder, session.sources, session.diagnostics)) {
      if (isAssemblyFile(test.kernel) || !test.inputs.empty())
        continue;
      Session own(session.environment); // a kernel that this machine cannot take is left out
      own.quiet = true;
      std::optional<Ready> one = prepare(own, test, target, *jit);
      std::optional<RtlOutcome> outcome = one ? run(*one, target, *jit, mutants, 0) : std::nullopt;
      if (!outcome || !areEqual(one->expected, outcome->outputs))
        continue;
      one->cycles = outcome->last.cycles;
      ready.push_back(std::move(*one));
    }
  uint64_t cycles = 0;
  for (const Ready &one : ready)
    cycles += one.cycles;
  llvm::stable_sort(ready, [](const Ready &a, const Ready &b) { return a.cycles < b.cycles; });
  std::vector<char> killed(mutants.faults().size());
  std::atomic<size_t> next = 0;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(jobs));
  for (unsigned thread = 0; thread < jobs; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < killed.size() && !deferInterrupts(); i = next++)
        killed[i] = !isEqual(i) && llvm::any_of(ready, [&](const Ready &one) {
          std::optional<RtlOutcome> outcome =
              run(one, target, *jit, mutants, mutation::RtlMutants::select(i));
          return !outcome || !areEqual(one.expected, outcome->outputs);
        });
    });
  pool.wait();
  return {{killed.begin(), killed.end()}, ready.size(), cycles};
}
