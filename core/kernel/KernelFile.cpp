#include "core/kernel/KernelFile.h"

#include "core/semantics/Parser.h"

using namespace lathe;

std::optional<KernelFile> lathe::readKernelFile(llvm::StringRef path, Diagnostics &diagnostics,
                                                const MlirReaderOptions &options) {
  std::string why;
  std::optional<unsigned> file = diagnostics.sourceTexts().read(path, why);
  if (!file) {
    diagnostics.report(Message::FileUnreadable, Place{}, path, why);
    return std::nullopt;
  }
  if (path.ends_with(".mlir"))
    return importMlir(*file, diagnostics, options);
  auto kernels = parseKernels(*file, diagnostics);
  if (!kernels)
    return std::nullopt;
  KernelFile result;
  for (Semantics &kernel : *kernels)
    result.kernels.push_back({std::move(kernel), {}, {}});
  return result;
}
