// lathe build: a target's RTL model ahead of time, for the cache or as a file.
#include "sdk/cli/Simulation.h"
#include "sdk/cli/TargetArgument.h"

#include "llvm/Support/FileSystem.h"

using namespace lathe;
using namespace lathe::cli;

// A copy beside the output that is renamed: a model in use is not overwritten.
static bool copyModel(Session &session, const std::string &from, const std::string &path) {
  auto file = llvm::sys::fs::TempFile::create(path + ".tmp-%%%%%%");
  llvm::Error error = file.takeError();
  if (!error) {
    if (std::error_code code = llvm::sys::fs::copy_file(from, file->FD))
      error = llvm::joinErrors(llvm::errorCodeToError(code), file->discard());
    else
      error = file->keep(path);
  }
  if (!error)
    return true;
  session.diagnostics.report(Message::FileUnwritable, Place{}, path,
                             llvm::toString(std::move(error)));
  return false;
}

ExitCode lathe::cli::runBuild(Session &session, const Verb &verb, Words words) {
  std::string name, output;
  bool trace = false, coverage = false;
  Arguments arguments(session, verb);
  arguments.positional("TARGET", name, "NAME[@MACHINE], or a plugin's folder");
  arguments.text("-o,--output", output, "FILE.so",
                 "where to copy the model; default the cache only");
  arguments.flag("--trace", trace, "with waveforms, a tenth slower");
  arguments.flag("--coverage", coverage, "with line, toggle and user coverage, much slower");
  if (auto code = arguments.parse(words))
    return *code;
  std::optional<Target> target = loadTargetArgument(session, verb, name);
  if (target && !target->rtl)
    session.diagnostics.report(Message::NoRtl, Place{}, target->name);
  if (!target || !target->rtl)
    return exitCodeOf(session.diagnostics);
  Progress progress(session, "building the RTL model");
  ModelSpec spec = modelSpec(*target, trace);
  spec.coverage = coverage;
  std::optional<BuiltModel> model =
      ModelCache(rtlOptions(session, progress).cache).get(spec, session.diagnostics);
  if (!model || (!output.empty() && !copyModel(session, model->path, output)))
    return exitCodeOf(session.diagnostics);
  const std::string &path = output.empty() ? model->path : output;
  session.result["model"] = path;
  session.result["key"] = model->key;
  session.result["wasCached"] = model->wasCached;
  if (!session.json)
    session.out << path << '\n';
  return ExitCode::Done;
}
