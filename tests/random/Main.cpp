// lathe-random: seeded kernels through every oracle.
//
//   lathe-random PLUGIN CACHE [--count N] [--rtl N] [--first SEED] [--machine NAME]
//                [--statements N | --contractions LARGEST | --kernel FILE] [--print yes]
//                [--seconds S] [--sabotage argmax]
//
// Runs kernels FIRST .. FIRST+count-1 on the reference and on the functional simulator, the first
// `--rtl` of them on the RTL too. --statements draws kernels of about N statements that depend on
// each other; --contractions draws contractions and compares predicted with measured cycles;
// --kernel takes one from a file, with data from seed FIRST. A failing kernel is reduced; the
// reduced one is written to CACHE, and printed with the command that repeats it. --seconds: no
// further kernel begins after; how many there were is printed. --sabotage makes the compiler wrong,
// to see that. Exit code 1 when a kernel failed.

#include "core/description/Plugin.h"
#include "tests/random/Oracles.h"
#include "tests/random/RandomBlock.h"
#include "tests/random/Reduce.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>

using namespace lathe;

namespace {

struct Arguments {
  std::string plugin, cache, machine, kernel, sabotage;
  uint64_t first = 1, count = 100, rtl = 0, statements = 0;
  int64_t contractions = 0;
  double seconds = 0; ///< 0: no limit
  bool print = false;
};

constexpr uint64_t kKernelsPerJit = 500, kMostKept = 2000;

class Driver {
public:
  Driver(const Arguments &arguments, const Target &target) : arguments(arguments), target(target) {}

  int run() {
    uint64_t n = 0;
    for (; n < arguments.count && (n == 0 || !isOver()); ++n) {
      if (n % kKernelsPerJit == 0 && !renewJit())
        return 6;
      uint64_t seed = arguments.first + n;
      std::string text = kernel(seed);
      bool onRtl = n < arguments.rtl;
      Verdict verdict = oracles->check(seed, text, onRtl);
      mapped += verdict.mapped;
      chained += verdict.chained;
      if (verdict.cycleError > worstError) {
        worstError = verdict.cycleError;
        worstSeed = seed;
      }
      if (!verdict.why.empty())
        report(seed, text, onRtl, verdict);
    }
    llvm::outs() << llvm::formatv("{0} kernels, {1} on the target in whole or in part, {2} with "
                                  "chains, {3} on RTL, {4} failed\n",
                                  n, mapped, chained, std::min(arguments.rtl, n), failed);
    if (worstError > 0)
      llvm::outs() << llvm::formatv("largest error of predicted cycles: {0:P1} (seed {1})\n",
                                    worstError, worstSeed);
    return failed ? 1 : 0;
  }

private:
  bool isOver() const {
    std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return arguments.seconds > 0 && passed.count() > arguments.seconds;
  }

  /// Compiled code is never given back, so a new JIT starts now and then. What many kernels leave
  /// is not worth its room on the disk.
  bool renewJit() {
    bool keeps = arguments.count <= kMostKept;
    auto made = Jit::create(keeps ? arguments.cache + "/jit" : "");
    if (!made) {
      llvm::errs() << toString(made.takeError()) << "\n";
      return false;
    }
    jit = std::move(*made);
    oracles.emplace(target, *jit, options(arguments));
    return true;
  }

  static OracleOptions options(const Arguments &arguments) {
    OracleOptions options;
    options.cache = arguments.cache;
    options.comparesCycles = arguments.contractions != 0;
    options.choosesMapping = arguments.contractions == 0;
    options.prints = arguments.print;
    options.sabotage = arguments.sabotage;
    return options;
  }

  std::string kernel(uint64_t seed) const {
    RandomKernelOptions options;
    for (const auto &[name, value] : target.parameters)
      options.dim = value;
    if (!arguments.kernel.empty()) {
      auto buffer = llvm::MemoryBuffer::getFile(arguments.kernel);
      return buffer ? (*buffer)->getBuffer().str() : "";
    }
    if (arguments.contractions)
      return randomContraction(seed, arguments.contractions);
    if (arguments.statements == 0)
      return randomKernel(seed, options);
    options.largest = 24;
    options.mostWork = 2e5;
    return randomBlock(seed, arguments.statements, options);
  }

  void report(uint64_t seed, const std::string &text, bool onRtl, const Verdict &verdict) {
    llvm::errs() << "seed " << seed << ": " << verdict.why << "\n" << text << verdict.messages;
    if (++failed > 5 || arguments.contractions) // the first ones say enough
      return;
    // A seed chooses the mapping too, so the reduced kernel keeps it.
    std::string reduced = reduceKernel(text, [&](const std::string &smaller) {
      return oracles->check(seed, smaller, onRtl).kind() == verdict.kind();
    });
    std::string path = llvm::formatv("{0}/reduced-{1}.lathe", arguments.cache, seed);
    std::error_code error;
    llvm::raw_fd_ostream(path, error) << reduced;
    llvm::errs() << "reduced: " << oracles->check(seed, reduced, onRtl).why << "\n" << reduced;
    llvm::errs() << llvm::formatv(
        "repeat: lathe-random {0} {1} --kernel {2} --first {3} --count 1 --rtl {4}{5}{6}\n",
        arguments.plugin, arguments.cache, path, seed, onRtl ? 1 : 0,
        arguments.machine.empty() ? "" : " --machine " + arguments.machine,
        arguments.sabotage.empty() ? "" : " --sabotage " + arguments.sabotage);
  }

  const Arguments &arguments;
  const Target &target;
  std::unique_ptr<Jit> jit;
  std::optional<Oracles> oracles;
  uint64_t mapped = 0, chained = 0, failed = 0, worstSeed = 0;
  double worstError = 0;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

bool parse(int argc, char **argv, Arguments &arguments) {
  if (argc < 3 || argc % 2 == 0)
    return false;
  arguments.plugin = argv[1];
  arguments.cache = argv[2];
  for (int i = 3; i + 1 < argc; i += 2) {
    std::string name = argv[i], value = argv[i + 1];
    if (name == "--machine")
      arguments.machine = value;
    else if (name == "--kernel")
      arguments.kernel = value;
    else if (name == "--sabotage" && value == "argmax")
      arguments.sabotage = value;
    else if (name == "--first")
      arguments.first = std::stoull(value);
    else if (name == "--count")
      arguments.count = std::stoull(value);
    else if (name == "--rtl")
      arguments.rtl = std::stoull(value);
    else if (name == "--seconds")
      arguments.seconds = std::stod(value);
    else if (name == "--statements")
      arguments.statements = std::stoull(value);
    else if (name == "--print")
      arguments.print = value == "yes";
    else if (name == "--contractions")
      arguments.contractions = std::stoll(value);
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
                    "[--machine NAME] [--statements N | --contractions LARGEST | --kernel FILE] "
                    "[--sabotage argmax]\n";
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
  return Driver(arguments, *target).run();
}
