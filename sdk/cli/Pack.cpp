// lathe pack: a plugin as a Debian package, where the plugin search finds it.
#include "core/support/WholeFile.h"
#include "sdk/cli/TargetArgument.h"
#include "simulators/rtl/Subprocess.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr double kPatienceSeconds = 120;

namespace {
/// A folder that is removed at the end.
class ScratchFolder {
public:
  ScratchFolder() { made = !fs::createUniqueDirectory("lathe-pack", folder); }
  ~ScratchFolder() {
    if (made)
      (void)fs::remove_directories(folder); // what is left is the system's to clean up
  }
  bool exists() const { return made; }
  std::string at(const llvm::Twine &name) const { return (folder + "/" + name).str(); }

private:
  llvm::SmallString<128> folder;
  bool made = false;
};

struct PackOptions {
  std::string plugin, out, maintainer = "unknown <unknown@localhost>";
};
} // namespace

// Debian's names have no '_'.
static std::string packageName(const Plugin &plugin) {
  std::string name = "lathe-target-" + StringRef(plugin.name).lower();
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

static std::string controlFile(const Plugin &plugin, const std::string &maintainer) {
  std::string summary =
      plugin.summary.empty() ? "target " + plugin.name + " of Lathe" : plugin.summary;
  return llvm::formatv(
             "Package: {0}\nVersion: {1}\nArchitecture: all\nSection: electronics\n"
             "Priority: optional\nMaintainer: {2}\nDepends: lathe (>= {3})\nDescription: {4}\n",
             packageName(plugin), plugin.version, maintainer, plugin.oldestSdk, summary)
      .str();
}

/// The plugin's files, relative to its folder, by name; hidden ones and folders of builds stay out.
static std::optional<std::vector<std::string>> filesOf(Session &session, const Plugin &plugin) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator it(plugin.folder, error, /*follow_symlinks=*/false), end;
       !error && it != end; it.increment(error)) {
    StringRef name = path::filename(it->path());
    bool isFolder = it->type() == fs::file_type::directory_file;
    if (name.starts_with(".") || (isFolder && (name == "build" || name == "__pycache__"))) {
      if (isFolder)
        it.no_push();
      continue;
    }
    if (isFolder)
      continue;
    if (it->type() != fs::file_type::regular_file) {
      session.diagnostics.report(Message::PackLink, Place{}, it->path());
      return std::nullopt;
    }
    files.push_back(it->path().substr(plugin.folder.size() + 1));
  }
  llvm::sort(files);
  return files;
}

static bool fail(Session &session, StringRef file, std::error_code error) {
  session.diagnostics.report(Message::FileUnwritable, Place{}, file, error.message());
  return false;
}

static bool copyFiles(Session &session, const Plugin &plugin, llvm::ArrayRef<std::string> files,
                      const std::string &to) {
  for (const std::string &file : files) {
    std::string target = to + "/" + file;
    std::error_code error = fs::create_directories(path::parent_path(target));
    if (!error)
      error = fs::copy_file(plugin.folder + "/" + file, target);
    if (!error)
      error = fs::setPermissions(target, fs::perms(0644));
    if (error)
      return fail(session, target, error);
  }
  return true;
}

// Folders were made under the user's umask; others must be able to read them.
static std::error_code openFolders(const std::string &root) {
  std::error_code error = fs::setPermissions(root, fs::perms(0755));
  for (fs::recursive_directory_iterator it(root, error), end; !error && it != end;
       it.increment(error))
    if (it->type() == fs::file_type::directory_file)
      if (std::error_code failed = fs::setPermissions(it->path(), fs::perms(0755)))
        return failed;
  return error;
}

/// The last line: what went wrong comes after what went well.
static std::string endOf(const std::string &log) {
  auto buffer = llvm::MemoryBuffer::getFile(log);
  if (!buffer)
    return {};
  llvm::StringRef text = (*buffer)->getBuffer().trim();
  return text.substr(text.rfind('\n') + 1).str();
}

static bool buildPackage(Session &session, const ScratchFolder &scratch, const std::string &out) {
  if (!llvm::sys::findProgramByName("dpkg-deb")) {
    session.diagnostics.report(Message::ToolMissing, Place{}, "pack", "dpkg-deb", "dpkg");
    return false;
  }
  PartialFile file(out);
  size_t failed = 0;
  Command command{{"dpkg-deb", "--root-owner-group", "-Zxz", "--build", "root", file.name()},
                  scratch.at(""),
                  "log"};
  if (runCommands(command, 1, kPatienceSeconds, nullptr, failed) != CommandOutcome::Succeeded) {
    session.diagnostics.report(Message::ToolFailed, Place{}, "dpkg-deb", endOf(scratch.at("log")));
    return false;
  }
  std::error_code error = file.keep();
  return !error || fail(session, out, error);
}

static bool pack(Session &session, const Plugin &plugin, const PackOptions &options,
                 std::string out) {
  std::optional<std::vector<std::string>> files = filesOf(session, plugin);
  if (!files)
    return false;
  ScratchFolder scratch;
  if (!scratch.exists())
    return fail(session, "the folder for temporary files",
                std::make_error_code(std::errc::io_error));
  if (!copyFiles(session, plugin, *files,
                 scratch.at("root/usr/share/lathe/targets/" + plugin.name)))
    return false;
  std::string control = scratch.at("root/DEBIAN/control");
  std::error_code error = fs::create_directories(path::parent_path(control));
  if (!error)
    error = writeWhole(control, StringRef(controlFile(plugin, options.maintainer)));
  if (!error)
    error = fs::setPermissions(control, fs::perms(0644));
  if (!error)
    error = openFolders(scratch.at("root"));
  if (error)
    return fail(session, control, error);
  llvm::SmallString<128> absolute(out);
  if (std::error_code error = fs::make_absolute(absolute))
    return fail(session, out, error);
  if (!buildPackage(session, scratch, absolute.str().str()))
    return false;
  session.result["package"] = packageName(plugin);
  session.result["file"] = out;
  session.result["files"] = static_cast<int64_t>(files->size());
  if (!session.json)
    session.out << llvm::formatv("{0}: {1} {2}, {3} files\n", out, packageName(plugin),
                                 plugin.version, files->size());
  return true;
}

// A package of a plugin that does not work is of no use: all of its machines must load.
static bool checkMachines(Session &session, const Plugin &plugin) {
  if (std::optional<Isa> isa = readIsa(plugin, session.diagnostics))
    for (const PluginMachine &machine : plugin.machines)
      loadTarget(plugin, *isa, machine.name, session.diagnostics);
  return !session.diagnostics.hasErrors();
}

ExitCode lathe::cli::runPack(Session &session, const Verb &verb, Words words) {
  PackOptions options;
  Arguments arguments(session, verb);
  arguments.positional("PLUGIN", options.plugin, "a plugin's folder, or its name");
  arguments.text("-o,--output", options.out, "FILE", "default PACKAGE_VERSION_all.deb");
  arguments.text("--maintainer", options.maintainer, "'NAME <MAIL>'", "whom the package names");
  if (auto code = arguments.parse(words))
    return *code;
  if (StringRef(options.maintainer).contains('\n')) {
    session.diagnostics.report(Message::NotNameValue, Place{}, "--maintainer", "...",
                               "'NAME <MAIL>'");
    return ExitCode::Usage;
  }
  std::optional<Plugin> plugin =
      findPlugin(options.plugin, pluginPlaces(session), session.diagnostics);
  if (!plugin || !checkMachines(session, *plugin))
    return exitCodeOf(session.diagnostics);
  std::string out =
      options.out.empty() ? packageName(*plugin) + "_" + plugin->version + "_all.deb" : options.out;
  return pack(session, *plugin, options, std::move(out)) ? ExitCode::Done
                                                         : exitCodeOf(session.diagnostics);
}
