// lathe explain: per statement, every legal mapping with its price, and why the other intrinsics do
// not fit.
#include "core/semantics/Parser.h"
#include "sdk/cli/Compiled.h"
#include "sdk/cli/Table.h"

using namespace lathe;
using namespace lathe::cli;

namespace {
/// A mapping in the words of both outputs.
struct MappingText {
  std::string intrinsic, kind, text, tiles, waste, traffic, cycles;
};
} // namespace

static llvm::StringRef kindText(MappingClass kind) {
  switch (kind) {
  case MappingClass::View:
    return "view: strides only";
  case MappingClass::Padded:
    return "padded: tiles partly filled";
  case MappingClass::Packed:
    return "packed: a copy lays data out";
  }
  return "";
}

static std::string tileText(const RankedMapping &ranked) {
  std::string text;
  for (const Tiling &tiling : ranked.tilings) {
    std::string sizes;
    for (int64_t size : tiling.tile)
      sizes += (sizes.empty() ? "" : " x ") + std::to_string(size);
    text += (text.empty() ? "" : "; ") + sizes;
  }
  return text;
}

static MappingText describe(const RankedMapping &ranked, const Target &target) {
  const Mapping &mapping = ranked.mapping;
  MappingText text;
  text.intrinsic = target.intrinsics[mapping.intrinsic].name;
  text.kind = kindText(mapping.kind).str();
  text.text = mapping.text;
  text.waste = llvm::formatv("{0:F1} %", 100 * mapping.waste).str();
  if (ranked.tilings.empty()) {
    text.cycles = "does not fit";
    text.tiles = ranked.unfit;
    return text;
  }
  text.tiles = tileText(ranked);
  text.traffic = humanBytes(static_cast<uint64_t>(ranked.trafficBytes + mapping.packedBytes));
  text.cycles = grouped(ranked.estimatedCycles);
  return text;
}

static void printGroup(llvm::raw_ostream &out, const Placement &placement, const Semantics &kernel,
                       const Target &target) {
  for (unsigned statement : placement.statements)
    out << print(kernel.statements[statement], kernel) << '\n';
  out << (placement.onTarget ? "  runs on the target: " + placement.intrinsic
                             : std::string("  runs on the host: no intrinsic computes it"))
      << '\n';
  Table table({">cycles", "intrinsic", "mapping", "class", ">waste", ">traffic", "tiles"});
  for (const RankedMapping &ranked : placement.mappings) {
    MappingText text = describe(ranked, target);
    table.add(
        {text.cycles, text.intrinsic, text.text, text.kind, text.waste, text.traffic, text.tiles});
  }
  if (!table.empty())
    table.printText(out, "    ");
  for (const Refusal &refusal : placement.refusals)
    out << llvm::formatv("    not {0}: {1}\n", target.intrinsics[refusal.intrinsic].name,
                         refusal.reason);
  out << '\n';
}

static llvm::json::Value placementToJson(const Placement &placement, const Semantics &kernel,
                                         const Target &target) {
  llvm::json::Array mappings, refusals;
  for (const RankedMapping &ranked : placement.mappings) {
    MappingText text = describe(ranked, target);
    mappings.push_back(llvm::json::Object{{"intrinsic", text.intrinsic},
                                          {"mapping", text.text},
                                          {"class", text.kind},
                                          {"waste", ranked.mapping.waste},
                                          {"fits", !ranked.tilings.empty()},
                                          {"estimatedCycles", ranked.estimatedCycles},
                                          {"trafficBytes", ranked.trafficBytes},
                                          {"packedBytes", ranked.mapping.packedBytes},
                                          {"tiles", text.tiles}});
  }
  for (const Refusal &refusal : placement.refusals)
    refusals.push_back(llvm::json::Object{{"intrinsic", target.intrinsics[refusal.intrinsic].name},
                                          {"reason", refusal.reason}});
  return llvm::json::Object{{"statements", statementNames(kernel, placement.statements)},
                            {"where", placement.onTarget ? "target" : "host"},
                            {"predictedCycles", placement.predictedCycles},
                            {"boundCycles", placement.boundCycles},
                            {"mappings", std::move(mappings)},
                            {"refusals", std::move(refusals)}};
}

ExitCode lathe::cli::runExplain(Session &session, const Verb &verb, Words words) {
  KernelArguments kernelArguments;
  std::string targetName;
  Arguments arguments(session, verb);
  kernelArguments.declare(arguments);
  arguments.text("-t,--target", targetName, "NAME[@MACHINE]", "the target");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, targetName);
  std::optional<BoundKernel> kernel =
      target ? loadKernel(session, kernelArguments, /*forRun=*/false) : std::nullopt;
  std::optional<Compiled> compiled =
      kernel ? compileKernel(session, kernel->semantics, *target, {.priceAll = true})
             : std::nullopt;
  if (!compiled)
    return exitCodeOf(session.diagnostics);
  llvm::json::Array placements;
  for (const Placement &placement : compiled->compilation.placements) {
    placements.push_back(placementToJson(placement, kernel->semantics, *target));
    if (!session.json)
      printGroup(session.out, placement, kernel->semantics, *target);
  }
  session.result["placements"] = std::move(placements);
  return ExitCode::Done;
}
