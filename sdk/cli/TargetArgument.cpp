#include "sdk/cli/TargetArgument.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static std::string joined(StringRef folder, StringRef name) {
  llvm::SmallString<128> full(folder);
  path::append(full, name);
  return full.str().str();
}

// Beside an installed executable, else where this one was built.
static std::string sdkTargets(StringRef executable) {
  StringRef prefix = path::parent_path(path::parent_path(executable));
  std::string installed = joined(prefix, "share/lathe/targets");
  return fs::is_directory(installed) ? installed : joined(LATHE_SOURCE_DIR, "targets");
}

PluginPlaces lathe::cli::pluginPlaces(const Session &session) {
  PluginPlaces places;
  places.given = session.plugins;
  places.pathFolders = session.environment.pluginPath;
  llvm::SmallString<128> here;
  if (!fs::current_path(here))
    places.workingFolder = here.str().str();
  places.dataFolders = session.environment.dataFolders;
  places.sdkTargets = sdkTargets(session.environment.executable);
  return places;
}

std::string lathe::cli::pluginFolderOf(StringRef start) {
  llvm::SmallString<128> folder;
  if (fs::real_path(start, folder))
    return {};
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at))
    if (fs::exists(joined(at, kManifestName)))
      return at.str();
  return {};
}

std::optional<Target> lathe::cli::loadTargetArgument(Session &session, const Verb &verb,
                                                     StringRef word) {
  if (word.empty()) {
    session.diagnostics.report(Message::NeedsTarget, Place{}, verb.name);
    return std::nullopt;
  }
  auto [name, machine] = word.split('@');
  std::optional<Plugin> plugin = findPlugin(name, pluginPlaces(session), session.diagnostics);
  std::optional<Isa> isa = plugin ? readIsa(*plugin, session.diagnostics) : std::nullopt;
  if (!isa)
    return std::nullopt;
  bool isFile = machine.contains('/') || machine.ends_with(".yaml");
  return isFile ? loadTargetFile(*plugin, *isa, machine, session.diagnostics)
                : loadTarget(*plugin, *isa, machine, session.diagnostics);
}
