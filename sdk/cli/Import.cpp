// lathe import: kernels of an MLIR file in index notation, and their constants.
#include "core/kernel/KernelFile.h"
#include "sdk/cli/Arguments.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;

// NAME.npy for each constant; two kernels of a file may share a name, not its values.
static bool writeConstants(Session &session, const KernelFile &file, llvm::StringRef folder) {
  if (std::error_code error = llvm::sys::fs::create_directories(folder)) {
    session.diagnostics.report(Message::FileUnwritable, Place{}, folder, error.message());
    return false;
  }
  for (const KernelFile::Entry &kernel : file.kernels)
    for (const auto &[name, array] : kernel.constants) {
      llvm::SmallString<256> path(folder);
      std::string prefix = file.kernels.size() > 1 ? kernel.semantics.name + "." : "";
      llvm::sys::path::append(path, prefix + name + ".npy");
      if (!writeNpy(path, array, session.diagnostics))
        return false;
    }
  return true;
}

static llvm::json::Value entryToJson(const KernelFile::Entry &kernel) {
  llvm::json::Array constants;
  for (const auto &[name, array] : kernel.constants)
    constants.push_back(llvm::json::Object{{"name", name},
                                           {"type", lathe::name(array.type)},
                                           {"sizes", llvm::json::Array(array.sizes)}});
  return llvm::json::Object{
      {"name", kernel.semantics.name}, {"text", kernel.text}, {"constants", std::move(constants)}};
}

ExitCode lathe::cli::runImport(Session &session, const Verb &verb, Words words) {
  std::string path, folder;
  Arguments arguments(session, verb);
  arguments.positional("FILE", path, "an .mlir file");
  arguments.text("--constants", folder, "DIR", "write the constants as DIR/NAME.npy");
  if (auto code = arguments.parse(words))
    return *code;
  std::string why;
  std::optional<unsigned> text = session.sources.read(path, why);
  if (!text)
    session.diagnostics.report(Message::FileUnreadable, Place{}, path, why);
  std::optional<KernelFile> file = text ? importMlir(*text, session.diagnostics) : std::nullopt;
  if (!file || (!folder.empty() && !writeConstants(session, *file, folder)))
    return exitCodeOf(session.diagnostics);
  llvm::json::Array kernels;
  for (const KernelFile::Entry &kernel : file->kernels) {
    kernels.push_back(entryToJson(kernel));
    if (!session.json)
      session.out << (&kernel == &file->kernels.front() ? "" : "\n") << kernel.text;
  }
  session.result["kernels"] = std::move(kernels);
  return exitCodeOf(session.diagnostics);
}
