#include "sdk/cli/Mutate.h"

#include "sdk/cli/Interrupt.h"
#include "sdk/cli/MutateBaseline.h"
#include "sdk/cli/Progress.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/Table.h"
#include "sdk/mutation/DescriptionCampaign.h"
#include "sdk/mutation/Equivalence.h"

#include "llvm/Support/ThreadPool.h"

using namespace lathe;
using namespace lathe::cli;
using namespace lathe::mutation;

namespace {
/// Counts of one row of the table.
struct Score {
  size_t all = 0, killed = 0, equal = 0;
  size_t survive() const { return all - killed - equal; }
  double percent() const {
    return all > equal ? 100.0 * static_cast<double>(killed) / static_cast<double>(all - equal)
                       : 100;
  }
};

/// One run of --mutate.
class MutationRun {
public:
  MutationRun(Session &session, const Target &target, const verify::Cases &cases,
              const MutateArguments &given, Jit &jit)
      : session(session), target(target), cases(cases), given(given), jit(jit) {}

  bool run();

private:
  bool buildMutants();
  bool killMutants();
  void proveEqual(Campaign &campaign, size_t &proved);
  void runBaseline();
  bool runDescriptions();
  void report(const std::string &row, const Score &score);
  void reportFaults();
  CampaignOptions campaignOptions(Progress &progress, size_t all) const;

  Session &session;
  const Target &target;
  const verify::Cases &cases;
  const MutateArguments &given;
  Jit &jit;
  NetlistOptions netlist;
  std::optional<RtlMutants> mutants;
  std::vector<Life> lives;
  std::vector<Proof> proofs;
  Table table{{"mutants", ">all", ">killed", ">equivalent", ">survive", ">score"}};
  llvm::json::Array rows, survivors;
};
} // namespace

static std::string sourceText(const Place &place) {
  if (place.file.empty())
    return "(made by yosys)";
  return llvm::formatv("{0}:{1}:{2}", place.file, place.line, place.column).str();
}

bool MutationRun::buildMutants() {
  Progress progress(session, "building the mutants");
  netlist.cache = rtlOptions(session, progress).cache;
  netlist.cache.jobs = given.jobs;
  netlist.cache.cancel = &deferInterrupts();
  netlist.faults = given.mutants;
  netlist.seed = given.seed;
  mutants = makeRtlMutants(modelSpec(target, /*trace=*/false), netlist, session.diagnostics);
  netlist.cache.progress = {};
  return mutants.has_value();
}

CampaignOptions MutationRun::campaignOptions(Progress &progress, size_t all) const {
  CampaignOptions options;
  options.threads = given.jobs;
  options.seed = given.seed;
  options.seconds = given.seconds;
  options.cancel = &deferInterrupts();
  options.progress = [&progress, all](size_t living, llvm::StringRef note) {
    progress.update(all - living, note);
  };
  return options;
}

// Of the living, those that cannot be told from the machine without a fault.
void MutationRun::proveEqual(Campaign &campaign, size_t &proved) {
  constexpr double kSeconds = 60;
  std::vector<size_t> living = campaign.living();
  Progress progress(session, "proving equivalence", living.size());
  Prover prover(mutants->netlist, netlist, kSeconds);
  if (!prover.prepare(session.diagnostics))
    return;
  std::atomic<size_t> next = 0, done = 0;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(given.jobs));
  for (unsigned thread = 0; thread < given.jobs; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < living.size() && !deferInterrupts(); i = next++) {
        proofs[living[i]] = prover.prove(living[i]);
        progress.update(++done);
      }
    });
  pool.wait();
  for (size_t mutant : living)
    if (proofs[mutant] != Proof::None) {
      campaign.setAside(mutant);
      ++proved;
    }
}

bool MutationRun::killMutants() {
  size_t count = mutants->faults().size(), proved = 0;
  proofs.assign(count, Proof::None);
  verify::Routes routes = verify::Routes::find(target, jit);
  Progress progress(session, "killing mutants", count);
  Campaign campaign(target, routes, jit, mutants->model, cases, count,
                    campaignOptions(progress, count));
  bool isProved = false, isSame = true;
  for (const Round &round : killOrder(cases)) {
    if (round.stage >= 2 && given.sample)
      break;
    if (round.stage >= 2 && !isProved && !campaign.isOver()) {
      proveEqual(campaign, proved);
      campaign.measure();
      isProved = true;
    }
    isSame = isSame && campaign.run(round);
  }
  if (!isSame)
    session.diagnostics.report(Message::NetlistDiffers, Place{}, target.name, campaign.problem());
  lives = campaign.lives().vec();
  session.result["cycles"] = static_cast<int64_t>(campaign.cycles());
  return isSame;
}

void MutationRun::report(const std::string &row, const Score &score) {
  table.add({row, std::to_string(score.all), std::to_string(score.killed),
             std::to_string(score.equal), std::to_string(score.survive()),
             llvm::formatv("{0:F1} %", score.percent()).str()});
  rows.push_back(llvm::json::Object{{"mutants", row},
                                    {"all", score.all},
                                    {"killed", score.killed},
                                    {"equivalent", score.equal},
                                    {"survive", score.survive()},
                                    {"percent", score.percent()}});
}

void MutationRun::reportFaults() {
  Score score;
  score.all = lives.size();
  std::vector<std::string> lines;
  for (size_t i = 0; i < lives.size(); ++i) {
    score.killed += lives[i].killed;
    score.equal += proofs[i] != Proof::None;
    if (lives[i].killed || proofs[i] != Proof::None)
      continue;
    const Fault &fault = mutants->faults()[i];
    lines.push_back(sourceText(fault.place) + ": " + fault.what);
    survivors.push_back(llvm::json::Object{{"file", fault.place.file},
                                           {"line", fault.place.line},
                                           {"column", fault.place.column},
                                           {"what", fault.what},
                                           {"fault", fault.command}});
  }
  llvm::sort(lines);
  if (!session.json)
    for (const std::string &line : lines)
      session.out << "survives: " << line << '\n';
  report("RTL, by the points of verify", score);
}

void MutationRun::runBaseline() {
  Progress progress(session, "running kernels on the mutants");
  size_t kernels = 0;
  std::vector<bool> killed = killedByKernels(session, target, *mutants, given.jobs, kernels);
  Score score;
  score.all = killed.size();
  for (size_t i = 0; i < killed.size(); ++i) {
    score.killed += killed[i];
    score.equal += !killed[i] && proofs[i] != Proof::None;
  }
  report(llvm::formatv("RTL, by {0} kernels on numbers in [-2, 2]", kernels).str(), score);
}

bool MutationRun::runDescriptions() {
  std::vector<DescriptionMutant> wrong = descriptionMutants(target);
  std::optional<BuiltModel> model =
      ModelCache(netlist.cache).get(modelSpec(target, /*trace=*/false), session.diagnostics);
  if (!model)
    return false;
  Progress progress(session, "verifying wrong descriptions", wrong.size());
  std::vector<Life> ends =
      runDescriptionMutants(target, wrong, jit, *model, campaignOptions(progress, wrong.size()));
  Score all;
  std::vector<Score> scores(kMistakes);
  for (size_t i = 0; i < wrong.size(); ++i) {
    Score &score = scores[static_cast<unsigned>(wrong[i].mistake)];
    ++score.all, ++all.all;
    score.killed += ends[i].killed, all.killed += ends[i].killed;
    if (ends[i].killed)
      continue;
    survivors.push_back(
        llvm::json::Object{{"mistake", name(wrong[i].mistake)}, {"what", wrong[i].what}});
    if (!session.json)
      session.out << "survives: " << name(wrong[i].mistake) << ": " << wrong[i].what << '\n';
  }
  for (unsigned i = 0; i < kMistakes; ++i)
    if (scores[i].all > 0)
      report("description: " + name(static_cast<Mistake>(i)).str(), scores[i]);
  report("description, all", all);
  return true;
}

bool MutationRun::run() {
  if (!buildMutants() || !killMutants())
    return false;
  reportFaults();
  if (!deferInterrupts())
    runBaseline();
  bool ok = deferInterrupts() || runDescriptions();
  session.result["rows"] = std::move(rows);
  session.result["survivors"] = std::move(survivors);
  if (!session.json)
    table.printText(session.out);
  return ok;
}

ExitCode lathe::cli::mutate(Session &session, const Target &target, const verify::Cases &cases,
                            const MutateArguments &given) {
  auto began = std::chrono::steady_clock::now();
  std::unique_ptr<Jit> jit = makeJit(session);
  bool ok = jit && MutationRun(session, target, cases, given, *jit).run();
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  session.result["seconds"] = took.count();
  if (ok && !session.json)
    session.out << llvm::formatv("{0:F1} s\n", took.count());
  if (deferInterrupts())
    return ExitCode::Interrupted;
  return ok ? ExitCode::Done : exitCodeOf(session.diagnostics);
}
