// lathe doctor: is everything here that building and running models needs?
#include "sdk/cli/Arguments.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace lathe;
using namespace lathe::cli;

namespace {
struct Tool {
  llvm::StringLiteral program;
  llvm::StringLiteral purpose;
  bool needed; ///< without it nothing runs on RTL
  llvm::StringLiteral version = "--version";
};

struct Finding {
  std::string what;
  std::string state;
  bool good = true;
  bool needed = true;
};
} // namespace

static constexpr Tool kTools[] = {
    {"verilator", "builds RTL models", true},
    {"clang++-22", "compiles RTL models", true},
    {"yosys", "reads RTL a second time, for tests", false},
    {"iverilog", "simulates RTL a second time, for tests", false, "-V"},
    {"ccache", "makes rebuilds of lathe faster", false},
};
static constexpr unsigned kToolSeconds = 10;
static constexpr uint64_t kFreeBytesWanted = 1ull << 30;

// The first line a tool prints when asked for its version, or nothing when it does not run.
static std::optional<std::string> firstLineOfVersion(llvm::StringRef program,
                                                     llvm::StringRef option) {
  llvm::SmallString<128> file;
  if (llvm::sys::fs::createTemporaryFile("lathe-doctor", "txt", file))
    return std::nullopt;
  llvm::scope_exit remove([&] { (void)llvm::sys::fs::remove(file); });
  std::optional<llvm::StringRef> redirects[] = {llvm::StringRef(""), llvm::StringRef(file),
                                                llvm::StringRef("")};
  int status =
      llvm::sys::ExecuteAndWait(program, {program, option}, std::nullopt, redirects, kToolSeconds);
  auto text = llvm::MemoryBuffer::getFile(file);
  if (status != 0 || !text)
    return std::nullopt;
  return (*text)->getBuffer().split('\n').first.trim().str();
}

static Finding examine(const Tool &tool) {
  Finding finding{tool.program.str(), "", true, tool.needed};
  auto path = llvm::sys::findProgramByName(tool.program);
  std::optional<std::string> version =
      path ? firstLineOfVersion(*path, tool.version) : std::nullopt;
  finding.good = version.has_value();
  finding.state =
      version ? *version
              : llvm::formatv("{0}: {1}", path ? "does not run" : "missing", tool.purpose).str();
  return finding;
}

static Finding examineCache(llvm::StringRef folder) {
  Finding finding{"cache", folder.str(), true, true};
  if (folder.empty())
    return {"cache", "no folder: neither HOME nor XDG_CACHE_HOME is set", false, true};
  llvm::SmallString<128> probe(folder);
  llvm::sys::path::append(probe, "probe-%%%%%%");
  std::error_code error = llvm::sys::fs::create_directories(folder);
  llvm::SmallString<128> made;
  int descriptor = -1;
  if (!error)
    error = llvm::sys::fs::createUniqueFile(probe, descriptor, made);
  if (error)
    return {"cache", llvm::formatv("{0}: cannot write: {1}", folder, error.message()), false, true};
  llvm::sys::fs::file_t handle = llvm::sys::fs::convertFDToNativeFile(descriptor);
  (void)llvm::sys::fs::closeFile(handle);
  (void)llvm::sys::fs::remove(made);
  return finding;
}

static Finding examineDisk(llvm::StringRef folder) {
  auto space = llvm::sys::fs::disk_space(folder);
  if (!space)
    return {"disk", space.getError().message(), false, false};
  return {"disk",
          llvm::formatv("{0:F1} GiB free of {1:F1}, {2} wanted",
                        double(space->available) / (1 << 30), double(space->capacity) / (1 << 30),
                        "1.0")
              .str(),
          space->available >= kFreeBytesWanted, true};
}

static void report(Session &session, llvm::ArrayRef<Finding> findings) {
  llvm::json::Array list;
  for (const Finding &finding : findings) {
    llvm::StringRef verdict = finding.good ? "ok" : finding.needed ? "BAD" : "note";
    list.push_back(llvm::json::Object{{"what", finding.what},
                                      {"state", finding.state},
                                      {"good", finding.good},
                                      {"needed", finding.needed}});
    if (!session.json)
      session.out << llvm::formatv("{0,-5}{1,-18}{2}\n", verdict, finding.what, finding.state);
  }
  session.result["findings"] = std::move(list);
}

ExitCode lathe::cli::runDoctor(Session &session, const Verb &verb, Words words) {
  Arguments arguments(session, verb);
  if (auto code = arguments.parse(words))
    return *code;
  std::vector<Finding> findings{{"lathe", LATHE_VERSION, true, true}};
  for (const Tool &tool : kTools)
    findings.push_back(examine(tool));
  findings.push_back(examineCache(session.environment.cacheFolder));
  if (findings.back().good)
    findings.push_back(examineDisk(session.environment.cacheFolder));
  report(session, findings);
  bool whole = llvm::all_of(findings, [](const Finding &f) { return f.good || !f.needed; });
  return whole ? ExitCode::Done : ExitCode::Environment;
}
