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

} // namespace lathe::cli
