#include "core/program/AssemblyHost.h"

#include "core/semantics/Compare.h"
#include "core/semantics/Parser.h"

using namespace lathe;
using llvm::SMLoc;
using llvm::StringRef;

/// A host step works on symbols, by name.
static void checkTensors(const Semantics &semantics, const AssemblyNames &names,
                         Diagnostics &diagnostics) {
  for (const Tensor &tensor : semantics.tensors) {
    const Symbol *symbol = names.findSymbol(tensor.name);
    if (tensor.role == Role::Temporary ||
        (symbol && symbol->type == tensor.type && symbol->sizes == tensor.sizes))
      continue;
    auto shown = [](ElementType type, llvm::ArrayRef<int64_t> sizes) {
      return name(type) + indexText(sizes);
    };
    diagnostics.report(Message::ProgramHostTensor, tensor.loc, tensor.name,
                       shown(tensor.type, tensor.sizes),
                       symbol ? "the symbol is " + shown(symbol->type, symbol->sizes)
                              : std::string("there is no such symbol"));
  }
}

// The notation's parser takes whole files: it gets a host block behind as many empty lines as stand
// above it, so that its lines and columns are ours.
std::optional<Semantics> lathe::parseHostStep(StringRef body, unsigned file,
                                              const AssemblyNames &names,
                                              Diagnostics &diagnostics) {
  Sources &sources = diagnostics.sourceTexts();
  size_t linesAbove =
      StringRef(sources.text(file).data(), body.data() - sources.text(file).data()).count('\n');
  unsigned view = sources.add(sources.name(file).str(), std::string(linesAbove, '\n') + body.str());
  auto kernels = parseKernels(view, diagnostics);
  if (!kernels)
    return std::nullopt;
  if (kernels->size() != 1) {
    diagnostics.report(Message::ProgramHostKernels, SMLoc::getFromPointer(body.data()),
                       kernels->size());
    return std::nullopt;
  }
  const Semantics &kernel = kernels->front();
  std::vector<std::pair<std::string, int64_t>> sizes;
  for (const Size &size : kernel.sizes)
    if (std::optional<int64_t> value = names.find(size.name))
      sizes.emplace_back(size.name, *value);
  auto bound = bind(kernel, sizes, {}, diagnostics);
  if (bound)
    checkTensors(*bound, names, diagnostics);
  return bound;
}
