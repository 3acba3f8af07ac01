#include "sdk/cli/ExplanationWords.h"
#include "sdk/cli/LoopNest.h"
#include "sdk/cli/RunReport.h"

#include "core/semantics/Parser.h"
#include "sdk/cli/Table.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::formatv;
using llvm::raw_ostream;

static std::string percent(double share) { return formatv("{0:F1} %", 100 * share).str(); }

/// "j 18 in 2 x 16 (j), k 15 in 1 x 16 (s,c)"
static std::string fillText(llvm::ArrayRef<Fill> fills) {
  std::string text;
  for (const Fill &fill : fills)
    text += formatv("{0}{1} holds {2} ({3}) in {4} x {5}", text.empty() ? "" : ", ", fill.loop,
                    fill.extent, fill.kernelLoops, llvm::divideCeil(fill.extent, fill.width),
                    fill.width);
  return text;
}

static std::string fillHelp(llvm::ArrayRef<Fill> fills) {
  std::string loops;
  for (const Fill &fill : fills)
    if (!fill.isFull() && fill.kernelLoops != "1")
      loops += formatv("{0}{1} a multiple of {2}", loops.empty() ? "" : " and ", fill.kernelLoops,
                       fill.width);
  return loops.empty() ? "" : "nothing is idle with " + loops;
}

static void line(raw_ostream &out, llvm::StringRef what, const llvm::Twine &value) {
  constexpr size_t kWidth = 9;
  out << formatv("    {0,-9}{1}{2}\n", what, what.size() < kWidth ? "" : " ", value.str());
}

static void help(raw_ostream &out, llvm::StringRef text) {
  if (!text.empty())
    line(out, "help:", text);
}

/// "MATMUL 8, MATMUL_ACC 72, STORE_I8 4": of the intrinsics that compute.
static std::string callsText(const Explanation &explanation, const ExplainScope &scope) {
  std::string text;
  for (const Account &account : explanation.accounts)
    if (auto calls = explanation.calls.find(account.intrinsic); calls != explanation.calls.end())
      text += (text.empty() ? "" : ", ") + scope.target.intrinsics[account.intrinsic].name + " " +
              grouped(calls->second);
  return text;
}

/// "'t' stays in spm, 96 rows; in one step with y".
static std::string stayText(const Placement &placement, const ExplainScope &scope) {
  std::string with;
  for (const Placement &other : scope.placements)
    if (other.chain == placement.chain && &other != &placement)
      with += (with.empty() ? "in one step with " : ", ") + other.result;
  if (!placement.stays)
    return with;
  return formatv("'{0}' stays in {1}, {2} rows{3}; {4}", placement.result, placement.stays->space,
                 grouped(placement.stays->addresses),
                 placement.stays->stored ? ", and is stored" : "", with)
      .str();
}

static void printLoops(raw_ostream &out, const Explanation &explanation,
                       const ExplainScope &scope) {
  const Mapping &chosen = explanation.placement->mappings.front().mapping;
  const Statement &statement = chosen.mapped(explanation.group).statement;
  const char *label = "loops";
  for (auto [nest, tiling] : emittedNests(*explanation.placement))
    for (const LoopLine &each : loopNest(*nest, *tiling, statement, scope.rules, scope.target)) {
      line(out, label, std::string(2 * each.depth, ' ') + each.text);
      label = "";
    }
}

/// "library entry pool: 300 cycles; derived: 420", whichever was taken.
static void printOffers(raw_ostream &out, const Explanation &explanation) {
  for (const LibraryOffer &offer : explanation.offers)
    line(out, "library",
         offer.unfit.empty()
             ? formatv("entry {0}, {1} cycles; derived {2}{3}", offer.entry, grouped(offer.cycles),
                       grouped(offer.derivedCycles), offer.taken ? "" : ", which is taken")
                   .str()
             : "entry " + offer.entry + " has no program for these sizes: " + offer.unfit);
}

static void printFromLibrary(raw_ostream &out, const Explanation &explanation,
                             const ExplainScope &scope) {
  const Placement &placement = *explanation.placement;
  out << formatv("  on the target by library entry {0}: {1} cycles predicted\n", placement.library,
                 grouped(placement.predictedCycles));
  line(out, "calls", callsText(explanation, scope));
  line(out, "traffic",
       humanBytes(static_cast<uint64_t>(placement.hostBytes)) + " between host memory and chip");
}

static void printChosen(raw_ostream &out, const Explanation &explanation,
                        const ExplainScope &scope) {
  const Placement &placement = *explanation.placement;
  const RankedMapping &chosen = placement.mappings.front();
  std::vector<Fill> filled = fills(chosen.mapping, explanation, scope);
  std::vector<CopyText> copies = copiesOf(chosen.mapping);
  out << formatv("  on the target by {0}: {1} cycles predicted, {2} at its full rate\n",
                 placement.intrinsic, grouped(placement.predictedCycles),
                 grouped(placement.boundCycles));
  line(out, "mapping", chosen.mapping.text);
  line(out, "class", kindText(chosen.mapping.kind));
  line(out, "waste",
       percent(chosen.mapping.waste) + (filled.empty() ? "" : ": " + fillText(filled)));
  line(out, "calls", callsText(explanation, scope));
  line(out, "traffic",
       humanBytes(static_cast<uint64_t>(placement.hostBytes)) + " between host memory and chip");
  if (placement.chain)
    line(out, "on chip", stayText(placement, scope));
  printLoops(out, explanation, scope);
  for (const CopyText &copy : copies)
    line(out, "copy",
         formatv("of {0} by the host {1}, {2} read and written, not in the predicted cycles: {3}",
                 copy.tensor, copy.isResult ? "afterwards" : "before", humanBytes(copy.bytes),
                 copy.reason));
  help(out, fillHelp(filled));
}

/// Every intrinsic that fails by the same condition.
static std::string namesWith(const Account &account, const Explanation &explanation,
                             const ExplainScope &scope) {
  std::string names;
  for (const Account &other : explanation.accounts)
    if (other.role == account.role && other.text == account.text)
      names += (names.empty() ? "" : ", ") + scope.target.intrinsics[other.intrinsic].name;
  return names;
}

static void printHost(raw_ostream &out, const Explanation &explanation, const ExplainScope &scope) {
  bool unfit = !explanation.placement->mappings.empty();
  out << (unfit ? "  on the host: no mapping fits the target's memories\n"
                : "  on the host: no intrinsic computes it\n");
  if (const auto &host = explanation.placement->host)
    line(out, "costs", hostText(host->nanoseconds, host->bytes));
  if (const auto &nearest = explanation.nearest; nearest && !unfit) {
    line(out, "nearest", namesWith(*nearest, explanation, scope) + ": " + nearest->text);
    help(out, nearest->help);
  }
  const std::optional<Elsewhere> &elsewhere = explanation.elsewhere;
  if (!elsewhere)
    return;
  line(out, "elsewhere",
       elsewhere->intrinsic.empty()
           ? elsewhere->target + " comes nearest; " + elsewhere->refusal
           : elsewhere->target + " has a mapping, by " + elsewhere->intrinsic);
  help(out, elsewhere->help);
}

/// "packed (x, y)": with the tensors that are copied.
static std::string shortKind(const Mapping &mapping) {
  std::string copied;
  for (const CopyText &copy : copiesOf(mapping))
    copied += (copied.empty() ? " (" : ", ") + copy.tensor;
  return kindText(mapping.kind).split(':').first.str() + copied + (copied.empty() ? "" : ")");
}

static void printRanking(raw_ostream &out, const Placement &placement, const ExplainScope &scope,
                         const ExplainOptions &options) {
  constexpr size_t kBest = 6;
  size_t count = placement.mappings.size();
  size_t shown = options.all || count <= kBest + 1 ? count : kBest;
  Table table(
      {">number", ">estimate", "intrinsic", "mapping", "class", ">waste", ">traffic", "tile"});
  for (const RankedMapping &ranked : llvm::ArrayRef(placement.mappings).take_front(shown)) {
    const Mapping &mapping = ranked.mapping;
    bool fits = !ranked.tilings.empty();
    table.add(
        {std::to_string(mapping.number), fits ? grouped(ranked.estimatedCycles) : "does not fit",
         scope.target.intrinsics[mapping.intrinsic].name, mapping.text, shortKind(mapping),
         percent(mapping.waste),
         fits ? humanBytes(static_cast<uint64_t>(ranked.trafficBytes + mapping.packedBytes)) : "-",
         fits ? tileText(ranked) : ranked.unfit});
  }
  if (table.empty())
    return;
  out << formatv("  {0} mapping{1}, best first; cycles are estimated before scheduling, and with "
                 "the copies, as is the traffic\n",
                 count, count == 1 ? "" : "s");
  table.printText(out, "    ");
  if (shown < count)
    out << formatv("    ... {0} more: --all lists them\n", count - shown);
}

/// Intrinsics with the same fate share a line.
static void printAccounts(raw_ostream &out, const Explanation &explanation,
                          const ExplainScope &scope) {
  struct Line {
    std::string fate, names, help;
  };
  std::vector<Line> lines;
  std::string told = explanation.nearest ? explanation.nearest->help : "";
  for (const Account &account : explanation.accounts) {
    std::string fate = (account.role == Account::Role::Refused ? "refused: " : "") + account.text;
    const std::string &name = scope.target.intrinsics[account.intrinsic].name;
    auto at = llvm::find_if(lines, [&](const Line &line) { return line.fate == fate; });
    if (at == lines.end())
      lines.push_back({fate, name, account.help});
    else
      at->names += ", " + name;
  }
  out << "  intrinsics\n";
  for (const Line &line : lines) {
    out << formatv("    {0}: {1}\n", line.names, line.fate);
    if (explanation.nearest && line.help != told)
      help(out, line.help);
  }
}

void lathe::cli::print(raw_ostream &out, const Explanation &explanation, const ExplainScope &scope,
                       const ExplainOptions &options) {
  const Placement &placement = *explanation.placement;
  for (unsigned statement : placement.statements)
    out << print(scope.kernel.statements[statement], scope.kernel) << '\n';
  if (!placement.rules.empty())
    out << formatv("  in place of {0}\n  by {1}\n", llvm::join(placement.written, "\n    and "),
                   llvm::join(placement.rules, ", "));
  if (!placement.partOf.empty())
    out << formatv("  a part of '{0}'\n", placement.partOf);
  if (!placement.library.empty())
    printFromLibrary(out, explanation, scope);
  else if (placement.onTarget)
    printChosen(out, explanation, scope);
  else
    printHost(out, explanation, scope);
  printOffers(out, explanation);
  for (const std::string &why : explanation.longer)
    out << "    " << why << '\n';
  printRanking(out, placement, scope, options);
  printAccounts(out, explanation, scope);
  out << '\n';
}
