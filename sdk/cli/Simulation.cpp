#include "sdk/cli/Simulation.h"

using namespace lathe;
using namespace lathe::cli;

std::unique_ptr<Jit> lathe::cli::makeJit(Session &session) {
  const std::string &cache = session.environment.cacheFolder;
  auto jit = Jit::create(cache.empty() ? std::string() : cache + "/jit");
  if (jit)
    return std::move(*jit);
  session.diagnostics.report(Message::RunFailed, Place{}, "lathe", llvm::toString(jit.takeError()));
  return nullptr;
}

RtlRunOptions lathe::cli::rtlOptions(Session &session, Progress &progress) {
  RtlRunOptions options;
  options.cache.directory = session.environment.cacheFolder;
  options.cache.progress = [&progress](llvm::StringRef what) { progress.update(0, what); };
  return options;
}

// A program's symbol as the tensor that it was compiled from.
static Tensor tensorOf(const Symbol &symbol) {
  Tensor tensor;
  tensor.name = symbol.name;
  tensor.type = symbol.type;
  tensor.sizes = symbol.sizes;
  tensor.role = Role::Input;
  return tensor;
}

static std::string shapeOf(llvm::ArrayRef<int64_t> sizes) {
  std::string text;
  for (int64_t size : sizes)
    text += (text.empty() ? "" : ",") + std::to_string(size);
  return text;
}

static bool checkShape(Session &session, const Symbol &symbol, const Array &array) {
  if (array.sizes == symbol.sizes)
    return true;
  session.diagnostics.report(Message::ArrayShapeDiffers, Place{}, symbol.name, shapeOf(array.sizes),
                             shapeOf(symbol.sizes));
  return false;
}

std::optional<BuiltModel> lathe::cli::rtlModel(Session &session, const Target &target,
                                               bool optimize, Diagnostics &diagnostics) {
  Progress progress(session, optimize ? "building the RTL model"
                                      : "building the RTL for a second simulator");
  ModelSpec spec = modelSpec(target, /*trace=*/false);
  spec.optimize = optimize;
  return ModelCache(rtlOptions(session, progress).cache).get(spec, diagnostics);
}

std::optional<Arrays> lathe::cli::programInputs(Session &session, const Program &program,
                                                const KernelArguments &arguments) {
  Arrays arrays;
  for (const std::string &word : arguments.inputs) {
    auto binding = splitBinding(session, "--in", word, "NAME=FILE.npy");
    const Symbol *symbol = binding ? program.find(binding->first) : nullptr;
    if (binding && (!symbol || symbol->kind != Symbol::Kind::Input)) {
      session.diagnostics.report(Message::NoSuchTensor, Place{}, program.kernel, "parameter",
                                 binding->first, "'lathe disasm' shows them");
      return std::nullopt;
    }
    std::optional<Array> array =
        symbol ? readNpy(binding->second, symbol->type, session.diagnostics) : std::nullopt;
    if (!array || !checkShape(session, *symbol, *array))
      return std::nullopt;
    arrays[symbol->name] = std::move(*array);
  }
  for (const Symbol &symbol : program.symbols) {
    if (symbol.kind != Symbol::Kind::Input || arrays.count(symbol.name))
      continue;
    if (!arguments.seed) {
      session.diagnostics.report(Message::MissingInput, Place{}, symbol.name);
      return std::nullopt;
    }
    arrays[symbol.name] = randomArray(tensorOf(symbol), static_cast<uint64_t>(*arguments.seed));
  }
  return arrays;
}

std::string lathe::cli::outputNames(const Arrays &arrays) {
  std::string names;
  for (const auto &[name, array] : arrays)
    names += (names.empty() ? "'" : ", '") + name + "'";
  return names;
}
