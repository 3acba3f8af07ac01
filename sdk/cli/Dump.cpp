// lathe dump: what the compiler holds at one of its levels, as text.
#include "core/semantics/Parser.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/LoopNest.h"
#include "sdk/cli/TargetPrinter.h"

#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::formatv;
using llvm::raw_ostream;

namespace {
/// A kernel at every level.
struct Levels {
  const Target &target;
  const Semantics &kernel;
  const Compilation &compilation;
};
using Printer = void (*)(raw_ostream &out, const Levels &levels);
} // namespace

static void printDescription(raw_ostream &out, const Levels &levels) {
  printIsa(out, levels.target, Format::Text);
  out << '\n';
  printMachine(out, levels.target, Format::Text);
}

static void printKernel(raw_ostream &out, const Levels &levels) { out << print(levels.kernel); }

static void printMappings(raw_ostream &out, const Levels &levels) {
  for (const Placement &placement : levels.compilation.placements) {
    out << statementNames(levels.kernel, placement.statements) << ": " << placement.intrinsic
        << '\n';
    for (const RankedMapping &ranked : placement.mappings)
      out << formatv("  {0}: {1}\n", levels.target.intrinsics[ranked.mapping.intrinsic].name,
                     ranked.mapping.text);
  }
}

static std::string regionText(const SlotRegion &region, const Target &target) {
  return formatv("{0}[{1}:{2}], {3} x {4} rows", target.spaces[region.space].name, region.base,
                 region.base + region.slots * region.slotRows, region.slots, region.slotRows)
      .str();
}

static void printTiling(raw_ostream &out, const Nest &nest, const Tiling &tiling,
                        const Target &target) {
  for (size_t l = 0; l < nest.loops.size(); ++l)
    out << formatv("  loop {0}: {1} in tiles of {2}{3}\n", l, nest.loops[l].extent, tiling.tile[l],
                   nest.loops[l].reduction ? ", reduced" : "");
  auto numbers = llvm::map_range(tiling.order, [](unsigned loop) { return std::to_string(loop); });
  out << "  order of tiles, outermost first: " << llvm::join(numbers, ", ") << '\n';
  for (size_t i = 0; i < tiling.inputs.size(); ++i)
    if (tiling.inputs[i].slots != 0)
      out << formatv("  input {0} '{1}' in {2}\n", i, nest.inputs[i].view.tensor,
                     regionText(tiling.inputs[i], target));
  out << "  results in " << regionText(tiling.results, target) << '\n';
  out << formatv("  cycles: load {0}, compute {1}, store {2}, ends {3}\n", tiling.cost.load,
                 tiling.cost.compute, tiling.cost.store, tiling.cost.ends);
}

static void printSchedule(raw_ostream &out, const Levels &levels) {
  for (const Placement &placement : levels.compilation.placements) {
    out << statementNames(levels.kernel, placement.statements) << ": "
        << (placement.onTarget ? placement.intrinsic : std::string("host")) << '\n';
    if (!placement.onTarget || !placement.library.empty())
      continue;
    for (auto [nest, tiling] : emittedNests(placement))
      printTiling(out, *nest, *tiling, levels.target);
  }
}

static void printAssembly(raw_ostream &out, const Levels &levels) {
  out << printProgram(levels.compilation.program, levels.target);
}

static void printWords(raw_ostream &out, const Levels &levels) {
  unsigned limbs = (levels.target.instructionWidth + 63) / 64;
  for (const ProgramStep &step : levels.compilation.program.steps) {
    if (step.kind != ProgramStep::Kind::Device)
      continue;
    std::vector<uint64_t> words = encodeStep(step, levels.target);
    for (size_t word = 0; word < words.size(); word += limbs) {
      for (unsigned limb = limbs; limb-- > 0;) // highest first, as a number is read
        out << formatv("{0:x-16}", words[word + limb]);
      out << '\n';
    }
  }
}

static constexpr Printer kStages[] = {printDescription, printKernel,   printMappings,
                                      printSchedule,    printAssembly, printWords};

ExitCode lathe::cli::runDump(Session &session, const Verb &verb, Words words) {
  KernelArguments kernelArguments;
  std::string targetName, stage = "4";
  Arguments arguments(session, verb);
  kernelArguments.declare(arguments);
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  arguments.choice("--stage", stage, {"0", "1", "2", "3", "4", "5"},
                   "0 description, 1 kernel, 2 mappings, 3 schedule, 4 program, 5 words");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, targetName);
  std::optional<BoundKernel> kernel =
      target ? loadKernel(session, kernelArguments, /*forRun=*/false) : std::nullopt;
  std::optional<Compiled> compiled =
      kernel ? compileKernel(session, kernel->semantics, *target, {.priceAll = stage == "2"})
             : std::nullopt;
  if (!compiled)
    return exitCodeOf(session.diagnostics);
  std::string text;
  llvm::raw_string_ostream out(text);
  kStages[stage[0] - '0'](out, {*target, kernel->semantics, compiled->compilation});
  session.result["stage"] = stage[0] - '0';
  session.result["text"] = text;
  if (!session.json)
    session.out << text;
  return ExitCode::Done;
}
