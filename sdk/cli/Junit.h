// Test results as JUnit XML, for CI systems.
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <string>

namespace lathe::cli {

struct TestResult {
  enum class Verdict { Passed, Failed, Skipped };
  std::string suite; ///< the test file
  std::string name;
  Verdict verdict = Verdict::Passed;
  std::string message; ///< why it failed or was skipped; may have several lines
  double seconds = 0;
  unsigned line = 0; ///< of the test in its file; 0: it stands in none
};

std::string junitXml(llvm::ArrayRef<TestResult> results);

} // namespace lathe::cli
