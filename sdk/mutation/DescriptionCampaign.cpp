#include "sdk/mutation/DescriptionCampaign.h"

#include "llvm/Support/ThreadPool.h"

#include <mutex>
#include <set>

using namespace lathe;
using namespace lathe::mutation;
using namespace lathe::verify;

static constexpr uint64_t kAreaBytes = 1 << 20;

namespace {
/// Verification of one description, up to the first thing that is wrong.
class Check {
public:
  Check(const Target &target, Jit &jit, const BuiltModel &model, const CampaignOptions &options)
      : target(target), jit(jit), model(model), options(options), routes(Routes::find(target, jit)),
        cases(casesOf(target, HostWindows(target, kAreaBytes))),
        builder(target, routes, jit, cases, options.seed, kAreaBytes) {}

  /// What is wrong; claims about time are measured first when the mistake is one. `right`: of the
  /// right description, after probe(): what it does not reach or claims wrongly says nothing.
  std::optional<std::string> firstWrong(const Check &right, Mistake mistake);
  /// Tries every point that firstWrong() may try.
  void probe();

private:
  std::optional<std::string> runRound(const Round &round);
  std::optional<std::string> wrongClaim(const std::set<std::string> &known);
  bool isCancelled() const { return options.cancel && *options.cancel; }

  const Target &target;
  Jit &jit;
  const BuiltModel &model;
  const CampaignOptions &options;
  Routes routes;
  Cases cases;
  ScriptBuilder builder;
  std::set<std::string> unreached;   ///< points that were tried and could not be made
  std::set<std::string> wrongClaims; ///< claims about time that do not hold
};
} // namespace

std::optional<std::string> Check::runRound(const Round &round) {
  llvm::ArrayRef<unsigned> ids = round.ids;
  while (!ids.empty() && !isCancelled()) {
    size_t used = 0;
    std::unique_ptr<Script> script = builder.build(
        ids, used, {SIZE_MAX, round.mostCases},
        [&](unsigned id, const std::string &) { unreached.insert(cases[id].name()); });
    JudgeOptions judging = builder.judgeOptions(ids.front());
    judging.cancel = options.cancel;
    Judge judge(target, model);
    if (std::optional<Mismatch> wrong = judge.run(*script, judging))
      return wrong->text;
    ids = ids.drop_front(used);
  }
  return std::nullopt;
}

std::optional<std::string> Check::wrongClaim(const std::set<std::string> &known) {
  for (const Case &one : cases) {
    if (!one.measure || known.count(one.name()) || isCancelled())
      continue;
    Measurement measured = one.measure({target, routes, jit, model, {}});
    if (!measured.holds && !measured.text.empty())
      return one.name() + ": " + measured.text;
  }
  return std::nullopt;
}

void Check::probe() {
  for (const Round &round : killOrder(cases))
    if (round.stage <= 2)
      (void)runRound(round);
  for (const Case &one : cases)
    if (one.measure && !isCancelled() && !one.measure({target, routes, jit, model, {}}).holds)
      wrongClaims.insert(one.name());
}

std::optional<std::string> Check::firstWrong(const Check &right, Mistake mistake) {
  if (mistake == Mistake::Timing)
    if (std::optional<std::string> wrong = wrongClaim(right.wrongClaims))
      return wrong;
  // A sample finds what is wrong with a description, or nothing does.
  for (const Round &round : killOrder(cases)) {
    if (round.stage > 2)
      break;
    if (std::optional<std::string> wrong = runRound(round))
      return wrong;
    for (const std::string &point : unreached)
      if (!right.unreached.count(point))
        return point + " is not reached";
  }
  return mistake == Mistake::Timing ? std::nullopt : wrongClaim(right.wrongClaims);
}

std::vector<Life> mutation::runDescriptionMutants(const Target &target,
                                                  llvm::ArrayRef<DescriptionMutant> mutants,
                                                  Jit &jit, const BuiltModel &model,
                                                  const CampaignOptions &options) {
  std::vector<Life> lives(mutants.size());
  Check right(target, jit, model, options);
  right.probe();
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  size_t left = mutants.size();
  auto start = std::chrono::steady_clock::now();
  auto isOver = [&] {
    std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return (options.cancel && *options.cancel) ||
           (options.seconds > 0 && passed.count() > options.seconds);
  };
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(options.threads));
  for (unsigned thread = 0; thread < options.threads; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < mutants.size(); i = next++) {
        if (isOver())
          return;
        std::optional<std::string> how;
        if (mutants[i].same.empty()) {
          Target wrong = mutants[i].make();
          how = Check(wrong, jit, model, options).firstWrong(right, mutants[i].mistake);
        }
        std::lock_guard lock(mutex);
        if (isOver())
          return;
        lives[i].finished = true;
        lives[i].killed = how.has_value();
        lives[i].how = how.value_or("");
        if (options.progress)
          options.progress(--left, mutants[i].what);
      }
    });
  pool.wait();
  return lives;
}
