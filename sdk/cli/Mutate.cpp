#include "sdk/cli/Mutate.h"

#include "sdk/cli/Interrupt.h"
#include "sdk/cli/MutateBaseline.h"
#include "sdk/cli/Progress.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/Table.h"
#include "sdk/mutation/DescriptionCampaign.h"
#include "sdk/mutation/Equivalence.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ThreadPool.h"

using namespace lathe;
using namespace lathe::cli;
using namespace lathe::mutation;

namespace {
/// Counts of one row of the table.
struct Score {
  size_t all = 0, killed = 0, equal = 0;
  size_t open = 0; ///< the run ended before they were through
  size_t survive() const { return all - killed - equal - open; }
  double percent() const {
    size_t known = all - equal - open;
    return known > 0 ? 100.0 * static_cast<double>(killed) / static_cast<double>(known) : 100;
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
  bool readEarlier();
  bool resume(Campaign &campaign);
  void proveEqual(const Prover &prover, Campaign &campaign, Prover::Effort effort);
  void runBaseline();
  bool runDescriptions();
  void report(const std::string &row, const Score &score);
  void reportFaults();
  std::string reasonOf(size_t mutant) const;
  llvm::StringRef endOf(size_t mutant) const;
  bool isEqual(size_t mutant) const { return verdicts[mutant].proof != Proof::None; }
  CampaignOptions campaignOptions(Progress &progress, size_t all) const;

  Session &session;
  const Target &target;
  const verify::Cases &cases;
  const MutateArguments &given;
  Jit &jit;
  NetlistOptions netlist;
  std::optional<RtlMutants> mutants;
  std::optional<llvm::json::Value> earlier; ///< what --resume names
  std::vector<Life> lives;
  std::vector<Verdict> verdicts; ///< of those that were left for a proof
  Table table{{"mutants", ">all", ">killed", ">equivalent", ">not run", ">survive", ">score"}};
  llvm::json::Array rows, faults, survivors;
};
} // namespace

static std::string sourceText(const Place &place) {
  if (place.file.empty())
    return "(made by yosys)";
  return llvm::formatv("{0}:{1}:{2}", place.file, place.line, place.column).str();
}

static llvm::StringRef nameOf(Proof proof) {
  return proof == Proof::Equal ? "equivalent" : "addresses relabelled";
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

// What --resume names; false, with a message, when it cannot be read.
bool MutationRun::readEarlier() {
  if (given.resume.empty())
    return true;
  auto buffer = llvm::MemoryBuffer::getFile(given.resume);
  llvm::Expected<llvm::json::Value> value =
      buffer ? llvm::json::parse((*buffer)->getBuffer())
             : llvm::Expected<llvm::json::Value>(llvm::errorCodeToError(buffer.getError()));
  if (value) {
    earlier = std::move(*value);
    return true;
  }
  session.diagnostics.report(Message::NotNameValue, Place{}, "--resume", given.resume,
                             "a JSON file: " + llvm::toString(value.takeError()));
  return false;
}

// The fates of an earlier run of the same faults.
bool MutationRun::resume(Campaign &campaign) {
  if (!earlier)
    return true;
  const llvm::json::Object *whole = earlier->getAsObject();
  const llvm::json::Array *known = whole ? whole->getArray("faults") : nullptr;
  bool isSame = known && known->size() == mutants->faults().size();
  for (size_t i = 0; isSame && i < known->size(); ++i) {
    const llvm::json::Object *fault = (*known)[i].getAsObject();
    isSame = fault && fault->getString("fault") == mutants->faults()[i].command;
    llvm::StringRef end = isSame ? fault->getString("end").value_or("") : "";
    if (end == "killed")
      campaign.restore(i, {true, true, fault->getString("by").value_or("").str(),
                           fault->getNumber("seconds").value_or(0)});
    if (end != nameOf(Proof::Equal) && end != nameOf(Proof::Relabelled))
      continue;
    verdicts[i].proof = end == nameOf(Proof::Equal) ? Proof::Equal : Proof::Relabelled;
    campaign.setAside(i);
  }
  if (!isSame)
    session.diagnostics.report(Message::NotNameValue, Place{}, "--resume", given.resume,
                               "what '--mutate " + std::to_string(given.mutants) +
                                   " --json' prints for the same RTL and seed");
  return isSame;
}

// Of the living, those that cannot be told from the machine without a fault.
void MutationRun::proveEqual(const Prover &prover, Campaign &campaign, Prover::Effort effort) {
  std::vector<size_t> living = campaign.living();
  Progress progress(session, "proving equivalence", living.size());
  std::atomic<size_t> next = 0, done = 0;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(given.jobs));
  for (unsigned thread = 0; thread < given.jobs; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < living.size() && !deferInterrupts(); i = next++) {
        verdicts[living[i]] = prover.prove(living[i], effort);
        progress.update(++done);
      }
    });
  pool.wait();
  for (size_t mutant : living)
    if (isEqual(mutant))
      campaign.setAside(mutant);
}

// The quick first, since mutants that live go through every script: proofs of one cycle when a few
// sequences have killed most; claims about time, and proofs of all cycles, when a sample has as
// well.
bool MutationRun::killMutants() {
  constexpr double kSeconds = 20;
  size_t count = mutants->faults().size();
  verdicts.assign(count, Verdict());
  verify::Routes routes = verify::Routes::find(target, jit);
  Progress progress(session, "killing mutants", count);
  Campaign campaign(target, routes, jit, mutants->model, cases, count,
                    campaignOptions(progress, count));
  if (!resume(campaign))
    return false;
  Prover prover(mutants->netlist, netlist, kSeconds);
  bool isSame = true, isMeasured = false;
  unsigned stage = 0;
  for (const Round &round : killOrder(cases)) {
    if (round.stage >= 2 && given.sample)
      break;
    bool isNext = std::exchange(stage, round.stage) != round.stage;
    if (isNext && !campaign.isOver()) {
      if (!prover.isReady() && !prover.prepare(session.diagnostics))
        return false;
      if (round.stage == 1)
        proveEqual(prover, campaign, Prover::Effort::OneCycle);
      if (round.stage == 3) {
        campaign.measure();
        isMeasured = true;
        proveEqual(prover, campaign, Prover::Effort::AllCycles);
      }
    }
    isSame = isSame && campaign.run(round);
  }
  if (isSame && !isMeasured && !given.sample && !campaign.isOver())
    campaign.measure();
  if (!isSame)
    session.diagnostics.report(Message::NetlistDiffers, Place{}, target.name, campaign.problem());
  if (!campaign.isOver())
    campaign.finish();
  lives = campaign.lives().vec();
  session.result["cycles"] = static_cast<int64_t>(campaign.cycles());
  return isSame;
}

void MutationRun::report(const std::string &row, const Score &score) {
  table.add({row, std::to_string(score.all), std::to_string(score.killed),
             std::to_string(score.equal), std::to_string(score.open),
             std::to_string(score.survive()), llvm::formatv("{0:F1} %", score.percent()).str()});
  rows.push_back(llvm::json::Object{{"mutants", row},
                                    {"all", score.all},
                                    {"killed", score.killed},
                                    {"equivalent", score.equal},
                                    {"not_run", score.open},
                                    {"survive", score.survive()},
                                    {"percent", score.percent()}});
}

// What is known of a fault that no point found. To a proof, reading a memory may give anything.
std::string MutationRun::reasonOf(size_t mutant) const {
  const Verdict &verdict = verdicts[mutant];
  if (verdict.differsAt)
    return llvm::formatv(
               "not proved: with some contents of memories the ports differ after {0} cycles",
               *verdict.differsAt)
        .str();
  return given.sample ? "only the quick proof was tried"
                      : "not proved within the time, and no difference found";
}

llvm::StringRef MutationRun::endOf(size_t mutant) const {
  if (lives[mutant].killed)
    return "killed";
  if (isEqual(mutant))
    return nameOf(verdicts[mutant].proof);
  return lives[mutant].finished ? "survives" : "not run";
}

void MutationRun::reportFaults() {
  Score score;
  score.all = lives.size();
  std::vector<std::string> lines;
  for (size_t i = 0; i < lives.size(); ++i) {
    const Fault &fault = mutants->faults()[i];
    llvm::StringRef end = endOf(i);
    score.killed += lives[i].killed;
    score.equal += !lives[i].killed && isEqual(i);
    score.open += end == "not run";
    llvm::json::Object entry{{"file", fault.place.file},     {"line", fault.place.line},
                             {"column", fault.place.column}, {"what", fault.what},
                             {"fault", fault.command},       {"end", end},
                             {"seconds", lives[i].seconds}};
    if (lives[i].killed)
      entry["by"] = lives[i].how;
    if (end == "survives") {
      entry["reason"] = reasonOf(i);
      lines.push_back(sourceText(fault.place) + ": " + fault.what + "; " + reasonOf(i));
      survivors.push_back(llvm::json::Object(entry));
    }
    faults.push_back(std::move(entry));
  }
  llvm::sort(lines);
  if (!session.json)
    for (const std::string &line : lines)
      session.out << "survives: " << line << '\n';
  report("RTL, by the points of verify", score);
}

void MutationRun::runBaseline() {
  Progress progress(session, "running kernels on the mutants");
  BaselineResult baseline =
      killedByKernels(session, target, *mutants, given.jobs, [&](size_t i) { return isEqual(i); });
  if (deferInterrupts())
    return;
  Score score;
  score.all = baseline.killed.size();
  for (size_t i = 0; i < score.all; ++i) {
    score.killed += baseline.killed[i];
    score.equal += !baseline.killed[i] && isEqual(i);
  }
  report(llvm::formatv("RTL, by {0} kernels on numbers in [-2, 2]", baseline.kernels).str(), score);
  session.result["kernel_cycles"] = static_cast<int64_t>(baseline.cycles);
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
    bool isSame = !wrong[i].same.empty(), isOpen = !isSame && !ends[i].finished;
    for (Score *each : {&score, &all}) {
      ++each->all;
      each->killed += ends[i].killed;
      each->equal += isSame;
      each->open += isOpen;
    }
    if (ends[i].killed || isSame || isOpen)
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
  if (!readEarlier() || !buildMutants() || !killMutants())
    return false;
  reportFaults();
  if (!deferInterrupts())
    runBaseline();
  bool ok = deferInterrupts() || runDescriptions();
  session.result["rows"] = std::move(rows);
  session.result["faults"] = std::move(faults);
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
