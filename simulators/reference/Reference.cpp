#include "simulators/reference/Reference.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

static std::string shapeText(ElementType type, llvm::ArrayRef<int64_t> sizes) {
  std::string text = name(type);
  if (sizes.empty())
    return text;
  return text + "[" +
         llvm::join(llvm::map_range(sizes, [](int64_t n) { return std::to_string(n); }), ",") + "]";
}

static std::optional<std::string> checkShape(const Tensor &tensor, const Array &array) {
  if (array.type == tensor.type && array.sizes == tensor.sizes)
    return std::nullopt;
  return llvm::formatv("'{0}' is {1}, not {2}", tensor.name, shapeText(tensor.type, tensor.sizes),
                       shapeText(array.type, array.sizes))
      .str();
}

/// The array of a tensor: given, or zeros for what the statements define.
static std::optional<std::string> provide(const Tensor &tensor, Arrays &arrays) {
  auto known = arrays.find(tensor.name);
  if (known != arrays.end())
    return checkShape(tensor, known->second);
  if (tensor.role != Role::Output && tensor.role != Role::Temporary)
    return "no array is given for '" + tensor.name + "'";
  arrays.emplace(tensor.name, Array::zeros(tensor.type, tensor.sizes));
  return std::nullopt;
}

std::optional<std::string> lathe::evaluate(const Semantics &bound, Arrays &arrays, Jit &jit) {
  std::vector<void *> bases;
  for (const Tensor &tensor : bound.tensors) {
    if (auto problem = provide(tensor, arrays))
      return problem;
    bases.push_back(arrays.at(tensor.name).bytes.data());
  }
  auto function = jit.compile(bound);
  if (!function)
    return llvm::toString(function.takeError());
  return (*function)(bases.data());
}
