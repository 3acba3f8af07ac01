#include "sdk/cli/TestReport.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace lathe::cli;
using llvm::StringRef;
using Verdict = TestResult::Verdict;
namespace json = llvm::json;

unsigned lathe::cli::countOf(llvm::ArrayRef<TestResult> results, Verdict verdict) {
  return llvm::count_if(results, [&](const TestResult &it) { return it.verdict == verdict; });
}

// Annotations and SARIF want paths from the root of the checkout, where tools are started.
static std::string relativePath(StringRef file) {
  llvm::SmallString<128> here, full(file);
  if (llvm::sys::fs::current_path(here) || llvm::sys::fs::make_absolute(full))
    return file.str();
  llvm::sys::path::remove_dots(full, /*remove_dot_dot=*/true);
  StringRef rest(full);
  return rest.consume_front(here) && rest.consume_front("/") ? rest.str() : full.str().str();
}

// https://docs.github.com: % and line ends are escaped in messages, ':' and ',' in properties too.
static std::string workflowText(StringRef text, bool isProperty) {
  std::string out;
  for (char c : text)
    if (c == '%' || c == '\n' || c == '\r' || (isProperty && (c == ':' || c == ',')))
      out += llvm::formatv("%{0:X-2}", static_cast<unsigned>(c)).str();
    else
      out += c;
  return out;
}

static void annotate(llvm::raw_ostream &out, const TestResult &result) {
  out << llvm::formatv("::error file={0},line={1},title={2}::{3}\n",
                       workflowText(relativePath(result.suite), true), result.line,
                       workflowText(result.name, true), workflowText(result.message, false));
}

// A URI has no spaces and the like.
static std::string uriOf(StringRef path) {
  std::string out;
  for (unsigned char c : path)
    out += llvm::isAlnum(static_cast<char>(c)) || StringRef("/._-~").contains(c)
               ? std::string(1, c)
               : llvm::formatv("%{0:X-2}", static_cast<unsigned>(c)).str();
  return out;
}

static json::Object sarifResult(const TestResult &result) {
  json::Object region{{"startLine", std::max(1u, result.line)}};
  json::Object place{{"artifactLocation", json::Object{{"uri", uriOf(relativePath(result.suite))}}},
                     {"region", std::move(region)}};
  json::Object location{{"physicalLocation", std::move(place)}};
  std::string text = result.name + ": " + result.message;
  return json::Object{{"ruleId", "test-failed"},
                      {"level", "error"},
                      {"message", json::Object{{"text", text}}},
                      {"locations", json::Array{std::move(location)}}};
}

static json::Value sarif(llvm::ArrayRef<TestResult> results) {
  json::Array failed;
  for (const TestResult &result : results)
    if (result.verdict == Verdict::Failed)
      failed.push_back(sarifResult(result));
  json::Object rule{{"id", "test-failed"},
                    {"shortDescription", json::Object{{"text", "a test of a plugin failed"}}}};
  json::Object driver{
      {"name", "lathe"}, {"version", LATHE_VERSION}, {"rules", json::Array{std::move(rule)}}};
  json::Object run{{"tool", json::Object{{"driver", std::move(driver)}}},
                   {"results", std::move(failed)}};
  return json::Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                      {"version", "2.1.0"},
                      {"runs", json::Array{std::move(run)}}};
}

static void fillJson(Session &session, llvm::ArrayRef<TestResult> results, size_t notRun) {
  json::Array list;
  for (const TestResult &result : results)
    list.push_back(json::Object{{"suite", result.suite},
                                {"name", result.name},
                                {"passed", result.verdict == Verdict::Passed},
                                {"message", result.message},
                                {"seconds", result.seconds}});
  session.result["tests"] = std::move(list);
  session.result["passed"] = countOf(results, Verdict::Passed);
  session.result["failed"] = countOf(results, Verdict::Failed);
  session.result["notRun"] = notRun;
}

static void printText(Session &session, llvm::ArrayRef<TestResult> results, size_t notRun,
                      bool annotates) {
  for (const TestResult &result : results) {
    bool passed = result.verdict == Verdict::Passed;
    session.out << llvm::formatv("{0,-5}{1} ({2:F2} s)\n", passed ? "ok" : "FAIL", result.name,
                                 result.seconds);
    if (!passed)
      session.out << "     " << result.message << '\n';
    if (!passed && annotates)
      annotate(session.out, result);
  }
  session.out << llvm::formatv("{0} passed, {1} failed", countOf(results, Verdict::Passed),
                               countOf(results, Verdict::Failed));
  session.out << (notRun ? llvm::formatv(", {0} not run\n", notRun).str() : "\n");
}

void lathe::cli::reportTests(Session &session, llvm::ArrayRef<TestResult> results, size_t notRun,
                             TestFormat format) {
  fillJson(session, results, notRun);
  if (format == TestFormat::Sarif && !session.json)
    session.out << llvm::formatv("{0:2}\n", sarif(results));
  else if (!session.json)
    printText(session, results, notRun, format == TestFormat::Github);
}
