// Who is to blame for what failed, for verify, run and test.
#pragma once

#include "sdk/blame/Collect.h"
#include "sdk/cli/Session.h"

namespace lathe::cli {

/// The vectors at `path`, else those that the plugin keeps for this machine, in
/// tests/vectors/MACHINE.vectors; none when there is no such file. Nothing, and reported, when they
/// cannot be used.
std::optional<std::optional<verify::VectorSet>> loadVectors(Session &session, const Target &target,
                                                            const std::string &path);

/// Builds, when it is called, the model of the second simulator: Verilator without optimisations.
/// Gives nothing when that fails.
std::function<std::optional<BuiltModel>()> secondModel(Session &session, const Target &target);

/// Fills `blame` of the first failed points.
void blamePoints(Session &session, const blame::Witnesses &witnesses, const verify::Routes &routes,
                 const verify::Cases &cases, std::vector<verify::PointResult> &points);

/// A program whose results differ from the reference's.
struct WrongRun {
  Task task;
  const Arrays &reference;
  const Arrays *got = nullptr;        ///< null: the RTL stopped
  const RtlRunOptions *rtl = nullptr; ///< null: on the functional simulator
  bool isCompiled = true;             ///< not written by hand
};
/// The verdict, and on the RTL the first instruction after which it is wrong, in a line.
std::string blameRun(Session &session, const WrongRun &run, Jit &jit);

} // namespace lathe::cli
