// lathe doc: a target's manual, in Markdown and HTML.
#include "sdk/cli/DocExample.h"
#include "sdk/cli/Files.h"
#include "sdk/cli/Simulation.h"
#include "sdk/cli/TargetArgument.h"
#include "sdk/manual/Measure.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace lathe;
using namespace lathe::cli;

namespace {
struct DocOptions {
  std::string target, folder, format = "all";
  KernelArguments example;
  bool measure = false;
};
using File = std::pair<std::string, std::string>; ///< path in the folder, contents
} // namespace

static bool makeFolder(Session &session, const std::string &folder) {
  std::error_code error = llvm::sys::fs::create_directories(folder);
  if (error)
    session.diagnostics.report(Message::FileUnwritable, Place{}, folder, error.message());
  return !error;
}

static std::vector<File> filesOf(const manual::Document &document, const std::string &name,
                                 llvm::StringRef format) {
  std::vector<File> files;
  if (format != "md")
    files.emplace_back(name + ".html", manual::renderHtml(document));
  if (format == "html")
    return files;
  files.emplace_back(name + ".md", manual::renderMarkdown(document));
  for (const manual::Block &block : document.blocks)
    if (auto *figure = std::get_if<manual::Figure>(&block))
      files.emplace_back("figures/" + figure->id + ".svg", figure->svg);
  return files;
}

static bool writeFiles(Session &session, const std::string &folder, llvm::ArrayRef<File> files) {
  bool hasFigures = llvm::any_of(
      files, [](const File &file) { return llvm::StringRef(file.first).contains('/'); });
  if (!makeFolder(session, hasFigures ? folder + "/figures" : folder))
    return false;
  llvm::json::Array written;
  for (const auto &[path, contents] : files) {
    std::string full = folder + "/" + path;
    if (!writeFile(session, full, contents))
      return false;
    written.push_back(full);
    if (!session.json && !llvm::StringRef(path).ends_with(".svg"))
      session.out << full << '\n';
  }
  session.result["files"] = std::move(written);
  return true;
}

// False: reported.
static bool addExample(Session &session, const DocOptions &options, manual::ManualInput &input) {
  input.example = options.example.path.empty()
                      ? pickExample(session, input.target)
                      : compileExample(session, options.example, input.target);
  return input.example || options.example.path.empty();
}

static bool addMeasures(Session &session, manual::ManualInput &input) {
  std::unique_ptr<Jit> jit = makeJit(session);
  if (!jit)
    return false;
  Progress progress(session, "measuring");
  auto measured =
      manual::measureTiming(input.target, *jit, rtlOptions(session, progress), session.diagnostics);
  if (measured)
    input.measured = std::move(*measured);
  return measured.has_value();
}

static std::vector<Target> machinesOf(Session &session, const Plugin &plugin) {
  std::vector<Target> machines;
  if (std::optional<Isa> isa = readIsa(plugin, session.diagnostics))
    for (const PluginMachine &machine : plugin.machines)
      if (auto target = loadTarget(plugin, *isa, machine.name, session.diagnostics))
        machines.push_back(std::move(*target));
  return machines;
}

static ExitCode writeManual(Session &session, const DocOptions &options, const Target &target) {
  std::optional<Plugin> plugin = readManifest(target.folder, session.diagnostics);
  std::vector<Target> machines = plugin ? machinesOf(session, *plugin) : std::vector<Target>();
  if (session.diagnostics.hasErrors())
    return exitCodeOf(session.diagnostics);
  if (llvm::none_of(machines, [&](const Target &it) { return it.machine == target.machine; }))
    machines.push_back(target); // a machine file of the user's own
  manual::ManualInput input{*plugin, target, std::move(machines), std::nullopt, {}};
  if (!addExample(session, options, input) || (options.measure && !addMeasures(session, input)))
    return exitCodeOf(session.diagnostics);
  std::string folder = options.folder.empty() ? target.name + "-manual" : options.folder;
  manual::Document document = manual::makeManual(input);
  bool done = writeFiles(session, folder, filesOf(document, target.name, options.format));
  return done ? ExitCode::Done : exitCodeOf(session.diagnostics);
}

ExitCode lathe::cli::runDoc(Session &session, const Verb &verb, Words words) {
  DocOptions options;
  Arguments arguments(session, verb);
  arguments.positional("TARGET", options.target, "NAME[@MACHINE]");
  arguments.text("-o,--output", options.folder, "DIR", "where to write; default TARGET-manual");
  arguments.choice("--format", options.format, {"all", "html", "md"}, "one of the two forms only");
  arguments.text("--example", options.example.path, "KERNEL",
                 "the kernel of the worked example; default one of the plugin's tests");
  arguments.text("--kernel", options.example.kernel, "NAME", "which kernel of the file");
  arguments.texts("--size", options.example.sizes, "N=16", "a size of the example");
  arguments.flag("--measure", options.measure,
                 "run every instruction on the RTL and say its cycles");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, options.target);
  return target ? writeManual(session, options, *target) : exitCodeOf(session.diagnostics);
}
