#include "sdk/cli/Blame.h"

#include "core/support/WholeFile.h"
#include "sdk/cli/Simulation.h"

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

std::function<std::optional<BuiltModel>()> lathe::cli::secondModel(Session &session,
                                                                   const Target &target) {
  return [&session, &target]() -> std::optional<BuiltModel> {
    Progress progress(session, "building the RTL for the second simulator");
    ModelSpec spec = modelSpec(target, /*trace=*/false);
    spec.optimize = false;
    Sources sources;
    Diagnostics ignored(sources); // without it that vote is unknown
    return ModelCache(rtlOptions(session, progress).cache).get(spec, ignored);
  };
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
