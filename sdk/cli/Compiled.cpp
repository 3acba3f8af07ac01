#include "sdk/cli/Compiled.h"

#include "llvm/ADT/StringExtras.h"

#include <chrono>

using namespace lathe;
using namespace lathe::cli;

// A number that no group has is a mistake; groups with fewer mappings take it modulo theirs.
static bool hasMapping(Session &session, const Semantics &kernel, const Compilation &compilation,
                       const CompileOptions &options) {
  unsigned most = 0;
  for (const Placement &placement : compilation.placements)
    most = std::max(most, placement.enumerated);
  if (!options.only || *options.only < most)
    return true;
  session.diagnostics.report(Message::NoSuchMapping, Place{}, kernel.name, *options.only, most);
  return false;
}

std::optional<Compiled> lathe::cli::compileKernel(Session &session, const Semantics &kernel,
                                                  const Target &target,
                                                  const CompileOptions &options) {
  auto start = std::chrono::steady_clock::now();
  std::optional<Compilation> compilation =
      lathe::compile(kernel, target, options, session.diagnostics);
  if (!compilation || !hasMapping(session, kernel, *compilation, options))
    return std::nullopt;
  for (const ProgramStep &step : compilation->program.steps)
    if (step.kind == ProgramStep::Kind::Device)
      encodeStep(step, target);
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return Compiled{std::move(*compilation), took.count()};
}

std::string lathe::cli::statementNames(const Semantics &kernel,
                                       llvm::ArrayRef<unsigned> statements) {
  std::string names;
  for (unsigned statement : statements)
    names += (names.empty() ? "" : ", ") + kernel.tensors[kernel.statements[statement].tensor].name;
  return names;
}

double lathe::cli::offloadedShare(const Compilation &compilation) {
  int64_t all = 0, offloaded = 0;
  for (const Placement &placement : compilation.placements) {
    all += placement.macs;
    offloaded += placement.onTarget ? placement.macs : 0;
  }
  return all == 0 ? 1 : static_cast<double>(offloaded) / static_cast<double>(all);
}

static llvm::StringRef spelling(MappingClass kind) {
  switch (kind) {
  case MappingClass::View:
    return "view";
  case MappingClass::Padded:
    return "padded";
  case MappingClass::Packed:
    return "packed";
  }
  return "";
}

// Only contractions count against the array's peak: element-wise work uses other lanes.
static bool hasReduction(const Semantics &kernel, const Placement &placement) {
  return llvm::any_of(placement.statements, [&](unsigned statement) {
    return llvm::any_of(kernel.statements[statement].loops,
                        [](const Loop &loop) { return loop.reduction; });
  });
}

static PlacementRow rowOf(const Placement &placement, const Semantics &kernel, int64_t peak) {
  PlacementRow row;
  row.statements = statementNames(kernel, placement.statements);
  row.where = placement.onTarget ? "target" : "host";
  if (!placement.rules.empty())
    row.mapping = "by " + llvm::join(placement.rules, ", ");
  else if (!placement.partOf.empty())
    row.mapping = "for " + placement.partOf;
  if (placement.host) {
    row.hostNanoseconds = placement.host->nanoseconds;
    row.hostBytes = placement.host->bytes;
  }
  if (!placement.onTarget)
    return row;
  row.predictedCycles = placement.predictedCycles;
  row.bytes = placement.hostBytes;
  if (!placement.library.empty()) {
    row.mapping = "library entry " + placement.library;
    return row;
  }
  const RankedMapping &chosen = placement.mappings.front();
  row.mapping =
      llvm::formatv("{0} ({1}) {2}{3}{4}", placement.intrinsic, spelling(chosen.mapping.kind),
                    chosen.mapping.text, row.mapping.empty() ? "" : "  ", row.mapping)
          .str();
  if (placement.stays) {
    row.stays = placement.stays->space;
    row.mapping += llvm::formatv("  stays in {0}: {1} rows{2}", placement.stays->space,
                                 placement.stays->addresses,
                                 placement.stays->stored ? ", stored as well" : "");
  }
  row.packedBytes = chosen.mapping.packedBytes;
  if (hasReduction(kernel, placement) && peak > 0 && placement.predictedCycles > 0)
    row.utilisation =
        static_cast<double>(placement.macs) / static_cast<double>(peak * placement.predictedCycles);
  return row;
}

RunReport lathe::cli::reportOf(const Compiled &compiled, const Target &target) {
  const Compilation &compilation = compiled.compilation;
  const Semantics &kernel = compilation.kernel;
  RunReport report;
  report.kernel = kernel.name;
  report.target = compilation.program.target;
  report.instructions = compilation.program.instructionCount();
  report.compileMs = compiled.milliseconds;
  report.predictedCycles = compilation.predictedCycles;
  report.peakMacsPerCycle = peakMacsPerCycle(target);
  int64_t macs = 0;
  for (const Placement &placement : compilation.placements) {
    report.placement.push_back(rowOf(placement, kernel, *report.peakMacsPerCycle));
    bool isDerived = placement.onTarget && placement.library.empty();
    macs += isDerived && hasReduction(kernel, placement) ? placement.macs : 0;
  }
  if (macs != 0)
    report.macs = macs;
  return report;
}
