#include "sdk/blame/FirstWrong.h"

#include "sdk/run/HostImage.h"
#include "sdk/run/HostStep.h"

using namespace lathe;
using namespace lathe::blame;

static constexpr uint64_t kAreaBytes = 8 << 20; ///< for what is shown
/// Of a program's symbols: the areas for what is shown lie behind them.
static constexpr uint64_t kMostImage = uint64_t(1) << 30;

namespace {
/// One device step, from the host memory before it.
class StepSearch {
public:
  StepSearch(const Witnesses &witnesses, const verify::Routes &routes, const ProgramStep &step,
             llvm::ArrayRef<unsigned> shown, const MemoryBehaviour &ports,
             llvm::ArrayRef<uint8_t> image)
      : witnesses(witnesses), routes(routes), step(step), shown(shown), ports(ports), image(image),
        judge(witnesses.target, witnesses.model) {}

  /// False when the step cannot be followed this way.
  bool run(std::optional<FirstWrong> &found);
  /// Host memory behind the whole step.
  std::vector<uint8_t> after;

private:
  struct Outcome {
    bool made = false;
    std::optional<verify::Mismatch> wrong;
    uint64_t lastTaken = 0; ///< cycle of the last of the step's instructions
  };
  Outcome runFirst(size_t count);
  verify::Call call(size_t i) const {
    return {step.instructions.intrinsic(i), step.instructions.values(i).vec()};
  }

  const Witnesses &witnesses;
  const verify::Routes &routes;
  const ProgramStep &step;
  llvm::ArrayRef<unsigned> shown; ///< spaces, in the order in which they are
  const MemoryBehaviour &ports;
  llvm::ArrayRef<uint8_t> image;
  verify::Judge judge;
};
} // namespace

// The first `count` instructions, and everything on chip shown.
StepSearch::Outcome StepSearch::runFirst(size_t count) {
  verify::ScriptOptions options{witnesses.seed, kAreaBytes, SIZE_MAX, true, image};
  verify::Script script(witnesses.target, routes, witnesses.jit, options);
  for (size_t i = 0; i < count; ++i)
    if (!script.issue(call(i)))
      return {};
  if (!script.isSound())
    return {};
  after = script.after().take_front(image.size()).vec();
  script.sync();
  if (!script.observeSpaces(shown))
    return {};
  verify::JudgeOptions options2;
  options2.ports = ports;
  options2.cancel = witnesses.cancel;
  Outcome outcome{true, judge.run(script, options2)};
  if (count > 0 && judge.commandCycles().size() >= count)
    outcome.lastTaken = judge.commandCycles()[count - 1];
  return outcome;
}

bool StepSearch::run(std::optional<FirstWrong> &found) {
  size_t good = 0, bad = step.instructions.size();
  Outcome whole = runFirst(bad);
  if (!whole.made || !whole.wrong)
    return whole.made;
  std::vector<uint8_t> behind = after;
  Outcome atBad = whole;
  while (bad - good > 1) {
    size_t middle = (good + bad) / 2;
    Outcome outcome = runFirst(middle);
    if (!outcome.made || (witnesses.cancel && *witnesses.cancel))
      return false;
    if (outcome.wrong) {
      bad = middle;
      atBad = outcome;
    } else {
      good = middle;
    }
  }
  after = behind;
  found = FirstWrong{0, bad - 1, verify::textOf(witnesses.target, call(bad - 1)), atBad.wrong->text,
                     atBad.lastTaken};
  return true;
}

// A space that is seen through an intrinsic that is itself wrong tells nothing.
static std::vector<unsigned> shownRightly(const Witnesses &witnesses,
                                          const verify::Routes &routes) {
  std::vector<unsigned> shown;
  for (unsigned space : routes.order) {
    verify::Script script(witnesses.target, routes, witnesses.jit,
                          {witnesses.seed, kAreaBytes, SIZE_MAX, true, {}});
    verify::Judge judge(witnesses.target, witnesses.model);
    if (script.prepareAll() && script.observeSpaces({space}) && !judge.run(script, {}))
      shown.push_back(space);
  }
  return shown;
}

std::optional<FirstWrong> lathe::blame::findFirstWrong(const Witnesses &witnesses,
                                                       const verify::Routes &routes,
                                                       const Task &task,
                                                       const MemoryBehaviour &ports) {
  std::vector<unsigned> shown = shownRightly(witnesses, routes);
  HostImage image(task.program);
  if (image.bytes() > kMostImage || image.load(task.inputs))
    return std::nullopt;
  for (size_t s = 0; s < task.program.steps.size(); ++s) {
    const ProgramStep &step = task.program.steps[s];
    if (step.kind == ProgramStep::Kind::Host) {
      if (runHostStep(step, task.program, image, witnesses.jit))
        return std::nullopt;
      continue;
    }
    StepSearch search(witnesses, routes, step, shown, ports, {image.data(), image.bytes()});
    std::optional<FirstWrong> found;
    if (!search.run(found))
      return std::nullopt;
    if (found) {
      found->step = s;
      return found;
    }
    std::copy(search.after.begin(), search.after.end(), image.data());
  }
  return std::nullopt;
}
