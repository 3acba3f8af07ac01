#include "sdk/run/HostStep.h"

using namespace lathe;

std::optional<std::string> lathe::runHostStep(const ProgramStep &step, const Program &program,
                                              HostImage &image, Jit &jit) {
  llvm::Expected<JitFunction> function = jit.compile(*step.semantics);
  if (!function)
    return llvm::toString(function.takeError());
  std::vector<Array> temporaries;
  temporaries.reserve(step.semantics->tensors.size()); // addresses must stay
  std::vector<void *> bases;
  for (const Tensor &tensor : step.semantics->tensors) {
    if (const Symbol *symbol = program.find(tensor.name)) {
      bases.push_back(image.at(*symbol));
      continue;
    }
    temporaries.push_back(Array::zeros(tensor.type, tensor.sizes));
    bases.push_back(temporaries.back().bytes.data());
  }
  return (*function)(bases.data());
}
