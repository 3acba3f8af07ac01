#include "sdk/verify/Verification.h"

#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/ThreadPool.h"

#include <chrono>

using namespace lathe;
using namespace lathe::verify;

std::unique_ptr<Script> Verification::build(Ids ids, size_t &used, size_t testLimit) {
  return builder.build(
      ids, used, {testLimit, SIZE_MAX, options.record != nullptr},
      [this](unsigned id, std::string why) { settle(id, Verdict::Unreached, std::move(why)); });
}

JudgeOptions Verification::judgeOptions(unsigned id) const {
  JudgeOptions judge = builder.judgeOptions(id);
  judge.registerSeed = options.registerSeed.value_or(judge.registerSeed);
  judge.variant.mostCycles = options.mostCycles;
  judge.cancel = options.cancel;
  return judge;
}

// ---- failures

std::optional<Mismatch> Verification::judgeAlone(Judge &judge, unsigned id, size_t testLimit,
                                                 std::string &instructions) {
  size_t used = 0;
  std::unique_ptr<Script> script = build({id}, used, testLimit);
  std::optional<Mismatch> wrong = judge.run(*script, judgeOptions(id));
  simulated += judge.cyclesRun();
  instructions.clear();
  for (size_t command : script->tested()) {
    instructions += (instructions.empty() ? "" : "; ") + textOf(target, *script->callOf(command));
    if (command < judge.commandCycles().size())
      instructions += " (taken in cycle " + std::to_string(judge.commandCycles()[command]) + ")";
  }
  return wrong;
}

// The case by itself, with ever more of its instructions: the first that makes a difference is the
// one to look at.
std::string Verification::explain(Judge &judge, unsigned id, const Mismatch &inScript) {
  std::string instructions;
  std::optional<Mismatch> alone = judgeAlone(judge, id, SIZE_MAX, instructions);
  if (!alone)
    return inScript.text + kNotAlone.str();
  constexpr size_t kMostSteps = 32;
  for (size_t limit = 0; limit < kMostSteps; ++limit) {
    std::string fewer;
    if (std::optional<Mismatch> wrong = judgeAlone(judge, id, limit, fewer))
      return wrong->text + (fewer.empty() ? "" : "; after " + fewer);
  }
  return alone->text + "; after " + instructions;
}

// The last of the fewest first cases after which the whole state is wrong.
unsigned Verification::culprit(Judge &judge, Ids ids) {
  size_t good = 0, bad = ids.size();
  while (bad - good > 1) {
    size_t middle = (good + bad) / 2, used = 0;
    std::unique_ptr<Script> script = build(ids.take_front(middle), used);
    bool wrong = judge.run(*script, judgeOptions(ids.front())).has_value();
    simulated += judge.cyclesRun();
    (wrong ? bad : good) = middle;
  }
  return bad - 1;
}

// ---- running

void Verification::settle(unsigned id, Verdict verdict, std::string detail) {
  std::lock_guard lock(mutex);
  if (results[id].verdict != Verdict::NotRun)
    return;
  results[id] = {verdict, std::move(detail)};
  failures += verdict == Verdict::Failed;
  ++done;
  if (options.progress)
    options.progress(done, cases[id].name());
}

bool Verification::isOver() const {
  if (options.cancel && *options.cancel)
    return true;
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  std::lock_guard lock(mutex);
  return failures >= options.mostFailures ||
         (options.seconds > 0 && passed.count() > options.seconds);
}

void Verification::record(const Script &script, Judge &judge, Ids ids) {
  std::vector<std::string> names;
  for (unsigned id : ids)
    names.push_back(cases[id].name());
  Vector vector = vectorOf(target, script, judge, judgeOptions(ids.front()), std::move(names));
  std::lock_guard lock(mutex);
  options.record->vectors.push_back(std::move(vector));
}

/// Runs the first of `ids` that fit into a script, up to the first that fails; says how many are
/// settled.
size_t Verification::runScript(Judge &judge, Ids ids) {
  size_t used = 0;
  std::unique_ptr<Script> script = build(ids, used);
  uint64_t before = judge.cyclesRun();
  std::optional<Mismatch> wrong = judge.run(*script, judgeOptions(ids.front()));
  simulated += judge.cyclesRun() - before;
  if (options.cancel && *options.cancel)
    return used;
  size_t good = used;
  if (wrong && wrong->caseId && *wrong->caseId != kNoCase)
    good = llvm::find(ids, *wrong->caseId) - ids.begin();
  else if (wrong)
    good = culprit(judge, ids.take_front(used));
  for (size_t i = 0; i < good; ++i)
    settle(ids[i], Verdict::Passed);
  if (!wrong && options.record)
    record(*script, judge, ids.take_front(used));
  if (!wrong)
    return used;
  settle(ids[good], Verdict::Failed,
         options.explains ? explain(judge, ids[good], *wrong) : wrong->text);
  return good + 1;
}

void Verification::runMeasurement(unsigned id) {
  Measurement measured = cases[id].measure({target, routes, jit, model, {}});
  settle(id, measured.holds ? Verdict::Passed : Verdict::Failed, measured.text);
}

void Verification::runTask(Ids ids) {
  Judge judge(target, model);
  if (cases[ids.front()].measure) {
    if (!isOver())
      runMeasurement(ids.front());
    return;
  }
  while (!ids.empty() && !isOver())
    ids = ids.drop_front(runScript(judge, ids));
}

std::vector<PointResult> Verification::run() {
  start = std::chrono::steady_clock::now();
  std::vector<std::vector<unsigned>> all = builder.groups();
  if (options.mixed)
    llvm::stable_sort(all, [&](const auto &a, const auto &b) {
      auto rank = [&](const auto &ids) { return Random(cases[ids.front()].name(), 0).bits(); };
      return rank(a) < rank(b);
    });
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(options.threads));
  for (const std::vector<unsigned> &ids : all)
    pool.async([this, &ids] { runTask(ids); });
  pool.wait();
  std::vector<PointResult> points;
  for (unsigned id = 0; id < cases.size(); ++id)
    for (const std::string &point : cases[id].points)
      points.push_back({point, cases[id].group, results[id].verdict, results[id].detail});
  return points;
}

std::vector<std::pair<const Waiver *, std::string>>
verify::applyWaivers(const Target &target, std::vector<PointResult> &points) {
  std::vector<std::pair<const Waiver *, std::string>> wrong;
  for (const Waiver &waiver : target.waivers) {
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(waiver.points);
    if (!pattern) { // the manifest's reader has reported it
      llvm::consumeError(pattern.takeError());
      continue;
    }
    bool matches = false;
    for (PointResult &point : points) {
      if (!pattern->match(point.name))
        continue;
      matches = true;
      bool reached = point.verdict == Verdict::Passed || point.verdict == Verdict::Failed;
      if (reached && (wrong.empty() || wrong.back().first != &waiver))
        wrong.push_back({&waiver, "'" + point.name + "' is reached"});
      if (point.verdict == Verdict::Unreached)
        point = {point.name, point.group, Verdict::Waived, waiver.reason};
    }
    if (!matches)
      wrong.push_back({&waiver, "no point has such a name"});
  }
  return wrong;
}
