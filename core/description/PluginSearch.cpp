#include "core/description/PluginSearch.h"

#include "core/description/Files.h"
#include "core/description/Keys.h"
#include "core/description/TargetBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr StringRef kProjectName = "lathe.yaml";

static std::string join(StringRef folder, StringRef name) {
  llvm::SmallString<256> joined(folder);
  path::append(joined, name);
  return joined.str().str();
}

static bool isPlugin(StringRef folder) { return fs::exists(join(folder, kManifestName)); }

/// The plugin in `folder`, or those directly below it.
static std::vector<std::string> pluginFolders(StringRef folder) {
  if (isPlugin(folder))
    return {folder.str()};
  std::vector<std::string> folders;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; entry != end && !error;
       entry.increment(error))
    if (isPlugin(entry->path()))
      folders.push_back(entry->path());
  llvm::sort(folders);
  return folders;
}

// The name also of a manifest that has mistakes: so that asking for it repeats them.
static std::string nameOf(StringRef folder) {
  Sources sources;
  Diagnostics unread(sources);
  std::optional<unsigned> file = readDescription(join(folder, kManifestName), {}, unread);
  std::optional<YamlNode> root = file ? readYaml(*file, unread) : std::nullopt;
  const YamlNode *name = root ? root->find("name") : nullptr;
  return name && name->isScalar() ? name->text : path::filename(folder).str();
}

static bool isUsable(StringRef folder) {
  Sources sources;
  Diagnostics unread(sources);
  return readManifest(folder, unread).has_value();
}

namespace {

class Search {
public:
  Search(const PluginPlaces &places, Diagnostics &diagnostics)
      : places(places), diagnostics(diagnostics) {}

  std::vector<PluginCandidate> run() {
    for (StringRef folder : places.given)
      addGiven(folder);
    for (StringRef folder : places.pathFolders)
      addFolder(folder, "LATHE_PLUGIN_PATH");
    addProject();
    for (StringRef folder : places.dataFolders)
      addFolder(folder, "data folder");
    if (!places.sdkTargets.empty())
      addFolder(places.sdkTargets, "sdk");
    return std::move(found);
  }

private:
  void addGiven(StringRef folder) {
    if (addFolder(folder, "--plugin") == 0)
      diagnostics.report(Message::PluginFolder, Place(), folder);
  }

  unsigned addFolder(StringRef folder, StringRef foundBy) {
    std::vector<std::string> folders = pluginFolders(folder);
    for (const std::string &plugin : folders) {
      llvm::SmallString<256> real;
      std::string resolved = fs::real_path(plugin, real) ? plugin : real.str().str();
      auto same = [&](const PluginCandidate &other) { return other.folder == resolved; };
      if (llvm::none_of(found, same))
        found.push_back({nameOf(plugin), resolved, foundBy.str(), isUsable(plugin)});
    }
    return folders.size();
  }

  // The nearest lathe.yaml, from the working folder upwards.
  void addProject() {
    for (StringRef folder = places.workingFolder; !folder.empty();
         folder = path::parent_path(folder))
      if (std::string file = join(folder, kProjectName); fs::exists(file)) {
        readProject(file, folder);
        return;
      }
  }

  void readProject(StringRef file, StringRef folder) {
    std::optional<unsigned> id = readDescription(file, {}, diagnostics);
    std::optional<YamlNode> root = id ? readYaml(*id, diagnostics) : std::nullopt;
    if (!root)
      return;
    unsigned errorsBefore = diagnostics.errorCount();
    checkKeys(*root, projectKeys(), diagnostics);
    checkRequired(*root, projectKeys(), diagnostics);
    if (diagnostics.errorCount() != errorsBefore)
      return;
    for (const YamlNode &item : root->find("plugins")->items)
      if (addFolder(join(folder, item.text), "lathe.yaml") == 0)
        diagnostics.report(Message::PluginFolder, item.loc, item.text);
  }

  const PluginPlaces &places;
  Diagnostics &diagnostics;
  std::vector<PluginCandidate> found;
};

} // namespace

std::vector<PluginCandidate> lathe::findPlugins(const PluginPlaces &places,
                                                Diagnostics &diagnostics) {
  return Search(places, diagnostics).run();
}

static std::optional<Plugin> readCandidate(StringRef name, StringRef folder,
                                           Diagnostics &diagnostics) {
  std::optional<Plugin> plugin = readManifest(folder, diagnostics);
  if (!plugin)
    diagnostics.report(Message::PluginBroken, diagnostics.sourceTexts().wholeFile(folder), name,
                       folder);
  return plugin;
}

std::optional<Plugin> lathe::findPlugin(StringRef name, const PluginPlaces &places,
                                        Diagnostics &diagnostics) {
  if (name.contains('/')) {
    if (isPlugin(name))
      return readCandidate(path::filename(name), name, diagnostics);
    diagnostics.report(Message::PluginFolder, Place(), name);
    return std::nullopt;
  }
  std::vector<PluginCandidate> candidates = findPlugins(places, diagnostics);
  const PluginCandidate *chosen = nullptr;
  std::vector<StringRef> names;
  for (const PluginCandidate &candidate : candidates) {
    names.push_back(candidate.name);
    if (candidate.name != name)
      continue;
    if (chosen && chosen->foundBy == candidate.foundBy) {
      diagnostics.report(Message::PluginTwice, Place(), name, chosen->folder, candidate.folder);
      return std::nullopt;
    }
    if (!chosen)
      chosen = &candidate;
  }
  if (chosen)
    return readCandidate(name, chosen->folder, diagnostics);
  if (isPlugin(name)) // a folder right here, as `lathe new target` leaves one
    return readCandidate(name, name, diagnostics);
  diagnostics.report(Message::PluginUnknown, Place(), name, suggest(name, names));
  return std::nullopt;
}
