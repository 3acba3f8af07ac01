// What lathe verify prints and writes of the points it ran.
#pragma once

#include "sdk/cli/Junit.h"
#include "sdk/cli/Session.h"
#include "sdk/verify/Verification.h"

namespace lathe::cli {

/// How the detail of a point begins on which simulators do not agree.
inline constexpr llvm::StringLiteral kSimulatorsDiffer = "the simulators do not agree: ";

size_t count(llvm::ArrayRef<verify::PointResult> points, verify::Verdict verdict);

/// Points by class and verdict.
void printTable(Session &session, llvm::ArrayRef<verify::PointResult> points);
/// What failed or is unreached, and how to see it again on `target`; of a few points all.
void printBad(Session &session, const std::string &target,
              llvm::ArrayRef<verify::PointResult> points);
/// "classes" and "bad" of the session's result.
void fillJson(Session &session, llvm::ArrayRef<verify::PointResult> points);
/// A test of each class, and one of each point that is not as it should be.
std::vector<TestResult> junitOf(const std::string &suite,
                                llvm::ArrayRef<verify::PointResult> points, double seconds);

/// Memories of which not every bit can be seen from the host, and those that nothing fills.
void reportMemories(Session &session, const Target &target, const verify::Routes &routes);

} // namespace lathe::cli
