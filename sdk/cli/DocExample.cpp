#include "sdk/cli/DocExample.h"

#include "core/kernel/KernelFile.h"
#include "core/semantics/Parser.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/TestFile.h"

#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace lathe;
using namespace lathe::cli;
using manual::WorkedExample;

static constexpr size_t kLongestList = 24;

static std::string sourceOf(Session &session, const KernelArguments &arguments,
                            llvm::StringRef kernel) {
  std::optional<KernelFile> file = readKernelFile(arguments.path, session.diagnostics);
  if (file)
    for (const KernelFile::Entry &entry : file->kernels)
      if (entry.semantics.name == kernel)
        return print(entry.semantics);
  return {};
}

static std::string sizesText(llvm::ArrayRef<std::string> sizes) {
  std::vector<std::string> texts;
  for (const std::string &size : sizes) {
    auto [name, value] = llvm::StringRef(size).split('=');
    texts.push_back((name + " = " + value).str());
  }
  return llvm::join(texts, ", ");
}

std::optional<WorkedExample> lathe::cli::compileExample(Session &session,
                                                        const KernelArguments &arguments,
                                                        const Target &target) {
  std::optional<BoundKernel> kernel = loadKernel(session, arguments, /*forRun=*/false);
  std::optional<Compiled> compiled =
      kernel ? compileKernel(session, kernel->semantics, target, {}) : std::nullopt;
  if (!compiled)
    return std::nullopt;
  return WorkedExample{sourceOf(session, arguments, kernel->semantics.name),
                       sizesText(arguments.sizes), std::move(compiled->compilation)};
}

static KernelArguments argumentsOf(const TestCase &test) {
  KernelArguments arguments;
  arguments.path = test.kernel;
  arguments.kernel = test.kernelName;
  for (const auto &[name, size] : test.sizes)
    arguments.sizes.push_back(name + "=" + size);
  for (const auto &[name, path] : test.inputs)
    arguments.inputs.push_back(name + "=" + path);
  return arguments;
}

// Kinds of instructions in a program of device steps alone; 0 when it is too long to be shown.
static size_t kindsShown(const Program &program) {
  std::set<unsigned> kinds;
  if (program.instructionCount() > kLongestList)
    return 0;
  for (const ProgramStep &step : program.steps) {
    if (step.kind != ProgramStep::Kind::Device)
      return 0;
    for (size_t i = 0; i < step.instructions.size(); ++i)
      kinds.insert(step.instructions.intrinsic(i));
  }
  return kinds.size();
}

std::optional<WorkedExample> lathe::cli::pickExample(const Session &parent, const Target &target) {
  std::optional<WorkedExample> best;
  Session session(parent.environment); // a test that does not compile is no mistake here
  size_t mostKinds = 0, shortest = 0;
  for (const std::string &file : testFilesOf(target.folder))
    for (const TestCase &test :
         readTestFile(file, target.folder, session.sources, session.diagnostics)) {
      auto example = compileExample(session, argumentsOf(test), target);
      size_t kinds = example ? kindsShown(example->compilation.program) : 0;
      size_t length = example ? example->compilation.program.instructionCount() : 0;
      if (kinds < mostKinds || kinds == 0 || (kinds == mostKinds && length >= shortest))
        continue;
      mostKinds = kinds, shortest = length;
      best = std::move(example);
    }
  return best;
}
