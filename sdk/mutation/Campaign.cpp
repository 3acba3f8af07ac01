#include "sdk/mutation/Campaign.h"

#include "sdk/mutation/RtlMutants.h"

#include "llvm/Support/ThreadPool.h"

#include <map>
#include <mutex>

using namespace lathe;
using namespace lathe::mutation;
using namespace lathe::verify;

// Operands need less room than in a script of 400 cases, and comparing memory takes its time.
static constexpr uint64_t kAreaBytes = 1 << 20;
// The longest that a machine without a fault waits for the host's side is 64 cycles.
static constexpr uint64_t kHangCycles = 1500;

Campaign::Campaign(const Target &target, const Routes &routes, Jit &jit, const BuiltModel &model,
                   const Cases &cases, size_t mutants, CampaignOptions given)
    : target(target), routes(routes), jit(jit), model(model), cases(cases),
      options(std::move(given)), builder(target, routes, jit, cases, options.seed, kAreaBytes),
      all(mutants), aside(mutants) {}

// ---- order

// About `wanted` cases of each class, by name.
static std::vector<bool> sampleOf(const Cases &cases, size_t wanted) {
  std::map<PointClass, size_t> sizes;
  for (const Case &one : cases)
    ++sizes[one.group];
  std::vector<bool> taken;
  for (const Case &one : cases) {
    size_t share = std::max<size_t>(1, sizes[one.group] / wanted);
    taken.push_back(Random(one.name(), 0).bits() % share == 0);
  }
  return taken;
}

std::vector<Round> mutation::killOrder(const Cases &cases) {
  constexpr size_t kFirst = 6; // of each kind of sequence: enough for most mutants
  std::vector<bool> few = sampleOf(cases, 40), sample = sampleOf(cases, 150);
  using Kind = std::tuple<int, Case::Begin, std::string>; // stage, how it begins, ports
  std::map<Kind, Round> rounds;
  std::map<std::string, size_t> sequences;
  for (unsigned id = 0; id < cases.size(); ++id) {
    const Case &one = cases[id];
    if (one.measure)
      continue;
    bool isFirst = one.group == PointClass::Sequence && sequences[one.portName]++ < kFirst;
    bool isLong = one.group == PointClass::Sequence;
    int stage = isFirst ? 0 : few[id] && !isLong ? 1 : sample[id] && !isLong ? 2 : 3;
    Round &round = rounds[{stage, one.begin, one.portName}];
    round.ids.push_back(id);
    round.mostCases = stage == 3 ? 400 : 100;
    round.stage = static_cast<unsigned>(stage);
  }
  std::vector<Round> order;
  for (auto &[kind, round] : rounds)
    order.push_back(std::move(round));
  return order;
}

// ---- running

bool Campaign::isOver() const {
  if (options.cancel && *options.cancel)
    return true;
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  return options.seconds > 0 && passed.count() > options.seconds;
}

std::vector<size_t> Campaign::living() const {
  std::vector<size_t> mutants;
  for (size_t i = 0; i < all.size(); ++i)
    if (!all[i].killed && !aside[i])
      mutants.push_back(i);
  return mutants;
}

void Campaign::finish() {
  for (Life &life : all)
    life.finished = true;
}

void Campaign::forLiving(const std::string &note, const std::function<void(size_t)> &visit) {
  std::vector<size_t> mutants = living();
  if (options.progress)
    options.progress(mutants.size(), note);
  std::atomic<size_t> next = 0;
  llvm::DefaultThreadPool pool(llvm::hardware_concurrency(options.threads));
  for (unsigned thread = 0; thread < options.threads; ++thread)
    pool.async([&] {
      for (size_t i = next++; i < mutants.size(); i = next++) {
        if (options.cancel && *options.cancel)
          return;
        auto began = std::chrono::steady_clock::now();
        visit(mutants[i]);
        std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        all[mutants[i]].seconds += took.count();
      }
    });
  pool.wait();
}

bool Campaign::runScript(const Script &script, JudgeOptions judging, const std::string &note) {
  Judge original(target, model);
  judging.cancel = options.cancel;
  if (std::optional<Mismatch> wrong = original.run(script, judging)) {
    why = wrong->text;
    return isOver();
  }
  std::vector<uint64_t> usual = original.lengths().vec();
  judging.variant.usual = usual;
  judging.variant.hangCycles = kHangCycles;
  judging.variant.seconds = options.mutantSeconds;
  forLiving(note, [&](size_t mutant) {
    JudgeOptions mine = judging;
    mine.variant.select = RtlMutants::select(mutant);
    Judge judge(target, model);
    std::optional<Mismatch> wrong = judge.run(script, mine);
    simulated += judge.cyclesRun();
    if (!wrong || (options.cancel && *options.cancel))
      return;
    all[mutant].killed = all[mutant].finished = true;
    bool isOfCase = wrong->caseId && *wrong->caseId != kNoCase;
    all[mutant].how = (isOfCase ? cases[*wrong->caseId].name() + ": " : "") + wrong->text;
  });
  return true;
}

bool Campaign::run(const Round &round) {
  llvm::ArrayRef<unsigned> ids = round.ids;
  while (!ids.empty() && !isOver() && !living().empty()) {
    size_t used = 0;
    std::unique_ptr<Script> script = builder.build(ids, used, {SIZE_MAX, round.mostCases, false},
                                                   [](unsigned, const std::string &) {});
    if (!runScript(*script, builder.judgeOptions(ids.front()), cases[ids.front()].name()))
      return false;
    ids = ids.drop_front(used);
  }
  return true;
}

void Campaign::measure() {
  for (const Case &one : cases) {
    if (!one.measure || isOver())
      continue;
    Bench bench{target, routes, jit, model, {}};
    if (!one.measure(bench).holds)
      continue;
    forLiving(one.name(), [&](size_t mutant) {
      Bench mine = bench;
      mine.variant.select = RtlMutants::select(mutant);
      mine.variant.hangCycles = kHangCycles;
      mine.variant.seconds = options.mutantSeconds;
      Measurement measured = one.measure(mine);
      if (measured.holds || (options.cancel && *options.cancel))
        return;
      all[mutant].killed = all[mutant].finished = true;
      all[mutant].how = one.name() + ": " + measured.text;
    });
  }
}
