// lathe check: descriptions and kernels, without a simulator.
#include "core/kernel/KernelFile.h"
#include "core/library/Library.h"
#include "sdk/cli/TargetArgument.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

namespace {
/// Checks what paths lead to, and counts.
class Checker {
public:
  explicit Checker(Session &session) : session(session) {}

  void check(StringRef path);
  void checkPlugin(StringRef folder);
  void report() const;

private:
  void checkFolder(StringRef folder);
  void checkLibrary(const Target &target);
  void checkKernels(StringRef file);
  void checkMachineFile(StringRef file);
  void said(StringRef what);

  Session &session;
  llvm::json::Array checked;
};
} // namespace

static bool isKernelFile(StringRef path) {
  return path.ends_with(".lathe") || path.ends_with(".mlir");
}

void Checker::said(StringRef what) {
  checked.push_back(what);
  if (!session.json)
    session.out << "ok  " << what << '\n';
}

void Checker::checkPlugin(StringRef folder) {
  std::optional<Plugin> plugin = readManifest(folder, session.diagnostics);
  std::optional<Isa> isa = plugin ? readIsa(*plugin, session.diagnostics) : std::nullopt;
  if (!isa)
    return;
  for (const PluginMachine &machine : plugin->machines)
    if (auto target = loadTarget(*plugin, *isa, machine.name, session.diagnostics)) {
      said(llvm::formatv("{0}@{1}: {2} intrinsics, {3} spaces, {4} units", plugin->name,
                         machine.name, target->intrinsics.size(), target->spaces.size(),
                         target->units.size())
               .str());
      checkLibrary(*target);
    }
}

/// Assembles the plugin's entries for the sizes that stand in them.
void Checker::checkLibrary(const Target &target) {
  for (const LibraryEntry &entry : target.library)
    if (auto assembled = assembleEntry(entry, target, {}, {}, session.diagnostics))
      said(llvm::formatv("{0}, library entry {1} on {2}: {3} instructions", target.name, entry.name,
                         target.machine, assembled->program.instructionCount())
               .str());
}

void Checker::checkKernels(StringRef path) {
  std::optional<KernelFile> file = readKernelFile(path, session.diagnostics);
  if (!file)
    return;
  for (const KernelFile::Entry &kernel : file->kernels)
    said(llvm::formatv("{0}: kernel {1}, {2} statements", path, kernel.semantics.name,
                       kernel.semantics.statements.size())
             .str());
}

// A machine file outside of the manifest is checked against the plugin it lies in.
void Checker::checkMachineFile(StringRef file) {
  std::string folder = pluginFolderOf(file);
  if (folder.empty()) {
    session.diagnostics.report(Message::NothingToCheck, Place{}, file);
    return;
  }
  std::optional<Plugin> plugin = readManifest(folder, session.diagnostics);
  std::optional<Isa> isa = plugin ? readIsa(*plugin, session.diagnostics) : std::nullopt;
  if (isa && loadTargetFile(*plugin, *isa, file, session.diagnostics))
    said(llvm::formatv("{0}: a machine of {1}", file, plugin->name).str());
}

void Checker::checkFolder(StringRef folder) {
  if (std::string plugin = pluginFolderOf(folder); !plugin.empty())
    return checkPlugin(plugin);
  std::error_code error;
  std::vector<std::string> inside;
  for (llvm::sys::fs::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error))
    if (pluginFolderOf(it->path()) == it->path() || isKernelFile(it->path()))
      inside.push_back(it->path());
  llvm::sort(inside);
  if (inside.empty())
    session.diagnostics.report(Message::NothingToCheck, Place{}, folder);
  for (const std::string &path : inside)
    check(path);
}

void Checker::check(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return checkFolder(path);
  if (isKernelFile(path))
    return checkKernels(path);
  if (path.ends_with("lathe-plugin.yaml"))
    return checkPlugin(pluginFolderOf(path));
  if (path.ends_with(".yaml"))
    return checkMachineFile(path);
  if (!llvm::sys::fs::exists(path))
    session.diagnostics.report(Message::FileUnreadable, Place{}, path, "no such file or folder");
  else
    session.diagnostics.report(Message::NothingToCheck, Place{}, path);
}

void Checker::report() const { session.result["checked"] = llvm::json::Array(checked); }

ExitCode lathe::cli::runCheck(Session &session, const Verb &verb, Words words) {
  std::vector<std::string> paths;
  Arguments arguments(session, verb);
  arguments.positionals("PATH", paths,
                        "plugin folders, folders of plugins, machine files, kernels");
  if (auto code = arguments.parse(words))
    return *code;
  Checker checker(session);
  for (const std::string &path : paths)
    checker.check(path);
  if (paths.empty())
    for (const PluginCandidate &plugin : findPlugins(pluginPlaces(session), session.diagnostics))
      checker.checkPlugin(plugin.folder);
  checker.report();
  return exitCodeOf(session.diagnostics);
}
