// lathe target list.
#include "sdk/cli/Table.h"
#include "sdk/cli/TargetArgument.h"

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
  Table table({"target", "version", "machines", "folder"});
  llvm::json::Array list;
  for (const FoundPlugin &found : findPlugins(session)) {
    // A broken plugin is listed with its mistakes: it is never "not found".
    std::optional<Plugin> plugin = readManifest(found.folder, session.diagnostics);
    table.add({found.name, plugin ? plugin->version : "broken",
               plugin ? machineNames(*plugin) : "-", found.folder});
    list.push_back(llvm::json::Object{{"name", found.name},
                                      {"version", plugin ? plugin->version : ""},
                                      {"machines", plugin ? machineNames(*plugin) : ""},
                                      {"folder", found.folder},
                                      {"valid", plugin.has_value()}});
  }
  session.result["targets"] = std::move(list);
  if (!session.json)
    table.printText(session.out);
  return exitCodeOf(session.diagnostics);
}
