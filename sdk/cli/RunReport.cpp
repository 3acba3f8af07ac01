#include "sdk/cli/RunReport.h"

#include "core/program/Timing.h"
#include "sdk/cli/Table.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::formatv;
using llvm::raw_ostream;

bool RunReport::exact() const {
  return llvm::all_of(checks, [](const Check &check) { return check.equal; });
}

std::optional<double> RunReport::utilisation() const {
  std::optional<int64_t> cycles = predictedCycles;
  if (workCycles)
    cycles = static_cast<int64_t>(*workCycles);
  if (!macs || !peakMacsPerCycle || !cycles || *cycles == 0 || *peakMacsPerCycle == 0)
    return std::nullopt;
  return static_cast<double>(*macs) /
         (static_cast<double>(*cycles) * static_cast<double>(*peakMacsPerCycle));
}

RunReport lathe::cli::reportOf(const Program &program, const Target &target) {
  RunReport report;
  report.kernel = program.kernel;
  report.target = program.target;
  report.instructions = program.instructionCount();
  int64_t predicted = 0;
  for (const ProgramStep &step : program.steps)
    if (step.kind == ProgramStep::Kind::Device)
      predicted += predict(step.instructions, target).cycles;
  report.predictedCycles = predicted;
  return report;
}

static std::string percent(double share) { return formatv("{0:F1} %", 100 * share).str(); }

std::string lathe::cli::hostText(int64_t nanoseconds, int64_t bytes) {
  double ns = static_cast<double>(nanoseconds);
  std::string time = nanoseconds < 10000      ? formatv("{0} ns", grouped(nanoseconds)).str()
                     : nanoseconds < 10000000 ? formatv("{0:F0} us", ns / 1e3).str()
                                              : formatv("{0:F0} ms", ns / 1e6).str();
  return "about " + time + " on the host, " + humanBytes(static_cast<uint64_t>(bytes)) +
         " read and written";
}

static std::string mappingText(const PlacementRow &row) {
  if (!row.hostNanoseconds)
    return row.mapping;
  return row.mapping + (row.mapping.empty() ? "" : "  ") +
         hostText(*row.hostNanoseconds, row.hostBytes);
}

void lathe::cli::printPlacement(raw_ostream &out, const RunReport &report) {
  Table table({"statements", "where", "mapping", ">predicted cycles", ">utilisation", ">moved"});
  for (const PlacementRow &row : report.placement)
    table.add({row.statements, row.where, mappingText(row),
               row.predictedCycles ? grouped(*row.predictedCycles) : "-",
               row.utilisation ? percent(*row.utilisation) : "-",
               humanBytes(static_cast<uint64_t>(row.bytes))});
  if (!table.empty())
    table.printText(out, "  ");
}

static void line(raw_ostream &out, llvm::StringRef what, const llvm::Twine &value) {
  out << formatv("{0,-13}{1}\n", what, value.str());
}

static void printCycles(raw_ostream &out, const RunReport &report) {
  if (report.workCycles)
    line(out, "cycles",
         grouped(static_cast<int64_t>(*report.workCycles)) +
             " from the first command to the last store, " +
             grouped(static_cast<int64_t>(report.totalCycles.value_or(0))) + " in all");
  if (report.predictedCycles && report.workCycles)
    line(out, "predicted",
         formatv("{0} cycles ({1:F1} % off)", grouped(*report.predictedCycles),
                 100.0 * (static_cast<double>(*report.predictedCycles) /
                              static_cast<double>(std::max<uint64_t>(1, *report.workCycles)) -
                          1))
             .str());
  else if (report.predictedCycles)
    line(out, "predicted", grouped(*report.predictedCycles) + " cycles");
  if (std::optional<double> share = report.utilisation())
    line(out, "utilisation",
         formatv("{0}: {1} MACs, {2} per cycle at most", percent(*share), grouped(*report.macs),
                 *report.peakMacsPerCycle)
             .str());
}

void lathe::cli::print(raw_ostream &out, const RunReport &report) {
  out << report.kernel;
  if (!report.target.empty())
    out << " on " << report.target;
  out << " (" << report.on << ")\n";
  printPlacement(out, report);
  if (report.instructions != 0)
    line(out, "program",
         formatv("{0} instructions{1}", grouped(static_cast<int64_t>(report.instructions)),
                 report.compileMs ? formatv(", compiled in {0:F1} ms", *report.compileMs).str()
                                  : std::string())
             .str());
  printCycles(out, report);
  if (report.runSeconds)
    line(out, "took", formatv("{0:F3} s", *report.runSeconds).str());
  for (const Check &check : report.checks)
    line(out, check.against, check.equal ? std::string("equal, bit for bit") : check.detail);
  for (const Check &check : report.checks)
    if (!check.blame.empty())
      out << check.blame << '\n';
}

static llvm::json::Array placementJson(const RunReport &report) {
  llvm::json::Array rows;
  for (const PlacementRow &row : report.placement)
    rows.push_back(llvm::json::Object{{"statements", row.statements},
                                      {"where", row.where},
                                      {"mapping", row.mapping},
                                      {"predictedCycles", row.predictedCycles},
                                      {"utilisation", row.utilisation},
                                      {"bytes", row.bytes},
                                      {"packedBytes", row.packedBytes},
                                      {"hostNanoseconds", row.hostNanoseconds},
                                      {"hostBytes", row.hostBytes},
                                      {"stays", row.stays}});
  return rows;
}

llvm::json::Object lathe::cli::toJson(const RunReport &report) {
  llvm::json::Array checks;
  for (const Check &check : report.checks)
    checks.push_back(llvm::json::Object{{"against", check.against},
                                        {"equal", check.equal},
                                        {"detail", check.detail},
                                        {"blame", check.blame}});
  llvm::json::Object object{{"kernel", report.kernel},
                            {"target", report.target},
                            {"on", report.on},
                            {"placement", placementJson(report)},
                            {"instructions", static_cast<int64_t>(report.instructions)},
                            {"compileMs", report.compileMs},
                            {"predictedCycles", report.predictedCycles},
                            {"macs", report.macs},
                            {"peakMacsPerCycle", report.peakMacsPerCycle},
                            {"utilisation", report.utilisation()},
                            {"runSeconds", report.runSeconds},
                            {"exact", report.exact()},
                            {"checks", std::move(checks)}};
  if (!report.waveform.empty())
    object["waveform"] = report.waveform;
  if (!report.counters.empty()) {
    llvm::json::Object counters;
    for (const auto &[name, value] : report.counters)
      counters[name] = static_cast<int64_t>(value);
    object["counters"] = std::move(counters);
  }
  if (report.workCycles)
    object["cycles"] =
        llvm::json::Object{{"span", static_cast<int64_t>(*report.workCycles)},
                           {"total", static_cast<int64_t>(report.totalCycles.value_or(0))}};
  return object;
}
