#include "sdk/cli/AssemblyFile.h"

#include "core/kernel/KernelFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

bool lathe::cli::isAssemblyFile(StringRef path) { return path.ends_with(".lasm"); }

static std::string besideFile(StringRef file, StringRef relative) {
  llvm::SmallString<128> full;
  if (!llvm::sys::path::is_absolute(relative))
    full = llvm::sys::path::parent_path(file);
  llvm::sys::path::append(full, relative);
  return full.str().str();
}

/// The kernel that a `kernel` line means.
static std::optional<Semantics> namedKernel(StringRef path, StringRef name, llvm::SMLoc line,
                                            Diagnostics &diagnostics) {
  std::optional<KernelFile> file = readKernelFile(path, diagnostics);
  if (!file)
    return std::nullopt;
  std::string names;
  for (KernelFile::Entry &kernel : file->kernels) {
    if (kernel.semantics.name == name || (name.empty() && file->kernels.size() == 1))
      return std::move(kernel.semantics);
    names += (names.empty() ? "'" : ", '") + kernel.semantics.name + "'";
  }
  if (name.empty())
    diagnostics.report(Message::ProgramSeveralKernels, line, path, names);
  else
    diagnostics.report(Message::NoSuchKernel, line, path, name, names);
  return std::nullopt;
}

std::optional<Assembled>
lathe::cli::loadAssembly(Session &session, const KernelArguments &arguments, const Target &target) {
  const std::string &path = arguments.path;
  Diagnostics &diagnostics = session.diagnostics;
  AssembleOptions options;
  if (!readSizes(session, arguments, options.sizes))
    return std::nullopt;
  options.kernel = [&](StringRef file, StringRef name, llvm::SMLoc line) {
    return namedKernel(besideFile(path, file), name, line, diagnostics);
  };
  std::string why;
  std::optional<unsigned> file = session.sources.read(path, why);
  if (file)
    return assemble(*file, target, options, diagnostics);
  diagnostics.report(Message::FileUnreadable, Place{}, path, why);
  return std::nullopt;
}
