#include "sdk/cli/KernelArguments.h"

#include "core/kernel/KernelFile.h"
#include "core/semantics/Parser.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::StringRef;

void KernelArguments::declare(Arguments &arguments) {
  arguments.positional("KERNEL", path, "a .lathe or .mlir file");
  arguments.text("--kernel", kernel, "NAME", "which kernel of the file");
  arguments.texts("--size", sizes, "N=512", "a size that no array gives");
  arguments.texts("--in", inputs, "x=FILE.npy", "the array of a parameter");
  arguments.number("--seed", seed, 0,
                   "random values, corners often, for parameters without an array");
}

std::optional<std::pair<std::string, std::string>>
lathe::cli::splitBinding(Session &session, StringRef option, StringRef word, StringRef form) {
  auto [name, value] = word.split('=');
  if (!name.empty() && !value.empty())
    return std::pair(name.str(), value.str());
  session.diagnostics.report(Message::NotNameValue, Place{}, option, word, form);
  return std::nullopt;
}

static std::string quotedList(llvm::ArrayRef<std::string> names) {
  std::string text;
  for (const std::string &name : names)
    text += (text.empty() ? "'" : ", '") + name + "'";
  return text.empty() ? "none" : text;
}

static std::optional<KernelFile::Entry> pickKernel(Session &session,
                                                   const KernelArguments &arguments) {
  std::optional<KernelFile> file = readKernelFile(arguments.path, session.diagnostics);
  if (!file)
    return std::nullopt;
  std::vector<std::string> names;
  for (KernelFile::Entry &kernel : file->kernels) {
    const std::string &name = kernel.semantics.name;
    if (name == arguments.kernel || (arguments.kernel.empty() && file->kernels.size() == 1))
      return std::move(kernel);
    names.push_back(name);
  }
  if (arguments.kernel.empty())
    session.diagnostics.report(Message::SeveralKernels, Place{}, arguments.path, names.size(),
                               quotedList(names));
  else
    session.diagnostics.report(Message::NoSuchKernel, Place{}, arguments.path, arguments.kernel,
                               quotedList(names));
  return std::nullopt;
}

bool lathe::cli::readSizes(Session &session, const KernelArguments &arguments, Sizes &sizes) {
  for (const std::string &word : arguments.sizes) {
    auto binding = splitBinding(session, "--size", word, "NAME=NUMBER");
    if (!binding)
      return false;
    int64_t value = 0;
    if (StringRef(binding->second).getAsInteger(10, value)) {
      session.diagnostics.report(Message::NotNameValue, Place{}, "--size", word, "NAME=NUMBER");
      return false;
    }
    sizes.emplace_back(binding->first, value);
  }
  return true;
}

static const Tensor *findInput(Session &session, const Semantics &kernel, StringRef name) {
  std::vector<std::string> inputs;
  for (const Tensor &tensor : kernel.tensors) {
    if (tensor.role != Role::Input)
      continue;
    if (tensor.name == name)
      return &tensor;
    inputs.push_back(tensor.name);
  }
  session.diagnostics.report(Message::NoSuchTensor, Place{}, kernel.name, "parameter", name,
                             quotedList(inputs));
  return nullptr;
}

static bool readInputs(Session &session, const KernelArguments &arguments, const Semantics &kernel,
                       Arrays &arrays) {
  for (const std::string &word : arguments.inputs) {
    auto binding = splitBinding(session, "--in", word, "NAME=FILE.npy");
    const Tensor *tensor = binding ? findInput(session, kernel, binding->first) : nullptr;
    if (!tensor)
      return false;
    std::optional<Array> array = readNpy(binding->second, tensor->type, session.diagnostics);
    if (!array)
      return false;
    arrays[tensor->name] = std::move(*array);
  }
  return true;
}

// Every tensor of a kernel is held while it runs.
static bool fitsMemory(Session &session, const Semantics &kernel) {
  constexpr uint64_t kMiB = uint64_t(1) << 20;
  uint64_t bytes = 0;
  for (const Tensor &tensor : kernel.tensors) {
    uint64_t elements = 1; // at most 2^40: checked by bind()
    for (int64_t size : tensor.sizes)
      elements *= static_cast<uint64_t>(size);
    bytes += elements * static_cast<uint64_t>(tensor.type.bytes());
  }
  if (bytes <= session.environment.memoryBytes)
    return true;
  session.diagnostics.report(Message::MemoryShort, Place{}, kernel.name, bytes / kMiB,
                             session.environment.memoryBytes / kMiB);
  return false;
}

static bool fillInputs(Session &session, const KernelArguments &arguments, BoundKernel &bound) {
  bool complete = true;
  for (const Tensor &tensor : bound.semantics.tensors) {
    if (tensor.role != Role::Input || bound.inputs.count(tensor.name))
      continue;
    if (arguments.seed) {
      bound.inputs[tensor.name] = randomArray(tensor, static_cast<uint64_t>(*arguments.seed));
      continue;
    }
    session.diagnostics.report(Message::MissingInput, Place{}, tensor.name);
    complete = false;
  }
  return complete;
}

std::optional<BoundKernel> lathe::cli::loadKernel(Session &session,
                                                  const KernelArguments &arguments, bool forRun) {
  std::optional<KernelFile::Entry> kernel = pickKernel(session, arguments);
  Sizes sizes;
  BoundKernel result;
  if (!kernel)
    return std::nullopt;
  result.inputs = std::move(kernel->constants);
  if (!readSizes(session, arguments, sizes) ||
      !readInputs(session, arguments, kernel->semantics, result.inputs))
    return std::nullopt;
  std::vector<ArrayShape> shapes;
  for (const auto &[name, array] : result.inputs)
    shapes.push_back({name, array.sizes, array.type});
  std::optional<Semantics> bound =
      lathe::bind(kernel->semantics, sizes, shapes, session.diagnostics);
  if (!bound)
    return std::nullopt;
  result.semantics = std::move(*bound);
  if (forRun && !fitsMemory(session, result.semantics))
    return std::nullopt;
  if (forRun && !fillInputs(session, arguments, result))
    return std::nullopt;
  return result;
}
