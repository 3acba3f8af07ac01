// lathe verify: conformance tests made from the description alone, run on the RTL.
#include "sdk/cli/Blame.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/Interrupt.h"
#include "sdk/cli/Mutate.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/TargetArgument.h"
#include "sdk/cli/VerifyCases.h"
#include "sdk/cli/VerifyReport.h"

#include <chrono>
#include <map>

using namespace lathe;
using namespace lathe::cli;
using verify::Cases;
using verify::PointResult;
using verify::Verdict;

static ExitCode listPoints(Session &session, const Cases &cases) {
  llvm::json::Array names;
  for (const verify::Case &one : cases)
    for (const std::string &point : one.points) {
      if (!session.json)
        session.out << point << '\n';
      names.push_back(point);
    }
  session.result["points"] = std::move(names);
  return ExitCode::Done;
}

namespace {
/// The RTL again on another simulator.
struct OtherSimulator {
  std::string name;
  BuiltModel model;
  Cases cases;        ///< those that it repeats
  double seconds = 0; ///< for as many of them as there is time for; 0: all
};

/// What all models of one target are verified with.
struct Verifier {
  Session &session;
  const Target &target;
  const VerifyArguments &given;
  const Cases &cases;
  Jit &jit;
  verify::Routes routes;

  std::vector<PointResult> run(const BuiltModel &model, verify::VectorSet *record = nullptr) const;
  /// As many as there is time for, of every class.
  std::vector<PointResult> run(const OtherSimulator &second) const;

private:
  std::vector<PointResult> run(const BuiltModel &model, const Cases &taken,
                               verify::VerifyOptions options) const;
};
} // namespace

std::vector<PointResult> Verifier::run(const BuiltModel &model, verify::VectorSet *record) const {
  verify::VerifyOptions options;
  options.record = record;
  options.seconds = given.seconds.value_or(0);
  return run(model, cases, options);
}

std::vector<PointResult> Verifier::run(const OtherSimulator &second) const {
  verify::VerifyOptions options;
  options.seconds = second.seconds;
  options.mixed = second.seconds > 0;
  return run(second.model, second.cases, options);
}

std::vector<PointResult> Verifier::run(const BuiltModel &model, const Cases &taken,
                                       verify::VerifyOptions options) const {
  Progress progress(session, "verifying", taken.size());
  options.threads = static_cast<unsigned>(given.jobs.value_or(2));
  options.mostFailures = given.mostFailures.value_or(20);
  options.seed = given.seed.value_or(1);
  options.cancel = &deferInterrupts();
  options.progress = [&](size_t done, llvm::StringRef note) { progress.update(done, note); };
  verify::Verification verification(target, routes, jit, model, taken, options);
  std::vector<PointResult> points = verification.run();
  session.result["cycles"] = static_cast<int64_t>(verification.cycles());
  return points;
}

// A point that only one of both models fails is the simulator's; one that the second should have
// run and did not was not run. Gives how many points it repeated.
static size_t mergeOther(const OtherSimulator &second, llvm::ArrayRef<PointResult> said,
                         std::vector<PointResult> &points) {
  std::map<llvm::StringRef, const PointResult *> others;
  for (const PointResult &other : said)
    if (other.verdict != Verdict::NotRun || second.seconds == 0)
      others[other.name] = &other;
  size_t repeated = 0;
  for (PointResult &point : points) {
    auto found = others.find(point.name);
    if (found == others.end() || point.verdict == Verdict::NotRun)
      continue;
    const PointResult &other = *found->second;
    ++repeated;
    if (point.verdict == other.verdict)
      continue;
    if (other.verdict == Verdict::NotRun && point.verdict == Verdict::Passed)
      point.verdict = Verdict::NotRun;
    else if (other.verdict == Verdict::Failed)
      point = {point.name, point.group, Verdict::Failed,
               kSimulatorsDiffer.str() + "on " + second.name + ", " + other.detail};
    else if (point.verdict == Verdict::Failed)
      point.detail = kSimulatorsDiffer.str() + "not on " + second.name + ", " + point.detail;
  }
  return repeated;
}

static constexpr double kIcarusSeconds = 120;

// Verilator without its optimisations repeats everything; Icarus, which is far slower, a sample,
// and of that what there is time for.
static std::optional<std::vector<OtherSimulator>> buildOthers(Session &session,
                                                              const Target &target,
                                                              const VerifyArguments &given,
                                                              const Cases &cases) {
  std::vector<OtherSimulator> others;
  std::optional<BuiltModel> plain =
      rtlModel(session, target, /*optimize=*/false, session.diagnostics);
  std::optional<BuiltModel> icarus =
      plain ? icarusModel(session, target, session.diagnostics) : std::nullopt;
  if (!icarus)
    return std::nullopt;
  Cases sample = cases;
  takeSubset(sample);
  others.push_back(
      {"Verilator without optimisations", std::move(*plain), cases, given.seconds.value_or(0)});
  others.push_back({"Icarus Verilog", std::move(*icarus), std::move(sample),
                    given.icarusSeconds.value_or(
                        std::min(kIcarusSeconds, given.seconds.value_or(kIcarusSeconds)))});
  return others;
}

static void askOthers(Session &session, const Verifier &verifier,
                      llvm::ArrayRef<OtherSimulator> others, std::vector<PointResult> &points) {
  llvm::json::Array said;
  for (const OtherSimulator &second : others) {
    auto start = std::chrono::steady_clock::now();
    size_t repeated = mergeOther(second, verifier.run(second), points);
    double took = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    size_t all = 0;
    for (const verify::Case &one : second.cases)
      all += one.points.size();
    said.push_back(llvm::json::Object{{"simulator", second.name},
                                      {"points", static_cast<int64_t>(repeated)},
                                      {"of", static_cast<int64_t>(all)},
                                      {"seconds", took}});
    if (!session.json)
      session.out << llvm::formatv("{0}: {1} of {2} points again, {3:F1} s\n", second.name,
                                   repeated, all, took);
  }
  if (!others.empty())
    session.result["second_simulators"] = std::move(said);
}

// Only of a target that is as it should be.
static bool writeVectors(Session &session, const Target &target, const VerifyArguments &given,
                         llvm::ArrayRef<PointResult> points, verify::VectorSet &recorded) {
  size_t wrong = count(points, Verdict::Failed) + count(points, Verdict::NotRun);
  if (wrong > 0) {
    session.diagnostics.report(Message::NothingRecorded, Place{},
                               std::to_string(wrong) + " of " + std::to_string(points.size()) +
                                   " points did not pass");
    return false;
  }
  recorded.target = target.name + "@" + target.machine;
  recorded.whole = given.isWhole();
  llvm::sort(recorded.vectors,
             [](const verify::Vector &a, const verify::Vector &b) { return a.cases < b.cases; });
  return writeFile(session, given.record, serialize(recorded));
}

static std::optional<std::vector<PointResult>>
runCases(Session &session, const Target &target, const VerifyArguments &given, const Cases &cases) {
  auto vectors = loadVectors(session, target, given.vectors);
  std::unique_ptr<Jit> jit = vectors ? makeJit(session) : nullptr;
  std::optional<BuiltModel> model =
      jit ? rtlModel(session, target, /*optimize=*/true, session.diagnostics) : std::nullopt;
  std::optional<std::vector<OtherSimulator>> others{std::in_place};
  if (model && given.second)
    others = buildOthers(session, target, given, cases);
  if (!model || !others)
    return std::nullopt;
  Verifier verifier{session, target, given, cases, *jit, verify::Routes::find(target, *jit)};
  reportMemories(session, target, verifier.routes);
  verify::VectorSet recorded;
  std::vector<PointResult> points =
      verifier.run(*model, given.record.empty() ? nullptr : &recorded);
  askOthers(session, verifier, *others, points);
  if (!given.record.empty() && !deferInterrupts())
    writeVectors(session, target, given, points, recorded);
  if (!given.noBlame)
    blamePoints(session,
                {.target = target,
                 .jit = *jit,
                 .model = *model,
                 .others = secondModels(session, target, given.second),
                 .vectors = vectors->has_value() ? &**vectors : nullptr,
                 .seed = static_cast<uint64_t>(given.seed.value_or(1)),
                 .cancel = &deferInterrupts()},
                verifier.routes, cases, points);
  return points;
}

// Options that say what is done with the points of one machine.
static bool agreesWithMutate(Session &session, const VerifyArguments &given) {
  for (auto [option, isGiven] : {std::pair("--junit", !given.junit.empty()),
                                 {"--record", !given.record.empty()},
                                 {"--vectors", !given.vectors.empty()},
                                 {"--second-simulator", given.second}})
    if (isGiven) {
      session.diagnostics.report(Message::OptionNeeds, Place{}, option, "a run without '--mutate'");
      return false;
    }
  return true;
}

static MutateArguments mutateArguments(const VerifyArguments &given) {
  MutateArguments arguments;
  arguments.target = given.target;
  arguments.mutants = static_cast<size_t>(*given.mutants);
  arguments.seed = given.seed.value_or(1);
  arguments.jobs = static_cast<unsigned>(given.jobs.value_or(2));
  arguments.seconds = given.seconds.value_or(0);
  arguments.sample = given.subset;
  arguments.resume = given.resume;
  return arguments;
}

ExitCode lathe::cli::runVerify(Session &session, const Verb &verb, Words words) {
  VerifyArguments given;
  Arguments arguments(session, verb);
  arguments.positional("TARGET", given.target, "NAME[@MACHINE], or a plugin's folder");
  arguments.texts("--class", given.classes, "CLASS", "only points of this class");
  arguments.text("--case", given.only, "POINT", "only the case that reaches this point");
  arguments.text("--up-to", given.upTo, "POINT",
                 "the same, behind the cases that run before it in one simulation");
  arguments.flag("--subset", given.subset, "a sample of every class, for every change");
  arguments.flag("--second-simulator", given.second,
                 "again on Verilator without optimisations, and a sample on Icarus Verilog");
  arguments.real("--icarus-time", given.icarusSeconds, {0, 1e6, "of seconds"},
                 "of the sample on Icarus Verilog; default 120; 0: until it is through");
  arguments.number("--mutate", given.mutants, 1,
                   "put so many single faults into the RTL, and say which of them no point finds");
  arguments.text("--resume", given.resume, "FILE",
                 "the JSON of an earlier --mutate: what it killed or proved is not tried again");
  arguments.flag("--list", given.list, "print the points and run nothing");
  arguments.real("--time-limit", given.seconds, {0, 1e6, "of seconds"},
                 "seconds after which nothing more is begun");
  arguments.number("--max-failures", given.mostFailures, 1, "stop after so many; default 20");
  arguments.number("--seed", given.seed, 0, "of everything that is chosen at random; default 1");
  arguments.number("--jobs", given.jobs, 1, "simulations at a time; default 2");
  arguments.text("--record", given.record, "FILE",
                 "keep what passed as vectors, to tell later who has changed");
  arguments.text("--vectors", given.vectors, "FILE",
                 "vectors to ask; default: the plugin's tests/vectors/MACHINE.vectors");
  arguments.flag("--no-blame", given.noBlame, "do not find out who is to blame for failures");
  arguments.text("--junit", given.junit, "FILE", "write the results as JUnit XML");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, given.target);
  if (target && !target->rtl)
    session.diagnostics.report(Message::NoRtl, Place{}, target->name);
  std::optional<Cases> cases =
      target && target->rtl ? selectCases(session, *target, given) : std::nullopt;
  if (!cases)
    return exitCodeOf(session.diagnostics);
  if (!given.resume.empty() && !given.mutants)
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--resume", "'--mutate'");
  if (given.icarusSeconds && !given.second)
    session.diagnostics.report(Message::OptionNeeds, Place{}, "--icarus-time",
                               "'--second-simulator'");
  if (session.diagnostics.errorCount() > 0)
    return exitCodeOf(session.diagnostics);
  if (given.list)
    return listPoints(session, *cases);
  if (given.mutants && !agreesWithMutate(session, given))
    return exitCodeOf(session.diagnostics);
  if (given.mutants)
    return mutate(session, *target, *cases, mutateArguments(given));
  auto start = std::chrono::steady_clock::now();
  auto points = runCases(session, *target, given, *cases);
  if (!points)
    return exitCodeOf(session.diagnostics);
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  for (const auto &[waiver, why] : verify::applyWaivers(*target, *points))
    if (given.isWhole() || why.find("reached") != std::string::npos)
      session.diagnostics.report(Message::WaiverUseless, Place{}, waiver->points, why);
  fillJson(session, *points);
  session.result["seconds"] = seconds;
  if (!session.json) {
    printBad(session, given.target, *points);
    printTable(session, *points);
    session.out << llvm::formatv("{0:F1} s\n", seconds);
  }
  if (!given.junit.empty() &&
      !writeFile(session, given.junit, junitXml(junitOf(given.target, *points, seconds))))
    return exitCodeOf(session.diagnostics);
  if (deferInterrupts())
    return ExitCode::Interrupted;
  bool good = count(*points, Verdict::Failed) + count(*points, Verdict::Unreached) == 0 &&
              !session.diagnostics.hasErrors();
  return good ? ExitCode::Done : ExitCode::No;
}
