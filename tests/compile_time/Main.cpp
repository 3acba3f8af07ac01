// lathe-compile-time: CPU time from a description in memory to encoded words, and of loading the
// description.
//
//   lathe-compile-time PLUGIN TIMES [KERNEL:SIZE=NUMBER,...]...
//
// Prints one line a case, `load MS`, then `compile MS HOST STATEMENTS KERNEL:SIZES`: the least of
// TIMES runs, in milliseconds of CPU, so that a busy machine does not count. Loading runs the
// reader of .td files as a child, which counts. A compile parses the kernel's text, binds its
// sizes, maps, schedules, predicts and encodes. HOST is what machine code for the host's steps
// takes on top, in a compiler that has just started and finds nothing in a cache.
#include "core/Compiler.h"
#include "core/description/Plugin.h"
#include "core/semantics/Jit.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <sys/resource.h>

using namespace lathe;

/// CPU time of this process and of the children it has waited for.
static double milliseconds() {
  double total = 0;
  for (int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage used;
    getrusage(who, &used);
    for (timeval time : {used.ru_utime, used.ru_stime})
      total += 1e3 * time.tv_sec + 1e-3 * time.tv_usec;
  }
  return total;
}

/// The least of `times` runs of `work`, which says whether it succeeded; nothing when one failed.
template <typename Work> static std::optional<double> least(int times, Work work) {
  double best = 1e9;
  for (int i = 0; i < times; ++i) {
    double start = milliseconds();
    if (!work())
      return std::nullopt;
    best = std::min(best, milliseconds() - start);
  }
  return best;
}

static std::optional<Target> load(llvm::StringRef folder, Diagnostics &diagnostics) {
  auto plugin = readManifest(folder, diagnostics);
  return plugin ? loadTarget(*plugin, "", diagnostics) : std::nullopt;
}

using Sizes = std::vector<std::pair<std::string, int64_t>>;

static Sizes sizesOf(llvm::StringRef text) {
  Sizes sizes;
  llvm::SmallVector<llvm::StringRef> parts;
  text.split(parts, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef part : parts) {
    auto [name, number] = part.split('=');
    int64_t value = 0;
    if (!number.getAsInteger(10, value))
      sizes.push_back({name.str(), value});
  }
  return sizes;
}

struct Compiled {
  size_t statements = 0;
  std::optional<Compilation> result;
};

static Compiled compileOnce(llvm::StringRef text, const Sizes &sizes, const Target &target) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto report = llvm::make_scope_exit([&] { print(llvm::errs(), diagnostics); });
  auto kernels = parseKernels(sources.add("kernel.lathe", text.str()), diagnostics);
  auto kernel = kernels ? lathe::bind(kernels->front(), sizes, {}, diagnostics) : std::nullopt;
  if (!kernel)
    return {};
  Compiled compiled{kernel->statements.size(), compile(*kernel, target, {}, diagnostics)};
  if (!compiled.result)
    return {};
  for (const ProgramStep &step : compiled.result->program.steps)
    if (step.kind == ProgramStep::Kind::Device)
      (void)encodeStep(step, target);
  report.release();
  return compiled;
}

/// Machine code for the host's steps of a program.
static bool compileHostSteps(const Program &program) {
  auto jit = Jit::create("");
  if (!jit) {
    llvm::errs() << toString(jit.takeError()) << "\n";
    return false;
  }
  for (const ProgramStep &step : program.steps) {
    if (step.kind != ProgramStep::Kind::Host)
      continue;
    auto function = (*jit)->compile(*step.semantics);
    if (!function) {
      llvm::errs() << toString(function.takeError()) << "\n";
      return false;
    }
  }
  return true;
}

static bool measure(llvm::StringRef what, int times, const Target &target) {
  auto [path, sizes] = what.split(':');
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    llvm::errs() << "cannot read '" << path << "'\n";
    return false;
  }
  auto bound = sizesOf(sizes);
  Compiled compiled;
  auto took = least(times, [&] {
    compiled = compileOnce((*buffer)->getBuffer(), bound, target);
    return compiled.result.has_value();
  });
  if (!took)
    return false;
  auto host = least(times, [&] { return compileHostSteps(compiled.result->program); });
  if (!host)
    return false;
  llvm::outs() << llvm::formatv("compile {0:F2} {1:F2} {2} {3}\n", *took, *host,
                                compiled.statements, what);
  return true;
}

int main(int argc, char **argv) {
  int times = argc > 2 ? std::atoi(argv[2]) : 0;
  if (times < 1) {
    llvm::errs() << "usage: lathe-compile-time PLUGIN TIMES [KERNEL:SIZE=NUMBER,...]...\n";
    return 2;
  }
  Sources sources;
  Diagnostics diagnostics(sources);
  auto target = load(argv[1], diagnostics);
  if (!target) {
    print(llvm::errs(), diagnostics);
    return 3;
  }
  auto loading = least(times, [&] {
    Sources again;
    Diagnostics unseen(again);
    return load(argv[1], unseen).has_value();
  });
  llvm::outs() << llvm::formatv("load {0:F2}\n", loading.value_or(-1));
  for (int i = 3; i < argc; ++i)
    if (!measure(argv[i], times, *target))
      return 1;
  return 0;
}
