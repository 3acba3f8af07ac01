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

/// Build, when they are called, the models of other simulators: Verilator without optimisations,
/// and Icarus Verilog, which takes minutes on a big design, where that is wanted. They give nothing
/// when that fails.
std::vector<std::function<std::optional<BuiltModel>()>>
secondModels(Session &session, const Target &target, bool icarus);

/// The RTL on Icarus Verilog, as yosys writes it. Reports why there is none.
std::optional<BuiltModel> icarusModel(Session &session, const Target &target,
                                      Diagnostics &diagnostics);

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
