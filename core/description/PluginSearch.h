// Finds plugins by name, in the order in which a user expects their own to win.
#pragma once

#include "core/description/Plugin.h"

namespace lathe {

/// Where to look; the caller reads the environment. A place is a plugin's folder or a folder of
/// such folders; places that do not exist are skipped, except those given explicitly.
struct PluginPlaces {
  std::vector<std::string> given;       ///< --plugin DIR
  std::vector<std::string> pathFolders; ///< of LATHE_PLUGIN_PATH
  std::string workingFolder;            ///< from here upwards for a lathe.yaml; empty: none
  std::vector<std::string> dataFolders; ///< the user's and the system's
  std::string sdkTargets;               ///< the SDK's own
};

/// A folder with a manifest.
struct PluginCandidate {
  std::string name;    ///< the manifest's, or the folder's when that cannot be read
  std::string folder;  ///< with links resolved
  std::string foundBy; ///< "--plugin", "LATHE_PLUGIN_PATH", "lathe.yaml", "data folder", "sdk"
  bool usable = false; ///< its manifest was read without mistakes
};

/// Every candidate, best place first, names sorted within a place. A name that an earlier place
/// has already taken is listed again: the first one counts. Mistakes in manifests are not
/// reported; those of a lathe.yaml or of a given folder are.
std::vector<PluginCandidate> findPlugins(const PluginPlaces &places, Diagnostics &diagnostics);

/// The plugin `name`, or the one in the folder `name` when that has a '/'. A broken plugin of that
/// name is reported with all its mistakes; a name that nothing has, with the nearest that something
/// has.
std::optional<Plugin> findPlugin(llvm::StringRef name, const PluginPlaces &places,
                                 Diagnostics &diagnostics);

} // namespace lathe
