// Operands, tiles and steps of each intrinsic.
#include "core/description/TargetBuilder.h"
#include "llvm/ADT/StringExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {

class IntrinsicBuilder {
public:
  IntrinsicBuilder(TargetBuild &build, const IsaIntrinsic &from) : build(build), from(from) {}

  void add() {
    to.name = from.name;
    to.summary = from.summary;
    to.semanticsText = from.semantics;
    setUnit();
    checkOperandNames();
    bool named = hasDistinctOperands();
    for (const IsaOperand &operand : from.operands)
      if (!addressOwner(operand))
        addArgument(operand);
    for (const IsaOperand &operand : from.operands)
      if (operand.kind == IsaOperand::Kind::Tile)
        addTile(operand);
    setSteps();
    setMinusOne();
    unsigned errorsBefore = build.diagnostics.errorCount();
    if (named)
      buildEncoding(build, from, to);
    setDefaults(); // the encoding narrows what an argument takes
    if (valid && build.diagnostics.errorCount() == errorsBefore)
      buildSemantics(build, from, to);
    buildLayouts(build, from, to);
    build.target.intrinsics.push_back(std::move(to));
  }

private:
  void setUnit() {
    for (unsigned i = 0; i < build.isa.units.size(); ++i)
      if (build.isa.units[i].name == from.unit)
        to.unit = i;
    std::vector<std::string> &pipes = build.target.units[to.unit].pipes;
    auto found = llvm::find(pipes, from.pipe);
    to.pipe = found - pipes.begin();
    if (found == pipes.end())
      pipes.push_back(from.pipe);
  }

  // Operands share one scope with states and parameters in the semantics.
  void checkOperandNames() {
    for (const IsaOperand &operand : from.operands) {
      for (const IsaState &state : build.isa.states)
        if (state.name == operand.name)
          reportHidden(operand, "state", state);
      for (const IsaParam &param : build.isa.params)
        if (param.name == operand.name)
          reportHidden(operand, "parameter", param);
    }
  }

  bool hasDistinctOperands() {
    std::set<std::string> names;
    bool distinct = true;
    for (const IsaOperand &operand : from.operands) {
      if (names.insert(operand.name).second)
        continue;
      distinct = valid = false;
      build.diagnostics.report(Message::IsaOperandTwice, operand.loc, from.name, operand.name);
    }
    return distinct;
  }

  void reportHidden(const IsaOperand &operand, StringRef what, const IsaRecord &hidden) {
    valid = false;
    Diagnostic &diagnostic = build.diagnostics.report(Message::IsaOperandHides, operand.loc,
                                                      from.name, operand.name, what);
    build.diagnostics.note(diagnostic, hidden.loc, "declared here");
  }

  ElementType element(const IsaOperand &operand) {
    return build.elementOf(operand.element, operand.loc, ElementType::integer(32));
  }

  // The tile on chip that `operand` shares an address with. One that names nothing of that kind
  // needs a field of its own, and gets told so.
  const IsaOperand *addressOwner(const IsaOperand &operand) const {
    const IsaOperand *owner = operand.at.empty() ? nullptr : operandNamed(operand.at);
    bool bothOnChip = owner && owner->kind == IsaOperand::Kind::Tile && owner->at.empty() &&
                      build.spaceOf(owner->space) != kHostSpace &&
                      build.spaceOf(operand.space) != kHostSpace;
    return bothOnChip ? owner : nullptr;
  }

  // Ranges of addresses and immediates also depend on the field: buildEncoding narrows them.
  void addArgument(const IsaOperand &operand) {
    Argument argument;
    argument.name = operand.name;
    switch (operand.kind) {
    case IsaOperand::Kind::Tile:
      argument.kind = Argument::Kind::Address;
      if (std::optional<unsigned> space = build.spaceOf(operand.space))
        argument.max = *space == kHostSpace ? INT64_MAX : lastAddress(*space);
      break;
    case IsaOperand::Kind::Extent:
      argument.kind = Argument::Kind::Extent;
      argument.min = operand.min;
      argument.max = build.valueOf(operand.max);
      checkExtent(operand, argument);
      break;
    case IsaOperand::Kind::Immediate:
      argument.kind = Argument::Kind::Immediate;
      argument.type = element(operand);
      checkImmediate(operand, argument);
      break;
    }
    to.arguments.push_back(std::move(argument));
  }

  int64_t lastAddress(unsigned space) const {
    return std::max<int64_t>(0, build.target.spaces[space].addresses - 1);
  }

  void checkExtent(const IsaOperand &operand, const Argument &argument) {
    if (argument.min >= 0 && argument.min <= argument.max)
      return;
    valid = false;
    build.diagnostics.report(Message::IsaExtentRange, operand.loc, from.name, operand.name,
                             argument.min, argument.max);
  }

  void checkImmediate(const IsaOperand &operand, Argument &argument) {
    if (!argument.type.isInteger()) {
      valid = false;
      build.diagnostics.report(Message::IsaImmediateType, operand.loc, from.name, operand.name,
                               operand.element);
      return;
    }
    argument.min = argument.type.min();
    bool unsigned64 = argument.type.bits == 64 && !argument.type.isSigned();
    argument.max = unsigned64 ? INT64_MAX : argument.type.max();
  }

  void addTile(const IsaOperand &operand) {
    TileOperand tile;
    tile.name = operand.name;
    const IsaOperand *owner = addressOwner(operand);
    tile.argument = *to.findArgument(owner ? owner->name : operand.name);
    tile.space = build.spaceOf(operand.space).value_or(kHostSpace);
    if (Argument &address = to.arguments[tile.argument]; owner)
      address.max = std::min(address.max, lastAddress(tile.space));
    tile.element = element(operand);
    for (StringRef size : operand.shape)
      tile.shape.push_back(dimension(operand, size));
    checkAgainstSpace(operand, tile);
    to.tiles.push_back(std::move(tile));
  }

  Dimension dimension(const IsaOperand &operand, StringRef size) {
    int64_t number = 0;
    if (!size.getAsInteger(10, number) && number >= 1)
      return {number, std::nullopt};
    if (std::optional<int64_t> value = build.parameter(size))
      return {*value, std::nullopt};
    std::optional<unsigned> argument = to.findArgument(size);
    if (argument && to.arguments[*argument].kind == Argument::Kind::Extent)
      return {to.arguments[*argument].max, argument};
    valid = false;
    build.diagnostics.report(Message::IsaDimension, operand.loc, from.name, operand.name, size,
                             suggest(size, dimensionNames()));
    return {1, std::nullopt};
  }

  std::vector<StringRef> dimensionNames() const {
    std::vector<StringRef> names;
    for (const Argument &argument : to.arguments)
      if (argument.kind == Argument::Kind::Extent)
        names.push_back(argument.name);
    for (const IsaParam &param : build.isa.params)
      names.push_back(param.name);
    return names;
  }

  void checkAgainstSpace(const IsaOperand &operand, const TileOperand &tile) {
    const Space &space = build.target.spaces[tile.space];
    if (space.isHost)
      return;
    const IsaSpace &declared = build.isaSpace(tile.space);
    if (!(tile.element == space.element)) {
      valid = false;
      Diagnostic &diagnostic =
          build.diagnostics.report(Message::IsaTileElement, operand.loc, from.name, operand.name,
                                   operand.element, declared.notation, declared.element);
      build.diagnostics.note(diagnostic, declared.loc, "the space is declared here");
    }
    if (endsWithRow(tile, space))
      return;
    valid = false;
    Diagnostic &diagnostic =
        build.diagnostics.report(Message::IsaTileRow, operand.loc, from.name, operand.name,
                                 shapeText(operand.shape), declared.notation, rowText(declared));
    build.diagnostics.note(diagnostic, declared.at("Row"), "the row is declared here");
  }

  static bool endsWithRow(const TileOperand &tile, const Space &space) {
    if (tile.shape.size() < space.row.size())
      return false;
    auto last = llvm::ArrayRef(tile.shape).take_back(space.row.size());
    for (unsigned i = 0; i < last.size(); ++i)
      if (last[i].argument || last[i].size != space.row[i])
        return false;
    return true;
  }

  static std::string shapeText(llvm::ArrayRef<std::string> shape) {
    return "[" + llvm::join(shape, ", ") + "]";
  }

  static std::string rowText(const IsaSpace &space) {
    std::vector<std::string> sizes;
    for (const IsaBound &size : space.row)
      sizes.push_back(size.param.empty() ? std::to_string(size.value) : size.param);
    return shapeText(sizes);
  }

  void setSteps() {
    for (const IsaStride &stride : from.strides)
      setStep(stride);
    for (unsigned i = 0; i < to.tiles.size(); ++i) {
      TileOperand &tile = to.tiles[i];
      bool hasLayout = llvm::any_of(
          from.layouts, [&](const IsaLayout &layout) { return layout.operand == tile.name; });
      bool needsStep = tile.space == kHostSpace && tile.shape.size() > 1 && !hasLayout;
      if (!needsStep || tile.step.kind != Step::Kind::Fixed)
        continue;
      valid = false;
      build.diagnostics.report(Message::IsaHostStride, operandNamed(tile.name)->loc, from.name,
                               tile.name);
    }
  }

  const IsaOperand *operandNamed(StringRef name) const {
    for (const IsaOperand &operand : from.operands)
      if (operand.name == name)
        return &operand;
    return nullptr;
  }

  void setStep(const IsaStride &stride) {
    auto tile = llvm::find_if(to.tiles,
                              [&](const TileOperand &tile) { return tile.name == stride.operand; });
    if (tile == to.tiles.end() ||
        tile->shape.size() <= build.target.spaces[tile->space].row.size()) {
      valid = false;
      build.diagnostics.report(Message::IsaStrideOperand, from.at("Strides"), from.name,
                               stride.operand);
      return;
    }
    std::optional<unsigned> id =
        stride.fromState ? build.target.findState(stride.source) : immediateNamed(stride.source);
    if (!id) {
      valid = false;
      build.diagnostics.report(Message::IsaStrideSource, from.at("Strides"), from.name,
                               stride.source, "");
      id = 0; // not valid, but given
    }
    tile->step.kind = stride.fromState ? Step::Kind::State : Step::Kind::Argument;
    tile->step.id = *id;
  }

  std::optional<unsigned> immediateNamed(StringRef name) const {
    std::optional<unsigned> argument = to.findArgument(name);
    if (argument && to.arguments[*argument].kind == Argument::Kind::Immediate)
      return argument;
    return std::nullopt;
  }

  void setMinusOne() {
    for (StringRef name : from.minusOne) {
      std::optional<unsigned> argument = to.findArgument(name);
      if (argument && to.arguments[*argument].kind == Argument::Kind::Extent &&
          to.arguments[*argument].min >= 1)
        to.arguments[*argument].minusOne = true;
      else
        build.diagnostics.report(Message::IsaMinusOne, from.at("MinusOne"), from.name, name);
    }
  }

  void setDefaults() {
    for (const auto &[name, value] : from.defaults) {
      std::optional<unsigned> argument = to.findArgument(name);
      if (!argument || !value) {
        build.diagnostics.report(Message::IsaDefault, from.at("Defaults"), from.name, name);
        continue;
      }
      Argument &of = to.arguments[*argument];
      of.defaultValue = build.valueOf(*value);
      if (*of.defaultValue < of.min || *of.defaultValue > of.max)
        build.diagnostics.report(Message::IsaDefaultRange, from.at("Defaults"), from.name, name,
                                 *of.defaultValue, of.min, of.max);
    }
  }

  TargetBuild &build;
  const IsaIntrinsic &from;
  Intrinsic to;
  bool valid = true; // the semantics can be read: every name of its scope is known
};

} // namespace

void lathe::buildIntrinsics(TargetBuild &build) {
  build.target.instructionWidth = 0;
  for (const IsaIntrinsic &from : build.isa.intrinsics)
    IntrinsicBuilder(build, from).add();
}
