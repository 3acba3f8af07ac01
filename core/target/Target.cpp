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

// The load of a statement that copies `from` to `to`, element by element with the same subscripts.
static bool copiesInPlace(const Intrinsic &intrinsic, const TileOperand &from,
                          const TileOperand &to) {
  if (intrinsic.semantics.statements.size() != 1)
    return false;
  const Statement &statement = intrinsic.semantics.statements[0];
  const Expr &value = *statement.value;
  if (statement.assign != Assign::Set || !statement.conditions.empty() || value.op != Op::Load ||
      intrinsic.tileOfTensor(statement.tensor) != &to ||
      intrinsic.tileOfTensor(value.id) != &from ||
      value.operands.size() != statement.subscripts.size())
    return false;
  for (unsigned d = 0; d < value.operands.size(); ++d)
    if (value.operands[d]->op != Op::Loop || statement.subscripts[d]->op != Op::Loop ||
        value.operands[d]->id != statement.subscripts[d]->id)
      return false;
  return from.element == to.element;
}

bool lathe::isCollected(const PortBinding &binding, const Intrinsic &intrinsic) {
  if (binding.host || !binding.resultSpace || intrinsic.tiles.size() != 2 ||
      !intrinsic.writes.empty())
    return false;
  const TileOperand &a = intrinsic.tiles[0], &b = intrinsic.tiles[1];
  const TileOperand &host = a.space == kHostSpace ? a : b, &onChip = a.space == kHostSpace ? b : a;
  return !host.layout && host.space == kHostSpace && host.written &&
         onChip.space == *binding.resultSpace && copiesInPlace(intrinsic, onChip, host);
}

bool lathe::isMove(const PortBinding &binding, const Target &target, const Intrinsic &intrinsic) {
  if (binding.host || intrinsic.tiles.size() != 2 || !intrinsic.writes.empty() ||
      isCollected(binding, intrinsic))
    return false;
  const TileOperand &a = intrinsic.tiles[0], &b = intrinsic.tiles[1];
  const TileOperand &host = a.space == kHostSpace ? a : b, &onChip = a.space == kHostSpace ? b : a;
  if (host.space != kHostSpace || onChip.space == kHostSpace ||
      !binding.spaces.count(onChip.space) ||
      onChip.shape.size() > target.spaces[onChip.space].row.size() + 1 ||
      onChip.step.kind != Step::Kind::Fixed || onChip.step.amount != 1 || host.layout)
    return false;
  return host.written ? copiesInPlace(intrinsic, onChip, host)
                      : copiesInPlace(intrinsic, host, onChip);
}
