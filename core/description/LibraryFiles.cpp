#include "core/description/LibraryFiles.h"

#include "core/description/Files.h"
#include "core/semantics/Parser.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <set>

using namespace lathe;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// Names of the files in `folder` that are of entries, without their endings.
static std::set<std::string> entryNames(StringRef folder) {
  std::set<std::string> names;
  std::error_code error;
  for (fs::directory_iterator file(folder, error), end; file != end && !error;
       file.increment(error))
    if (StringRef name = path::filename(file->path());
        name.ends_with(".lathe") || name.ends_with(".lasm"))
      names.insert(path::stem(name).str());
  return names;
}

static std::optional<LibraryEntry> readEntry(StringRef stem, StringRef name,
                                             Diagnostics &diagnostics) {
  LibraryEntry entry;
  entry.name = name.str();
  entry.path = stem.str() + ".lasm";
  bool isWhole = true;
  for (StringRef ending : {".lathe", ".lasm"})
    if (!fs::exists(stem + ending)) {
      StringRef present = ending == ".lasm" ? ".lathe" : ".lasm";
      diagnostics.report(Message::LibraryPartner,
                         diagnostics.sourceTexts().wholeFile(stem.str() + present.str()), name,
                         name.str() + ending.str());
      isWhole = false;
    }
  if (!isWhole)
    return std::nullopt;
  std::optional<unsigned> kernelFile = readDescription(stem.str() + ".lathe", {}, diagnostics);
  std::optional<unsigned> program = readDescription(entry.path, {}, diagnostics);
  if (!kernelFile || !program)
    return std::nullopt;
  entry.assembly = diagnostics.sourceTexts().text(*program).str();
  auto kernels = parseKernels(*kernelFile, diagnostics);
  if (!kernels)
    return std::nullopt;
  if (kernels->size() != 1) {
    diagnostics.report(Message::LibraryKernels, kernels->at(1).loc, kernels->size());
    return std::nullopt;
  }
  entry.kernel = std::move(kernels->front());
  return entry;
}

std::vector<LibraryEntry> lathe::readLibrary(StringRef folder, Diagnostics &diagnostics) {
  std::vector<LibraryEntry> library;
  std::string base = folder.str() + "/library";
  for (const std::string &name : entryNames(base))
    if (auto entry = readEntry(base + "/" + name, name, diagnostics))
      library.push_back(std::move(*entry));
  return library;
}
