// From `-t NAME[@MACHINE]` to a target.
#pragma once

#include "core/description/Plugin.h"
#include "sdk/cli/Arguments.h"

namespace lathe::cli {

/// NAME is a plugin's name or the path of its folder; MACHINE one of its machines, or the path of a
/// machine file of its own. Every mistake is reported.
std::optional<Target> loadTargetArgument(Session &session, const Verb &verb, llvm::StringRef word);

/// A plugin folder that a search found. A broken one has no name but its folder's.
struct FoundPlugin {
  std::string name;
  std::string folder;
};

/// Every plugin of the search: --plugin, LATHE_PLUGIN_PATH, the SDK's own, the user's and the
/// system's data folders. Of two with one name the first counts.
std::vector<FoundPlugin> findPlugins(const Session &session);

/// The folder of the plugin that `path` is or lies in; empty without one.
std::string pluginFolderOf(llvm::StringRef path);

} // namespace lathe::cli
