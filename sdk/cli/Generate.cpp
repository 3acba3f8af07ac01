// lathe generate: what others build on a description: the opcode package, a C header, an editor's
// configuration.
#include "core/description/Generate.h"
#include "core/description/GenerateC.h"
#include "core/description/IsaSources.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/TargetArgument.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;
namespace json = llvm::json;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

using File = std::pair<std::string, std::string>; ///< path in the folder, contents

static constexpr StringRef kFolder = ".lathe"; // of what an editor reads

static json::Array machinePatterns(const Plugin &plugin) {
  json::Array patterns;
  for (const PluginMachine &machine : plugin.machines)
    patterns.push_back(StringRef(machine.path).drop_front(plugin.folder.size() + 1));
  return patterns;
}

static std::string schemaPath(const KeyTable &table) {
  auto [kind, version] = table.version.split('/');
  return (kFolder + "/schemas/" + kind + "-" + version + ".schema.json").str();
}

// Keys of yaml-language-server and of MLIR's extension, as Visual Studio Code reads them.
static std::string settings(const Plugin &plugin) {
  json::Object schemas{{"./" + schemaPath(machineKeys()), machinePatterns(plugin)},
                       {"./" + schemaPath(pluginKeys()), json::Array{kManifestName}},
                       {"./" + schemaPath(projectKeys()), json::Array{"lathe.yaml"}}};
  json::Array databases{("${workspaceFolder}/" + kFolder + "/tablegen_compile_commands.yml").str()};
  json::Object root{{"yaml.schemas", std::move(schemas)},
                    {"mlir.tablegen_compilation_databases", std::move(databases)}};
  return llvm::formatv("{0:2}\n", json::Value(std::move(root))).str();
}

// What tblgen-lsp-server takes as --tablegen-compilation-database: absolute paths.
static std::string compilationDatabase(const Plugin &plugin, StringRef folder) {
  return llvm::formatv("--- !FileInfo:\n  filepath: \"{0}\"\n  includes: \"{1}/{2}/include;{3}\"\n",
                       plugin.isaPath, folder, kFolder, path::parent_path(plugin.isaPath))
      .str();
}

static std::vector<File> editorFiles(const Plugin &plugin, StringRef folder) {
  std::string own = kFolder.str();
  std::vector<File> files{
      {own + "/include/lathe/Isa.td", isaVocabulary().str()},
      {own + "/tablegen_compile_commands.yml", compilationDatabase(plugin, folder)},
      {".vscode/settings.json", settings(plugin)}};
  for (const KeyTable *table : {&machineKeys(), &pluginKeys(), &projectKeys()})
    files.emplace_back(schemaPath(*table), jsonSchema(*table));
  return files;
}

// Files of ours are written again; what may be the user's own must be the same.
static bool mayWrite(Session &session, const std::string &full, const File &file) {
  auto buffer = llvm::MemoryBuffer::getFile(full);
  if (!buffer || StringRef(file.first).starts_with(kFolder) ||
      (*buffer)->getBuffer() == file.second)
    return true;
  session.diagnostics.report(Message::FileDiffers, Place{}, full);
  return false;
}

static bool writeAt(Session &session, const std::string &full, const std::string &contents) {
  std::error_code error = fs::create_directories(path::parent_path(full));
  if (!error)
    return writeFile(session, full, contents);
  session.diagnostics.report(Message::FileUnwritable, Place{}, full, error.message());
  return false;
}

static bool writeEditor(Session &session, const Plugin &plugin, StringRef given) {
  llvm::SmallString<128> folder(given.empty() ? StringRef(plugin.folder) : given);
  if (std::error_code error = fs::make_absolute(folder)) {
    session.diagnostics.report(Message::FileUnwritable, Place{}, folder.str(), error.message());
    return false;
  }
  path::remove_dots(folder, /*remove_dot_dot=*/true);
  std::vector<File> files = editorFiles(plugin, folder);
  json::Array written;
  for (const File &file : files)
    if (!mayWrite(session, (folder + "/" + file.first).str(), file))
      return false;
  for (const auto &[name, contents] : files) {
    std::string full = (folder + "/" + name).str();
    if (!writeAt(session, full, contents))
      return false;
    written.push_back(full);
    if (!session.json)
      session.out << full << '\n';
  }
  session.result["files"] = std::move(written);
  return true;
}

static bool writeText(Session &session, const std::string &text, const std::string &file) {
  session.result["text"] = text;
  if (!file.empty())
    return writeFile(session, file, text);
  if (!session.json)
    session.out << text;
  return true;
}

ExitCode lathe::cli::runGenerate(Session &session, const Verb &verb, Words words) {
  std::string name, what, out;
  Arguments arguments(session, verb);
  arguments.positional("TARGET", name, "NAME[@MACHINE]");
  arguments.positionalChoice(
      "WHAT", what, {"sv", "c", "editor"},
      "sv: the opcode package; c: encoders in C99; editor: YAML and TableGen");
  arguments.text("-o,--output", out, "PATH", "a file; for editor a folder, default the plugin's");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, name);
  std::optional<Plugin> plugin =
      target ? readManifest(target->folder, session.diagnostics) : std::nullopt;
  if (!plugin)
    return exitCodeOf(session.diagnostics);
  bool done = what == "editor" ? writeEditor(session, *plugin, out)
              : what == "c"
                  ? writeText(session, cHeader(*target, plugin->isaFile), out)
                  : writeText(session, systemVerilogPackage(*target, plugin->isaFile), out);
  return done ? ExitCode::Done : exitCodeOf(session.diagnostics);
}
