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

// The immediate that an expression is, in a type that holds all of its values.
static std::optional<unsigned> immediateOf(const Expr &value, const Intrinsic &intrinsic) {
  if (value.op == Op::Convert && value.type.isInteger()) {
    auto argument = immediateOf(*value.operands[0], intrinsic);
    bool isKept = argument && intrinsic.arguments[*argument].min >= value.type.min() &&
                  intrinsic.arguments[*argument].max <= value.type.max();
    return isKept ? argument : std::nullopt;
  }
  return value.op == Op::Load ? intrinsic.findArgument(intrinsic.semantics.tensors[value.id].name)
                              : std::nullopt;
}

std::vector<std::pair<unsigned, unsigned>> lathe::stateAssignments(const Target &target,
                                                                   const Intrinsic &intrinsic) {
  std::vector<std::pair<unsigned, unsigned>> assignments;
  for (const Statement &statement : intrinsic.semantics.statements) {
    const Tensor &tensor = intrinsic.semantics.tensors[statement.tensor];
    auto state = target.findState(tensor.name);
    auto argument = immediateOf(*statement.value, intrinsic);
    if (tensor.role == Role::State && state && argument)
      assignments.push_back({*state, *argument});
  }
  return assignments;
}
