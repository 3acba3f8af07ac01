#include "sdk/cli/VerifyReport.h"

#include "sdk/cli/Table.h"

#include <map>

using namespace lathe;
using namespace lathe::cli;
using verify::PointClass;
using verify::PointResult;
using verify::Verdict;

static llvm::StringRef verdictName(Verdict verdict) {
  constexpr llvm::StringLiteral kNames[] = {"passed", "failed", "unreached", "waived", "not run"};
  return kNames[static_cast<unsigned>(verdict)];
}

size_t lathe::cli::count(llvm::ArrayRef<PointResult> points, Verdict verdict) {
  return llvm::count_if(points, [&](const PointResult &it) { return it.verdict == verdict; });
}

void lathe::cli::printTable(Session &session, llvm::ArrayRef<PointResult> points) {
  Table table({"class", ">points", ">passed", ">waived", ">failed", ">unreached", ">not run"});
  auto row = [&](const std::string &title, llvm::ArrayRef<PointResult> of) {
    std::vector<std::string> cells{title, grouped(of.size())};
    for (Verdict verdict :
         {Verdict::Passed, Verdict::Waived, Verdict::Failed, Verdict::Unreached, Verdict::NotRun})
      cells.push_back(grouped(count(of, verdict)));
    table.add(std::move(cells));
  };
  for (unsigned i = 0; i < verify::kPointClasses; ++i) {
    std::vector<PointResult> of;
    llvm::copy_if(points, std::back_inserter(of),
                  [&](const PointResult &it) { return it.group == static_cast<PointClass>(i); });
    if (!of.empty())
      row(verify::name(static_cast<PointClass>(i)).str(), of);
  }
  row("all", points);
  table.printText(session.out);
}

void lathe::cli::printBad(Session &session, const std::string &target,
                          llvm::ArrayRef<PointResult> points) {
  constexpr size_t kMost = 40;
  size_t shown = 0;
  bool all = points.size() <= kMost; // then what passed is shown as well
  for (Verdict verdict : {Verdict::Passed, Verdict::Failed, Verdict::Unreached})
    for (const PointResult &point : points) {
      if (verdict == Verdict::Passed && (!all || point.detail.empty()))
        continue;
      if (point.verdict != verdict || shown++ >= kMost)
        continue;
      session.out << llvm::formatv("{0} {1}\n    {2}\n", verdictName(verdict), point.name,
                                   point.detail);
      bool alone = !llvm::StringRef(point.detail).ends_with(verify::kNotAlone);
      bool byOther = llvm::StringRef(point.detail).starts_with(kSimulatorsDiffer);
      if (verdict == Verdict::Failed)
        session.out << llvm::formatv("    lathe verify {0} --{1} '{2}'{3}\n", target,
                                     alone ? "case" : "up-to", point.name,
                                     byOther ? " --second-simulator" : "");
      if (!point.blame.empty())
        session.out << "    " << point.blame << '\n';
    }
}

void lathe::cli::fillJson(Session &session, llvm::ArrayRef<PointResult> points) {
  llvm::json::Object classes;
  for (unsigned i = 0; i < verify::kPointClasses; ++i) {
    llvm::json::Object counts;
    size_t total = 0;
    for (const PointResult &point : points)
      if (point.group == static_cast<PointClass>(i)) {
        ++total;
        llvm::json::Value &cell = counts[verdictName(point.verdict)];
        cell = cell.getAsInteger().value_or(0) + 1;
      }
    counts["points"] = total;
    if (total > 0)
      classes[verify::name(static_cast<PointClass>(i))] = std::move(counts);
  }
  llvm::json::Array bad;
  for (const PointResult &point : points)
    if (point.verdict == Verdict::Failed || point.verdict == Verdict::Unreached)
      bad.push_back(llvm::json::Object{{"point", point.name},
                                       {"verdict", verdictName(point.verdict)},
                                       {"detail", point.detail},
                                       {"blame", point.blame}});
  session.result["classes"] = std::move(classes);
  session.result["bad"] = std::move(bad);
}

std::vector<TestResult> lathe::cli::junitOf(const std::string &suite,
                                            llvm::ArrayRef<PointResult> points, double seconds) {
  std::vector<TestResult> tests;
  std::map<PointClass, size_t> passed;
  for (const PointResult &point : points) {
    if (point.verdict == Verdict::Passed)
      ++passed[point.group];
    else
      tests.push_back({suite, point.name,
                       point.verdict == Verdict::Failed || point.verdict == Verdict::Unreached
                           ? TestResult::Verdict::Failed
                           : TestResult::Verdict::Skipped,
                       point.detail + (point.blame.empty() ? "" : "\n" + point.blame), 0});
  }
  for (auto [group, number] : passed)
    tests.push_back({suite, llvm::formatv("{0}: {1} points", verify::name(group), number).str(),
                     TestResult::Verdict::Passed, "", passed.size() ? seconds / passed.size() : 0});
  return tests;
}

void lathe::cli::reportMemories(Session &session, const Target &target,
                                const verify::Routes &routes) {
  llvm::json::Array memories;
  for (unsigned space = 1; space < target.spaces.size(); ++space) {
    const std::optional<verify::SeeRoute> &sees = routes.sees[space];
    double seen = sees ? sees->seen : 0;
    bool isFilled = routes.writes[space].has_value();
    memories.push_back(llvm::json::Object{
        {"name", target.spaces[space].name}, {"seen", seen}, {"filled", isFilled}});
    if (session.json || (seen >= 1 && isFilled))
      continue;
    session.out << llvm::formatv("'{0}': {1:F0} % of single bits can be seen from host memory{2}\n",
                                 target.spaces[space].name, 100 * seen,
                                 isFilled ? ""
                                          : "; no intrinsic copies host memory there as it is");
  }
  session.result["memories"] = std::move(memories);
}
