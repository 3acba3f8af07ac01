// Which of a target's conformance cases a run of lathe verify takes.
#pragma once

#include "sdk/cli/Session.h"
#include "sdk/cli/VerifyArguments.h"
#include "sdk/verify/Cases.h"

namespace lathe::cli {

/// One case in sixteen of the big classes, by name, and every case of the small ones.
void takeSubset(verify::Cases &cases);

/// The cases that `given` names; nothing, and reported, when it names what is not there.
std::optional<verify::Cases> selectCases(Session &session, const Target &target,
                                         const VerifyArguments &given);

} // namespace lathe::cli
