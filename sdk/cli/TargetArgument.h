// From `-t NAME[@MACHINE]` to a target.
#pragma once

#include "core/description/PluginSearch.h"
#include "sdk/cli/Arguments.h"

namespace lathe::cli {

/// NAME is a plugin's name or the path of its folder; MACHINE one of its machines, or the path of a
/// machine file of its own. Every mistake is reported.
std::optional<Target> loadTargetArgument(Session &session, const Verb &verb, llvm::StringRef word);

/// Where this session looks for plugins.
PluginPlaces pluginPlaces(const Session &session);

/// The folder of the plugin that `path` is or lies in; empty without one.
std::string pluginFolderOf(llvm::StringRef path);

} // namespace lathe::cli
