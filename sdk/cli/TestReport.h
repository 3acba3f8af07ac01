// Results of tests for people and for CI services.
#pragma once

#include "sdk/cli/Junit.h"
#include "sdk/cli/Session.h"

namespace lathe::cli {

enum class TestFormat : uint8_t {
  Text,
  Github, ///< text, and an annotation at each failed test (workflow commands of GitHub Actions)
  Sarif,  ///< SARIF 2.1.0: one result for each failed test
};

/// Prints `results`, or fills the session's JSON; `notRun` tests were left out by an interrupt.
void reportTests(Session &session, llvm::ArrayRef<TestResult> results, size_t notRun,
                 TestFormat format);

unsigned countOf(llvm::ArrayRef<TestResult> results, TestResult::Verdict verdict);

} // namespace lathe::cli
