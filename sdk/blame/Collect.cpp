#include "sdk/blame/Collect.h"

#include "core/semantics/Compare.h"
#include "core/target/Encoding.h"

#include "llvm/ADT/STLExtras.h"

#include <chrono>

using namespace lathe;
using namespace lathe::blame;

// ---- vectors

namespace {
/// Replays vectors until both sides are known, or the time is up.
class VectorVotes {
public:
  VectorVotes(const Witnesses &witnesses, Evidence &evidence)
      : witnesses(witnesses), evidence(evidence) {}
  void run(llvm::StringRef caseName);

private:
  /// Replayed behind the first difference, for what would contradict it.
  static constexpr size_t kMore = 8;

  void replay(const verify::Vector &vector);
  bool isOver() const;

  const Witnesses &witnesses;
  Evidence &evidence;
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  size_t sinceDifference = 0;
};
} // namespace

static void note(Vote &vote, std::string &text, const std::string &difference) {
  if (vote != Vote::Differs)
    text = difference;
  vote = Vote::Differs;
}

static verify::ReplayMemo::Answer
remembered(verify::ReplayMemo *memo, const verify::Vector &vector,
           llvm::function_ref<verify::ReplayMemo::Answer()> replay) {
  return memo ? memo->get(vector, replay) : replay();
}

void VectorVotes::replay(const verify::Vector &vector) {
  ++evidence.vectors;
  auto onHardware = [&] {
    return verify::replayOnHardware(vector, witnesses.model, witnesses.cancel);
  };
  auto onModel = [&] { return verify::replayOnModel(vector, witnesses.target, witnesses.jit); };
  if (auto hardware = remembered(witnesses.ofModel, vector, onHardware)) {
    if (hardware->onlyInTime)
      note(evidence.vectorsTime, evidence.timeText, hardware->text);
    else
      note(evidence.vectorsRtl, evidence.rtlText, hardware->text);
  }
  if (auto model = remembered(witnesses.ofTarget, vector, onModel))
    note(evidence.vectorsModel, evidence.modelText, model->text);
  bool differs = evidence.vectorsRtl == Vote::Differs || evidence.vectorsModel == Vote::Differs;
  sinceDifference += differs;
}

bool VectorVotes::isOver() const {
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
  return sinceDifference > kMore || passed.count() > witnesses.seconds ||
         (witnesses.cancel && *witnesses.cancel);
}

void VectorVotes::run(llvm::StringRef caseName) {
  if (!witnesses.vectors)
    return;
  const verify::Vector *own = witnesses.vectors->find(caseName);
  evidence.vectorsModel = evidence.vectorsRtl = evidence.vectorsTime = Vote::Same;
  evidence.hasOwnVector = own;
  if (own)
    replay(*own);
  for (const verify::Vector &vector : witnesses.vectors->vectors)
    if (&vector != own && !isOver())
      replay(vector);
}

// Until one does what is expected, whatever its registers begin with, and the first does not. One
// that is wrong in its own way, or right by luck, stays the vote when no further one does better.
static void askOthers(const Witnesses &witnesses, Evidence &evidence,
                      llvm::function_ref<void(const BuiltModel &)> ask) {
  std::optional<Evidence> other;
  for (const auto &build : witnesses.others) {
    std::optional<BuiltModel> model = build();
    if (!model)
      continue;
    evidence.otherRegistersThere = Vote::Unknown;
    ask(*model);
    if (evidence.secondRtl != Vote::Differs)
      continue;
    if (evidence.secondExpected == Vote::Same && evidence.otherRegistersThere == Vote::Same)
      return;
    if (!other)
      other = evidence;
  }
  if (other)
    evidence = *other;
}

// No accepted vector says more than two simulators or two beginnings of the registers.
static bool isDecidedBySimulators(const Evidence &evidence) {
  return evidence.secondRtl == Vote::Differs || evidence.otherRegisters == Vote::Differs;
}

// ---- a conformance case

// Any failure among `cases` is one: with other registers, or on another simulator, the first case
// that shows it may be another.
static verify::Verdict judge(const Witnesses &witnesses, const verify::Routes &routes,
                             const verify::Cases &cases, const BuiltModel &model,
                             const std::string &point, std::optional<uint32_t> registers) {
  verify::VerifyOptions options;
  options.threads = 1;
  options.mostFailures = 1;
  options.seed = witnesses.seed;
  options.registerSeed = registers;
  options.explains = false;
  options.areaBytes = witnesses.areaBytes;
  options.mostCycles = witnesses.mostCycles;
  options.cancel = witnesses.cancel;
  verify::Verification verification(witnesses.target, routes, witnesses.jit, model, cases, options);
  verify::Verdict verdict = verify::Verdict::NotRun;
  for (const verify::PointResult &result : verification.run()) {
    if (result.verdict == verify::Verdict::Failed)
      return result.verdict;
    if (result.name == point)
      verdict = result.verdict;
  }
  return verdict;
}

// The case by itself, or behind those before it in its script when it fails only there.
static verify::Cases subjectOf(const verify::Cases &cases, const verify::PointResult &failed) {
  bool alone = !llvm::StringRef(failed.detail).ends_with(verify::kNotAlone);
  auto named = llvm::find_if(
      cases, [&](const verify::Case &it) { return llvm::is_contained(it.points, failed.name); });
  verify::Cases subject;
  if (named == cases.end())
    return subject;
  for (auto it = alone ? named : cases.begin(); it != std::next(named); ++it)
    if (it->script == named->script)
      subject.push_back(*it);
  return subject;
}

static constexpr uint32_t kRegisterSeeds[] = {0, 3, 5};

Evidence lathe::blame::collect(const Witnesses &witnesses, const verify::Routes &routes,
                               const verify::Cases &cases, const verify::PointResult &failed) {
  Evidence evidence;
  evidence.kind = Evidence::Kind::Case;
  if (failed.verdict == verify::Verdict::Unreached) {
    evidence.kind = Evidence::Kind::NoProgram;
    return evidence;
  }
  verify::Cases subject = subjectOf(cases, failed);
  if (subject.empty())
    return evidence;
  if (subject.back().measure && subject.back().isClaim)
    evidence.kind = Evidence::Kind::Timing;
  auto again = [&](const BuiltModel &model, std::optional<uint32_t> registers) {
    return judge(witnesses, routes, subject, model, failed.name, registers);
  };
  verify::Verdict first = again(witnesses.model, std::nullopt);
  if (first == verify::Verdict::NotRun) // interrupted
    return evidence;
  evidence.rtlModel = first == verify::Verdict::Passed ? Vote::Same : Vote::Differs;
  auto varies = [&](const BuiltModel &model, verify::Verdict usual) {
    return llvm::any_of(kRegisterSeeds, [&](uint32_t seed) { return again(model, seed) != usual; })
               ? Vote::Differs
               : Vote::Same;
  };
  evidence.otherRegisters = varies(witnesses.model, first);
  askOthers(witnesses, evidence, [&](const BuiltModel &model) {
    verify::Verdict second = again(model, std::nullopt);
    if (second == verify::Verdict::NotRun)
      return;
    // What is read may be what nothing wrote, which each model fills in its own way.
    evidence.secondRtl = second == first ? Vote::Same : Vote::Differs;
    evidence.secondExpected = second == verify::Verdict::Passed ? Vote::Same : Vote::Differs;
    if (second == verify::Verdict::Passed && second != first)
      evidence.otherRegistersThere = varies(model, second);
  });
  if (!isDecidedBySimulators(evidence))
    VectorVotes(witnesses, evidence).run(subject.back().name());
  return evidence;
}

// ---- a kernel

static Vote compareAll(const Arrays &expected, const Arrays &got) {
  for (const auto &[name, array] : expected)
    if (auto found = got.find(name); found != got.end() && compare(array, found->second))
      return Vote::Differs;
  return Vote::Same;
}

static Vote compareWithStop(const Arrays *expected, const Arrays *got) {
  if (!expected || !got)
    return expected == got ? Vote::Same : Vote::Differs;
  return compareAll(*expected, *got);
}

static std::optional<Arrays> runAgain(const Task &task, Jit &jit, RtlRunOptions options,
                                      const BuiltModel &model, uint32_t registers) {
  options.waveform.clear();
  options.window.reset();
  options.recordCommands = false;
  options.watchAddress.reset();
  options.limits.progress = {};
  options.model = &model;
  options.registerSeed = registers;
  Sources sources;
  Diagnostics ignored(sources);
  auto outcome = runOnRtl(task.program, task.target, task.inputs, jit, options, ignored);
  return outcome ? std::optional(std::move(outcome->outputs)) : std::nullopt;
}

static const Arrays *orNull(const std::optional<Arrays> &arrays) {
  return arrays ? &*arrays : nullptr;
}

static Vote readBack(const Program &program, const Target &target) {
  for (const ProgramStep &step : program.steps) {
    if (step.kind != ProgramStep::Kind::Device)
      continue;
    std::vector<uint64_t> limbs = encodeStep(step, target);
    size_t perWord = step.instructions.size() ? limbs.size() / step.instructions.size() : 0;
    for (size_t i = 0; i < step.instructions.size(); ++i) {
      Word word{};
      std::copy_n(limbs.begin() + static_cast<std::ptrdiff_t>(i * perWord), perWord, word.begin());
      std::optional<Decoded> decoded = decode(target, word);
      if (!decoded || decoded->intrinsic != step.instructions.intrinsic(i) ||
          llvm::ArrayRef(decoded->values) != step.instructions.values(i))
        return Vote::Differs;
    }
  }
  return Vote::Same;
}

Evidence lathe::blame::collect(const Witnesses &witnesses, const Task &task,
                               const Arrays &reference, const Arrays *got,
                               const RtlRunOptions &options, bool isCompiled) {
  Evidence evidence;
  evidence.isCompiled = isCompiled;
  Sources sources;
  Diagnostics ignored(sources);
  std::optional<ModelOutcome> model = runOnModel(task, witnesses.jit, ignored);
  const Arrays *expected = model ? &model->outputs : nullptr;
  evidence.modelReference = compareWithStop(&reference, expected);
  evidence.rtlReference = compareWithStop(&reference, got);
  evidence.rtlModel = expected ? compareWithStop(expected, got) : Vote::Unknown;
  evidence.wordsReadBack = readBack(task.program, task.target);
  auto varies = [&](const BuiltModel &on, const Arrays *usual) {
    return llvm::any_of(kRegisterSeeds,
                        [&](uint32_t seed) {
                          auto again = runAgain(task, witnesses.jit, options, on, seed);
                          return compareWithStop(usual, orNull(again)) == Vote::Differs;
                        })
               ? Vote::Differs
               : Vote::Same;
  };
  evidence.otherRegisters = varies(witnesses.model, got);
  askOthers(witnesses, evidence, [&](const BuiltModel &second) {
    std::optional<Arrays> again =
        runAgain(task, witnesses.jit, options, second, options.registerSeed);
    evidence.secondRtl = compareWithStop(got, orNull(again));
    evidence.secondExpected = compareWithStop(&reference, orNull(again));
    if (evidence.secondRtl == Vote::Differs && evidence.secondExpected == Vote::Same)
      evidence.otherRegistersThere = varies(second, &reference);
  });
  if (evidence.modelReference == Vote::Same && evidence.wordsReadBack == Vote::Same &&
      !isDecidedBySimulators(evidence))
    VectorVotes(witnesses, evidence).run("");
  return evidence;
}
