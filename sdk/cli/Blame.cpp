#include "sdk/cli/Blame.h"

#include "core/support/WholeFile.h"
#include "sdk/blame/FirstWrong.h"
#include "sdk/cli/Simulation.h"
#include "sdk/mutation/Netlist.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace lathe;
using namespace lathe::cli;

std::optional<std::optional<verify::VectorSet>>
lathe::cli::loadVectors(Session &session, const Target &target, const std::string &path) {
  std::string file = path;
  if (file.empty()) {
    file = target.folder + "/tests/vectors/" + target.machine + ".vectors";
    if (!llvm::sys::fs::exists(file))
      return std::optional<verify::VectorSet>();
  }
  std::string why;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readWhole(file, why);
  if (!buffer) {
    session.diagnostics.report(Message::FileUnreadable, Place{}, file, why);
    return std::nullopt;
  }
  auto set = verify::readVectors(buffer->getBuffer(), file, session.diagnostics);
  if (!set)
    return std::nullopt;
  std::string mine = target.name + "@" + target.machine;
  if (set->target != mine) {
    session.diagnostics.report(Message::VectorsOfAnother, Place{file, 0, 0, {}}, set->target, mine);
    return std::nullopt;
  }
  return set;
}

std::optional<BuiltModel> lathe::cli::icarusModel(Session &session, const Target &target,
                                                  Diagnostics &diagnostics) {
  ModelSpec spec = modelSpec(target, /*trace=*/false);
  if (spec.bridge) {
    diagnostics.report(Message::NoOtherSimulator, Place{}, target.name,
                       "the bridge of its binding is for Verilator alone");
    return std::nullopt;
  }
  Progress progress(session, "building the RTL for Icarus Verilog");
  mutation::NetlistOptions options;
  options.cache = rtlOptions(session, progress).cache;
  options.eventDriven = true;
  auto netlist = mutation::makeNetlist(spec, options, diagnostics);
  if (!netlist)
    return std::nullopt;
  ModelSpec other = netlistSpec(spec, *netlist);
  other.icarus = true;
  return ModelCache(options.cache).get(other, diagnostics);
}

std::vector<std::function<std::optional<BuiltModel>()>>
lathe::cli::secondModels(Session &session, const Target &target, bool icarus) {
  using Build = std::function<std::optional<BuiltModel>()>;
  auto quietly = [&session, &target](auto build) -> Build {
    return [&session, &target, build] {
      Sources sources;
      Diagnostics ignored(sources); // without it that vote is unknown
      return build(session, target, ignored);
    };
  };
  std::vector<Build> builds = {
      quietly([](Session &of, const Target &machine, Diagnostics &ignored) {
        return rtlModel(of, machine, /*optimize=*/false, ignored);
      })};
  if (icarus)
    builds.push_back(quietly(icarusModel));
  return builds;
}

static constexpr size_t kMostBlamed = 3;

void lathe::cli::blamePoints(Session &session, const blame::Witnesses &witnesses,
                             const verify::Routes &routes, const verify::Cases &cases,
                             std::vector<verify::PointResult> &points) {
  size_t failed = llvm::count_if(points, [](const verify::PointResult &point) {
    return point.verdict == verify::Verdict::Failed;
  });
  if (failed == 0)
    return;
  Progress progress(session, "asking who is to blame", std::min(failed, kMostBlamed));
  size_t asked = 0;
  for (verify::PointResult &point : points) {
    if (point.verdict != verify::Verdict::Failed || asked == kMostBlamed ||
        (witnesses.cancel && *witnesses.cancel))
      continue;
    progress.update(asked++, point.name);
    point.blame = decide(collect(witnesses, routes, cases, point)).text();
  }
}

static std::string placeOf(const blame::FirstWrong &wrong) {
  return llvm::formatv("; the first instruction after which the RTL is wrong: {0} (instruction {1} "
                       "of step {2}, taken in cycle {3}): {4}",
                       wrong.call, wrong.instruction, wrong.step, wrong.cycle, wrong.seen)
      .str();
}

std::string lathe::cli::blameRun(Session &session, const WrongRun &run, Jit &jit) {
  const Target &target = run.task.target;
  if (!run.rtl) {
    blame::Evidence evidence;
    evidence.modelReference = blame::Vote::Differs;
    evidence.isCompiled = run.isCompiled;
    return decide(evidence).text();
  }
  auto vectors = loadVectors(session, target, "");
  Sources sources;
  Diagnostics ignored(sources);
  auto model = ModelCache(run.rtl->cache).get(modelSpec(target, /*trace=*/false), ignored);
  if (!vectors || !model)
    return {};
  Progress progress(session, "asking who is to blame");
  blame::Witnesses witnesses{target, jit, *model, secondModels(session, target, /*icarus=*/false),
                             vectors->has_value() ? &**vectors : nullptr};
  witnesses.cancel = run.rtl->limits.cancel;
  blame::Verdict verdict =
      decide(collect(witnesses, run.task, run.reference, run.got, *run.rtl, run.isCompiled));
  std::string text = verdict.text();
  if (verdict.parties.front() == blame::Party::Compiler)
    return text; // the RTL does what the program says
  auto routes = verify::Routes::find(target, jit);
  MemoryBehaviour ports = memoryOf(target, run.rtl->memory);
  auto wrong = blame::findFirstWrong(witnesses, routes, run.task, ports);
  return wrong ? text + placeOf(*wrong) : text;
}
