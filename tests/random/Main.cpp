// lathe-random: seeded kernels through every oracle.
//
//   lathe-random PLUGIN CACHE [--count N] [--rtl N] [--first SEED] [--machine NAME] [--contractions
//   LARGEST]
//               [--print yes]
//
// Runs kernels FIRST .. FIRST+count-1 on the reference and on the functional simulator, the first
// `--rtl` of them on the RTL too. With --contractions it draws contractions and compares predicted
// with measured cycles. Prints each failing kernel with the command that repeats it; exit code 1
// when one failed.

#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "core/semantics/Parser.h"
#include "sdk/run/Execution.h"
#include "tests/random/RandomKernel.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>
#include <random>

using namespace lathe;

namespace {

struct Arguments {
  std::string plugin, cache, machine;
  uint64_t first = 1, count = 100, rtl = 0;
  int64_t contractions = 0;
  bool print = false; ///< the program of every kernel
};

/// Corner values most of the time: small-range data hides wrong arithmetic.
Array randomArray(const Tensor &tensor, std::mt19937_64 &random) {
  static const int64_t corners[] = {-128, -127, -1, 0, 1, 126, 127};
  Array array = Array::zeros(tensor.type, tensor.sizes);
  for (int64_t i = 0; i < array.elements(); ++i) {
    uint64_t draw = random();
    int64_t value = draw % 3 ? corners[draw / 3 % 7] : int64_t(random());
    if (tensor.type.bits > 8 && draw % 11 == 0)
      value = draw % 2 ? tensor.type.min() : tensor.type.max();
    if (tensor.type.bits <= 8 && draw % 3 == 0)
      value = static_cast<int8_t>(value);
    array.setInteger(i, tensor.type.bits >= 32 ? static_cast<int32_t>(value) : value);
  }
  return array;
}

class Driver {
public:
  Driver(const Arguments &arguments, const Target &target, Jit &jit)
      : arguments(arguments), target(target), jit(jit) {}

  int run() {
    uint64_t failed = 0;
    for (uint64_t n = 0; n < arguments.count; ++n) {
      uint64_t seed = arguments.first + n;
      Sources sources;
      Diagnostics diagnostics(sources);
      RandomKernelOptions options;
      for (const auto &[name, value] : target.parameters)
        options.dim = value;
      std::string text = arguments.contractions ? randomContraction(seed, arguments.contractions)
                                                : randomKernel(seed, options);
      std::string why = check(seed, text, n < arguments.rtl, sources, diagnostics);
      if (why.empty())
        continue;
      ++failed;
      llvm::errs() << "seed " << seed << ": " << why << "\n" << text;
      print(llvm::errs(), diagnostics);
      llvm::errs() << llvm::formatv(
          "repeat: lathe-random {0} {1} --first {2} --count 1 --rtl 1{3}\n", arguments.plugin,
          arguments.cache, seed,
          (arguments.machine.empty() ? "" : " --machine " + arguments.machine) +
              (arguments.contractions ? " --contractions " + std::to_string(arguments.contractions)
                                      : ""));
    }
    llvm::outs() << llvm::formatv(
        "{0} kernels, {1} on the target in whole or in part, {2} on RTL, {3} failed\n",
        arguments.count, mapped, std::min(arguments.rtl, arguments.count), failed);
    if (worstError > 0)
      llvm::outs() << llvm::formatv("largest error of predicted cycles: {0:P1} (seed {1})\n",
                                    worstError, worstSeed);
    return failed ? 1 : 0;
  }

private:
  std::string check(uint64_t seed, const std::string &text, bool onRtl, Sources &sources,
                    Diagnostics &diagnostics) {
    auto kernels = parseKernels(sources.add("random.lathe", text), diagnostics);
    if (!kernels)
      return "does not parse";
    auto kernel = bind(kernels->front(), {}, {}, diagnostics);
    if (!kernel)
      return "does not bind";
    std::mt19937_64 random(seed);
    Arrays inputs;
    for (const Tensor &tensor : kernel->tensors)
      if (tensor.role == Role::Input)
        inputs[tensor.name] = randomArray(tensor, random);
    // Now and then another mapping than the best: all of them must be right.
    CompileOptions choice;
    if (!arguments.contractions && seed % 4 == 0)
      choice.only = seed / 4;
    auto compiled = compile(*kernel, target, choice, diagnostics);
    if (!compiled)
      return "does not compile";
    if (arguments.print)
      llvm::outs() << printProgram(compiled->program, target);
    mapped += llvm::any_of(compiled->placements,
                           [](const Placement &placement) { return placement.onTarget; });
    for (const Placement &placement : compiled->placements)
      for (const Refusal &refusal : placement.refusals)
        if (llvm::StringRef(refusal.reason).starts_with("not proved"))
          return refusal.reason;
    auto expected = runReference(*kernel, inputs, jit, diagnostics);
    if (!expected)
      return "the reference fails";
    Task task{&*kernel, compiled->program, target, inputs};
    if (!arguments.contractions) {
      auto model = runOnModel(task, jit, diagnostics);
      if (!model)
        return "the functional simulator fails";
      Check check = compareWithReference(task, *expected, model->outputs, nullptr, jit);
      if (!check.equal)
        return "functional: " + check.detail;
    }
    return onRtl ? checkRtl(seed, task, *compiled, *expected, diagnostics) : "";
  }

  std::string checkRtl(uint64_t seed, const Task &task, const Compilation &compiled,
                       const Arrays &expected, Diagnostics &diagnostics) {
    RtlRunOptions options;
    options.cache.directory = arguments.cache;
    auto outcome = runOnRtl(task.program, target, task.inputs, jit, options, diagnostics);
    if (!outcome)
      return "the RTL fails";
    Check check = compareWithReference(task, expected, outcome->outputs, &options, jit);
    if (!check.equal)
      return "rtl: " + check.detail;
    if (!arguments.contractions || outcome->workCycles == 0)
      return "";
    double error = double(compiled.predictedCycles) / double(outcome->workCycles) - 1;
    llvm::outs() << llvm::formatv("seed {0}: predicted {1}, measured {2}, {3:P1}\n", seed,
                                  compiled.predictedCycles, outcome->workCycles, error);
    if (std::abs(error) > worstError) {
      worstError = std::abs(error);
      worstSeed = seed;
    }
    return std::abs(error) > 0.10 ? "predicted cycles are off by more than 10 %" : "";
  }

  const Arguments &arguments;
  const Target &target;
  Jit &jit;
  uint64_t mapped = 0, worstSeed = 0;
  double worstError = 0;
};

bool parse(int argc, char **argv, Arguments &arguments) {
  if (argc < 3)
    return false;
  arguments.plugin = argv[1];
  arguments.cache = argv[2];
  for (int i = 3; i + 1 < argc; i += 2) {
    std::string name = argv[i];
    if (name == "--machine")
      arguments.machine = argv[i + 1];
    else if (name == "--first")
      arguments.first = std::stoull(argv[i + 1]);
    else if (name == "--count")
      arguments.count = std::stoull(argv[i + 1]);
    else if (name == "--rtl")
      arguments.rtl = std::stoull(argv[i + 1]);
    else if (name == "--print")
      arguments.print = std::string(argv[i + 1]) == "yes";
    else if (name == "--contractions")
      arguments.contractions = std::stoll(argv[i + 1]);
    else
      return false;
  }
  return true;
}

} // namespace

int main(int argc, char **argv) {
  Arguments arguments;
  if (!parse(argc, argv, arguments)) {
    llvm::errs() << "usage: lathe-random PLUGIN CACHE [--count N] [--rtl N] [--first SEED] "
                    "[--machine NAME] [--contractions LARGEST]\n";
    return 2;
  }
  Sources sources;
  Diagnostics diagnostics(sources);
  auto plugin = readManifest(arguments.plugin, diagnostics);
  auto target = plugin ? loadTarget(*plugin, arguments.machine, diagnostics) : std::nullopt;
  if (!target) {
    print(llvm::errs(), diagnostics);
    return 3;
  }
  auto jit = Jit::create(arguments.cache + "/jit");
  if (!jit) {
    llvm::errs() << toString(jit.takeError()) << "\n";
    return 6;
  }
  return Driver(arguments, *target, **jit).run();
}
