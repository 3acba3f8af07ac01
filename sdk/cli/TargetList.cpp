// lathe target list.
#include "sdk/cli/Table.h"
#include "sdk/cli/TargetArgument.h"

#include <set>

using namespace lathe;
using namespace lathe::cli;

static std::string machineNames(const Plugin &plugin) {
  std::string names;
  for (const PluginMachine &machine : plugin.machines)
    names += (names.empty() ? "" : ", ") + machine.name;
  return names;
}

ExitCode lathe::cli::runTargetList(Session &session, const Verb &verb, Words words) {
  Arguments arguments(session, verb);
  if (auto code = arguments.parse(words))
    return *code;
  Table table({"target", "version", "machines", "found by", "folder"});
  llvm::json::Array list;
  std::set<std::string> seen;
  for (const PluginCandidate &found : findPlugins(pluginPlaces(session), session.diagnostics)) {
    if (!seen.insert(found.name).second)
      continue;
    // A broken plugin is listed with its mistakes: it is never "not found".
    std::optional<Plugin> plugin = readManifest(found.folder, session.diagnostics);
    std::string version = plugin ? plugin->version : "broken";
    std::string machines = plugin ? machineNames(*plugin) : "-";
    table.add({found.name, version, machines, found.foundBy, found.folder});
    list.push_back(llvm::json::Object{{"name", found.name},
                                      {"version", version},
                                      {"machines", machines},
                                      {"foundBy", found.foundBy},
                                      {"folder", found.folder},
                                      {"valid", plugin.has_value()}});
  }
  session.result["targets"] = std::move(list);
  if (!session.json)
    table.printText(session.out);
  return exitCodeOf(session.diagnostics);
}
