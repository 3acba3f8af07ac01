#include "tests/blame/Conformance.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using namespace lathe::blame;

static constexpr unsigned kSamples = 2; ///< stages of killOrder() up to the last sample

Conformance::Conformance(const Target &target, Jit &jit, const BuiltModel &right, uint64_t seed)
    : target(target), jit(jit), right(right), seed(seed), paths(verify::Routes::find(target, jit)),
      cases(verify::casesOf(target, verify::HostWindows(target, kAreaBytes))),
      builder(target, paths, jit, cases, seed, kAreaBytes) {
  plan();
}

// A round of one case for each measurement.
void Conformance::plan() {
  rounds = mutation::killOrder(cases);
  auto rest = llvm::find_if(rounds, [](const mutation::Round &it) { return it.stage > kSamples; });
  std::vector<mutation::Round> measurements;
  for (unsigned id = 0; id < cases.size(); ++id)
    if (cases[id].measure)
      measurements.push_back({{id}});
  rounds.insert(rest, measurements.begin(), measurements.end());
  std::reverse(rounds.begin(), rounds.end());
}

// ---- scripts

// The next script of the round, and what is left of it back among the rounds.
const Conformance::Part *Conformance::part(size_t index) {
  std::lock_guard lock(mutex);
  while (parts.size() <= index && !rounds.empty()) {
    mutation::Round round = std::move(rounds.back());
    rounds.pop_back();
    auto part = std::make_unique<Part>();
    size_t used = 1;
    if (!cases[round.ids.front()].measure) {
      std::vector<unsigned> missed;
      part->script = builder.build(round.ids, used, {SIZE_MAX, round.mostCases},
                                   [&](unsigned id, const std::string &) { missed.push_back(id); });
      part->judging = builder.judgeOptions(round.ids.front());
      unreached.insert(unreached.end(), missed.begin(), missed.end());
      for (unsigned id : llvm::ArrayRef(round.ids).take_front(used))
        if (!llvm::is_contained(missed, id))
          part->ids.push_back(id);
      verify::Judge judge(target, right);
      part->failsOnRight = judge.run(*part->script, part->judging).has_value();
      part->usual = judge.lengths().vec();
    } else {
      part->ids = round.ids;
    }
    round.ids.erase(round.ids.begin(), round.ids.begin() + static_cast<std::ptrdiff_t>(used));
    if (!round.ids.empty())
      rounds.push_back(std::move(round));
    if (!part->ids.empty())
      parts.push_back(std::move(part));
  }
  return index < parts.size() ? parts[index].get() : nullptr;
}

// ---- machines

bool Conformance::mayFail(const Part &part, const BuiltModel &model) const {
  if (!part.script)
    return !cases[part.ids.front()]
                .measure({target, paths, jit, model, {.mostCycles = kMostCycles}})
                .holds;
  if (&model == &right)
    return part.failsOnRight;
  verify::JudgeOptions judging = part.judging;
  judging.variant.usual = part.usual;
  verify::Judge judge(target, model);
  return judge.run(*part.script, judging).has_value();
}

std::optional<Conformance::Failure> Conformance::verify(const Part &part,
                                                        const BuiltModel &model) const {
  Failure failure;
  for (unsigned id : part.ids) {
    failure.cases.push_back(cases[id]);
    failure.cases.back().script = cases[part.ids.front()].script;
  }
  verify::VerifyOptions options;
  options.threads = 1;
  options.mostFailures = 1;
  options.seed = seed;
  options.areaBytes = kAreaBytes;
  options.mostCycles = kMostCycles;
  verify::Verification verification(target, paths, jit, model, failure.cases, options);
  for (verify::PointResult &point : verification.run())
    if (point.verdict == verify::Verdict::Failed) {
      failure.point = std::move(point);
      return failure;
    }
  return std::nullopt;
}

std::optional<Conformance::Failure> Conformance::firstFailure(const BuiltModel &model,
                                                              const std::atomic<bool> *cancel) {
  for (size_t i = 0; const Part *next = part(i); ++i) {
    if (cancel && *cancel)
      return std::nullopt;
    if (!mayFail(*next, model))
      continue;
    if (auto failure = verify(*next, model))
      return failure;
  }
  if (unreached.empty())
    return std::nullopt;
  const verify::Case &missed = cases[unreached.front()];
  return Failure{{missed}, {missed.name(), missed.group, verify::Verdict::Unreached, "", ""}};
}
