// lathe new target, lathe new kernel: files to begin with, from sdk/templates.
#include "core/description/Plugin.h"
#include "core/semantics/ReservedWords.h"
#include "sdk/cli/Arguments.h"
#include "sdk/cli/Files.h"
#include "sdk/scaffold/CoreFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

static constexpr size_t kLongestName = 60;

static std::string joined(StringRef folder, StringRef name) {
  llvm::SmallString<128> full(folder);
  path::append(full, name);
  return full.str().str();
}

// Beside an installed executable, else where this one was built.
static std::string templateFolder(const Session &session, StringRef name) {
  StringRef prefix = path::parent_path(path::parent_path(session.environment.executable));
  std::string installed = joined(prefix, "share/lathe/templates");
  return joined(fs::is_directory(installed) ? installed : joined(LATHE_SOURCE_DIR, "sdk/templates"),
                name);
}

// Names stand in manifests, packages of SystemVerilog and index notation.
static bool checkName(Session &session, StringRef kind, StringRef name) {
  bool isName = !name.empty() && llvm::isAlpha(name[0]) && name.size() <= kLongestName &&
                llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
  if (!isName)
    session.diagnostics.report(Message::NewName, Place{}, kind, name,
                               "use a letter, then letters, digits and '_', at most " +
                                   std::to_string(kLongestName));
  else if (isReservedWord(name))
    session.diagnostics.report(Message::NewName, Place{}, kind, name,
                               "the word has a meaning in index notation");
  else
    return true;
  return false;
}

static ExitCode finish(Session &session, StringRef written, const FileTree &tree,
                       llvm::ArrayRef<std::string> next) {
  llvm::json::Array files;
  for (const auto &[file, text] : tree)
    files.push_back(file);
  session.result["written"] = written;
  session.result["files"] = std::move(files);
  if (!session.json) {
    session.out << "wrote " << written << "\nnext:\n";
    for (const std::string &command : next)
      session.out << "  " << command << '\n';
  }
  return exitCodeOf(session.diagnostics);
}

// ---- targets

// The core's files stand in rtl/core, and in the manifest before the plugin's own.
static void addCore(FileTree &tree, const CoreFile &core) {
  constexpr llvm::StringLiteral kOwn = "rtl/*.sv]";
  std::string listed, comment = "# rtl/core: from " + core.name;
  for (const std::string &source : core.sources)
    listed += "'rtl/core/" + source + "', ";
  for (const auto &[file, text] : core.contents)
    tree["rtl/core/" + file] = text;
  if (!core.toplevel.empty())
    comment += "; instantiate '" + core.toplevel + "' in rtl/lathe_top.sv";
  std::string &manifest = tree[kManifestName.str()];
  size_t at = manifest.find(kOwn);
  assert(at != std::string::npos && "the template's manifest lists its RTL");
  manifest.insert(at, listed);
  manifest.insert(manifest.rfind('\n', at) + 1, "  " + comment + "\n");
}

// What the template is called, which is the bridge's name where a manifest binds other ports.
static void renameTop(FileTree &tree, StringRef name) {
  constexpr llvm::StringLiteral kTop = "lathe_top";
  FileTree renamed;
  for (const auto &[file, text] : tree)
    renamed[replaced(file, kTop, name)] = replaced(text, kTop, name);
  tree = std::move(renamed);
}

// The template, with other files where the ports are not the contract.
static std::optional<FileTree> targetTree(Session &session, StringRef name, StringRef ports,
                                          const std::optional<CoreFile> &core) {
  constexpr llvm::StringLiteral kWord = "new_target";
  auto tree = readTemplate(templateFolder(session, "target"), kWord, name, session.diagnostics);
  if (!tree)
    return std::nullopt;
  if (ports == "axi4") {
    auto other =
        readTemplate(templateFolder(session, "target_axi4"), kWord, name, session.diagnostics);
    if (!other)
      return std::nullopt;
    for (auto &[file, text] : *other)
      (*tree)[file] = std::move(text);
  }
  if (core)
    addCore(*tree, *core);
  if (ports == "axi4")
    renameTop(*tree, (name + "_unit").str());
  return tree;
}

ExitCode lathe::cli::runNewTarget(Session &session, const Verb &verb, Words words) {
  std::string name, in, coreFile, ports = "contract";
  Arguments arguments(session, verb);
  arguments.positional("NAME", name, "of the target and of its folder");
  arguments.text("--in", in, "DIR", "the folder to write in; default: the current one");
  arguments.choice("--ports", ports, {"contract", "axi4"},
                   "of the RTL: the port contract, or a manager on AXI4 that the manifest binds");
  arguments.text("--from-core", coreFile, "FILE",
                 "a FuseSoC core, whose Verilog becomes part of it");
  if (auto code = arguments.parse(words))
    return *code;
  if (!checkName(session, "target", name))
    return exitCodeOf(session.diagnostics);
  std::optional<CoreFile> core;
  if (!coreFile.empty()) {
    core = readCoreFile(coreFile, session.diagnostics);
    if (!core)
      return exitCodeOf(session.diagnostics);
  }
  std::optional<FileTree> tree = targetTree(session, name, ports, core);
  if (!tree)
    return exitCodeOf(session.diagnostics);
  std::string folder = joined(in, name);
  if (!writeNewFolder(folder, *tree, session.diagnostics))
    return exitCodeOf(session.diagnostics);
  return finish(
      session, folder, *tree,
      {"lathe check " + folder, "lathe test " + folder, "lathe show " + folder + "/ rules"});
}

// ---- kernels

ExitCode lathe::cli::runNewKernel(Session &session, const Verb &verb, Words words) {
  std::string name, in;
  Arguments arguments(session, verb);
  arguments.positional("NAME", name, "of the kernel and of its file");
  arguments.text("--in", in, "DIR", "the folder to write in; default: the current one");
  if (auto code = arguments.parse(words))
    return *code;
  if (!checkName(session, "kernel", name))
    return exitCodeOf(session.diagnostics);
  std::optional<FileTree> tree =
      readTemplate(templateFolder(session, "kernel"), "new_kernel", name, session.diagnostics);
  if (!tree)
    return exitCodeOf(session.diagnostics);
  const auto &[file, text] = *tree->begin();
  std::string written = joined(in, file);
  if (fs::exists(written))
    session.diagnostics.report(Message::NewExists, Place{}, written);
  else if (writeFile(session, written, text))
    return finish(session, written, *tree,
                  {"lathe check " + written, "lathe explain " + written + " -t TARGET --size ..."});
  return exitCodeOf(session.diagnostics);
}
