#include "sdk/run/HostImage.h"

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <cstdlib>
#include <cstring>

using namespace lathe;

// A multiple of every memory beat, so that the last beat of the image is whole.
static constexpr size_t kAlignment = 4096;

void HostImage::Free::operator()(uint8_t *memory) const { std::free(memory); }

HostImage::HostImage(const Program &program)
    : program(program), size(std::max(kAlignment, llvm::alignTo(program.imageBytes, kAlignment))),
      memory(static_cast<uint8_t *>(std::aligned_alloc(kAlignment, size))) {
  std::memset(memory.get(), 0, size);
}

std::optional<std::string> HostImage::load(const Arrays &inputs) {
  for (const Symbol &symbol : program.symbols) {
    if (symbol.kind == Symbol::Kind::Constant)
      std::copy(symbol.data.begin(), symbol.data.end(), at(symbol));
    if (symbol.kind != Symbol::Kind::Input)
      continue;
    auto found = inputs.find(symbol.name);
    if (found == inputs.end())
      return llvm::formatv("no array for '{0}'", symbol.name).str();
    const std::vector<uint8_t> &bytes = found->second.bytes;
    if (bytes.size() != symbol.bytes())
      return llvm::formatv("the array for '{0}' has {1} bytes, the program takes {2}", symbol.name,
                           bytes.size(), symbol.bytes())
          .str();
    std::copy(bytes.begin(), bytes.end(), at(symbol));
  }
  return std::nullopt;
}

Array HostImage::read(const Symbol &symbol) const {
  const uint8_t *begin = memory.get() + symbol.address;
  return {symbol.type, symbol.sizes, {begin, begin + symbol.bytes()}};
}

Arrays HostImage::outputs() const {
  Arrays arrays;
  for (const Symbol &symbol : program.symbols)
    if (symbol.kind == Symbol::Kind::Output)
      arrays[symbol.name] = read(symbol);
  return arrays;
}
