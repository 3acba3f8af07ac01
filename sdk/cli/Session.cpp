#include "sdk/cli/Session.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <unistd.h>

using namespace lathe;
using namespace lathe::cli;
using llvm::sys::Process;

static std::string variable(const char *name) { return Process::GetEnv(name).value_or(""); }

static std::vector<std::string> splitPath(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef> parts;
  path.split(parts, ':', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return {parts.begin(), parts.end()};
}

// The variable's folder, or `fallback` under the home folder; a relative one is to be ignored.
static std::string baseFolder(const char *name, llvm::StringRef fallback) {
  std::string given = variable(name);
  if (llvm::sys::path::is_absolute(given))
    return given;
  llvm::SmallString<128> folder(variable("HOME"));
  if (folder.empty())
    return {};
  llvm::sys::path::append(folder, fallback);
  return folder.str().str();
}

static std::string inside(llvm::StringRef folder, llvm::StringRef name) {
  if (folder.empty())
    return {};
  llvm::SmallString<128> path(folder);
  llvm::sys::path::append(path, name);
  return path.str().str();
}

static std::vector<std::string> dataFolders() {
  std::vector<std::string> folders;
  if (std::string user = baseFolder("XDG_DATA_HOME", ".local/share"); !user.empty())
    folders.push_back(inside(user, "lathe/targets"));
  std::string system = variable("XDG_DATA_DIRS");
  for (const std::string &folder :
       splitPath(system.empty() ? "/usr/local/share:/usr/share" : system))
    folders.push_back(inside(folder, "lathe/targets"));
  return folders;
}

Environment lathe::cli::readEnvironment(const char *program) {
  Environment environment;
  environment.executable =
      llvm::sys::fs::getMainExecutable(program, reinterpret_cast<void *>(&readEnvironment));
  environment.pluginPath = splitPath(variable("LATHE_PLUGIN_PATH"));
  environment.dataFolders = dataFolders();
  environment.cacheFolder = inside(baseFolder("XDG_CACHE_HOME", ".cache"), "lathe");
  environment.toolPath = variable("PATH");
  environment.memoryBytes = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGE_SIZE);
  environment.outIsTerminal = Process::StandardOutIsDisplayed();
  environment.errIsTerminal = Process::StandardErrIsDisplayed();
  environment.color = environment.errIsTerminal && variable("NO_COLOR").empty();
  return environment;
}

// By the longest prefix of the code.
static constexpr struct {
  llvm::StringLiteral prefix;
  ExitCode code;
} kExitCodes[] = {
    {"L0", ExitCode::Invalid},        {"L0102", ExitCode::Environment},
    {"L07", ExitCode::NotMappable},   {"L075", ExitCode::Invalid},
    {"L076", ExitCode::Invalid},      {"L08", ExitCode::Simulator},
    {"L09", ExitCode::Usage},         {"L0810", ExitCode::Environment},
    {"L0911", ExitCode::No},          {"L0912", ExitCode::Invalid},
    {"L0916", ExitCode::NotMappable}, {"L0917", ExitCode::Simulator},
    {"L0918", ExitCode::Invalid},     {"L0920", ExitCode::Invalid},
    {"L0921", ExitCode::Invalid},     {"L0922", ExitCode::Environment},
    {"L0923", ExitCode::Simulator},   {"L0925", ExitCode::NotMappable},
    {"L0670", ExitCode::Environment}, {"L077", ExitCode::Invalid},
    {"L0770", ExitCode::NotMappable}, {"L0970", ExitCode::Invalid},
    {"L0971", ExitCode::Environment}, {"L0972", ExitCode::Environment},
    {"L0973", ExitCode::Invalid},
};

ExitCode lathe::cli::exitCodeOf(const Diagnostics &diagnostics) {
  for (const Diagnostic &diagnostic : diagnostics.all()) {
    if (diagnostic.severity() != Severity::Error)
      continue;
    size_t longest = 0;
    ExitCode code = ExitCode::Invalid;
    for (const auto &entry : kExitCodes)
      if (diagnostic.code().starts_with(entry.prefix) && entry.prefix.size() > longest) {
        longest = entry.prefix.size();
        code = entry.code;
      }
    return code;
  }
  return ExitCode::Done;
}
