#include "core/target/Target.h"

using namespace lathe;

unsigned Argument::width() const {
  unsigned bits = 0;
  for (const BitRun &run : runs)
    bits = std::max(bits, run.valueLsb + run.width);
  return bits;
}

std::optional<unsigned> Intrinsic::findArgument(llvm::StringRef name) const {
  for (unsigned i = 0; i < arguments.size(); ++i)
    if (arguments[i].name == name)
      return i;
  return std::nullopt;
}

const TileOperand *Intrinsic::tileOfTensor(unsigned tensor) const {
  for (const TileOperand &tile : tiles)
    if (tile.tensor == tensor)
      return &tile;
  return nullptr;
}

template <typename Range>
static std::optional<unsigned> findByName(const Range &range, llvm::StringRef name) {
  for (unsigned i = 0; i < range.size(); ++i)
    if (range[i].name == name)
      return i;
  return std::nullopt;
}

std::optional<unsigned> Target::findSpace(llvm::StringRef name) const {
  return findByName(spaces, name);
}
std::optional<unsigned> Target::findState(llvm::StringRef name) const {
  return findByName(states, name);
}
std::optional<unsigned> Target::findIntrinsic(llvm::StringRef name) const {
  return findByName(intrinsics, name);
}
