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

static bool isPlugin(StringRef folder) { return fs::exists(joined(folder, kManifestName)); }

static std::vector<std::string> searchFolders(const Session &session) {
  std::vector<std::string> folders = session.plugins;
  llvm::append_range(folders, session.environment.pluginPath);
  // Beside an installed executable, and where this one was built.
  StringRef bin = path::parent_path(session.environment.executable);
  folders.push_back(joined(path::parent_path(bin), "share/lathe/targets"));
  folders.push_back(joined(LATHE_SOURCE_DIR, "targets"));
  llvm::append_range(folders, session.environment.dataFolders);
  return folders;
}

static std::vector<std::string> pluginsIn(StringRef folder) {
  if (isPlugin(folder))
    return {folder.str()};
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    if (isPlugin(it->path()))
      found.push_back(it->path());
  llvm::sort(found);
  return found;
}

static std::string nameOf(StringRef folder) {
  Sources sources;
  Diagnostics diagnostics(sources);
  std::optional<Plugin> plugin = readManifest(folder, diagnostics);
  return plugin ? plugin->name : path::filename(folder).str();
}

std::vector<FoundPlugin> lathe::cli::findPlugins(const Session &session) {
  std::vector<FoundPlugin> found;
  for (const std::string &folder : searchFolders(session))
    for (std::string &plugin : pluginsIn(folder)) {
      std::string name = nameOf(plugin);
      if (llvm::none_of(found, [&](const FoundPlugin &other) { return other.name == name; }))
        found.push_back({std::move(name), std::move(plugin)});
    }
  return found;
}

std::string lathe::cli::pluginFolderOf(StringRef start) {
  llvm::SmallString<128> folder;
  if (fs::real_path(start, folder))
    return {};
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at))
    if (isPlugin(at))
      return at.str();
  return {};
}

static void reportUnknownTarget(Session &session, StringRef name,
                                llvm::ArrayRef<FoundPlugin> found) {
  std::vector<StringRef> names;
  for (const FoundPlugin &plugin : found)
    names.push_back(plugin.name);
  std::optional<StringRef> meant = nearest(name, names);
  session.diagnostics.report(Message::UnknownTarget, Place{}, name,
                             meant ? ("did you mean '" + *meant + "'?").str()
                                   : std::string("'lathe target list' shows what a search finds"));
}

static std::optional<std::string> findFolder(Session &session, StringRef name) {
  if (name.contains('/') || isPlugin(name))
    return name.str();
  std::vector<FoundPlugin> found = findPlugins(session);
  for (const FoundPlugin &plugin : found)
    if (plugin.name == name)
      return plugin.folder;
  reportUnknownTarget(session, name, found);
  return std::nullopt;
}

std::optional<Target> lathe::cli::loadTargetArgument(Session &session, const Verb &verb,
                                                     StringRef word) {
  if (word.empty()) {
    session.diagnostics.report(Message::NeedsTarget, Place{}, verb.name);
    return std::nullopt;
  }
  auto [name, machine] = word.split('@');
  std::optional<std::string> folder = findFolder(session, name);
  std::optional<Plugin> plugin = folder ? readManifest(*folder, session.diagnostics) : std::nullopt;
  if (!plugin)
    return std::nullopt;
  std::optional<Isa> isa = readIsa(*plugin, session.diagnostics);
  if (!isa)
    return std::nullopt;
  bool isFile = machine.contains('/') || machine.ends_with(".yaml");
  return isFile ? loadTargetFile(*plugin, *isa, machine, session.diagnostics)
                : loadTarget(*plugin, *isa, machine, session.diagnostics);
}
