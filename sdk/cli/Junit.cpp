#include "sdk/cli/Junit.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe::cli;
using Verdict = TestResult::Verdict;

// XML 1.0 has no way to write most control characters: they become '?'.
static std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    else if (c == '"')
      result += "&quot;";
    else if (c == '\n')
      result += "&#10;";
    else
      result += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
  }
  return result;
}

static std::string caseXml(const TestResult &result) {
  std::string open = llvm::formatv("  <testcase classname=\"{0}\" name=\"{1}\" time=\"{2:F3}\"",
                                   escaped(result.suite), escaped(result.name), result.seconds);
  if (result.verdict == Verdict::Passed)
    return open + "/>\n";
  const char *element = result.verdict == Verdict::Failed ? "failure" : "skipped";
  return llvm::formatv("{0}>\n    <{1} message=\"{2}\"/>\n  </testcase>\n", open, element,
                       escaped(result.message));
}

std::string lathe::cli::junitXml(llvm::ArrayRef<TestResult> results) {
  unsigned failed = 0, skipped = 0;
  double seconds = 0;
  std::string cases;
  for (const TestResult &result : results) {
    failed += result.verdict == Verdict::Failed;
    skipped += result.verdict == Verdict::Skipped;
    seconds += result.seconds;
    cases += caseXml(result);
  }
  return llvm::formatv("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<testsuite name=\"lathe\" tests=\"{0}\" failures=\"{1}\" skipped=\"{2}\" "
                       "time=\"{3:F3}\">\n{4}</testsuite>\n",
                       results.size(), failed, skipped, seconds, cases);
}
