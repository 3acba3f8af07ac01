// How elements lie in memory: the layouts of operands and of memories on chip.
#include "core/description/SourceString.h"
#include "core/description/TargetBuilder.h"
#include "core/semantics/Reporter.h"

using namespace lathe;
using llvm::StringRef;

/// Reads `text`, the value of `field` of `record`, where it stands; or in a buffer of its own when
/// it was put together there.
static std::optional<Layout> readAt(TargetBuild &build, const IsaRecord &record, StringRef field,
                                    StringRef text, const LayoutScope &scope) {
  Sources &sources = build.diagnostics.sourceTexts();
  llvm::SMLoc loc = record.at(field);
  unsigned file = sources.fileOf(loc).value_or(build.isa.file);
  StringRef whole = sources.text(file);
  if (auto offset = SourceString(whole, loc.getPointer() - whole.data(), text).verbatim()) {
    Reporter reporter(build.diagnostics);
    return readLayout(whole.substr(*offset, text.size()), scope, reporter);
  }
  unsigned joined = sources.add((record.name + "." + field).str(), text);
  Reporter reporter(build.diagnostics, loc, "'" + record.name + "' reads this");
  return readLayout(sources.text(joined), scope, reporter);
}

static const IsaOperand *operandNamed(const IsaIntrinsic &from, StringRef name) {
  auto found =
      llvm::find_if(from.operands, [&](const IsaOperand &operand) { return operand.name == name; });
  return found == from.operands.end() ? nullptr : &*found;
}

static void buildLayout(TargetBuild &build, const IsaIntrinsic &from, const IsaLayout &layout,
                        TileOperand &tile, bool isKnown) {
  LayoutScope scope;
  scope.name = tile.name;
  scope.element = tile.element;
  for (const Dimension &dimension : tile.shape)
    scope.sizes.push_back(dimension.size);
  scope.stepped = tile.step.kind != Step::Kind::Fixed;
  // Without semantics, which is a mistake of its own, nothing is known to be written.
  scope.written = tile.written || !isKnown;
  scope.parameters = build.target.parameters;
  tile.layout = readAt(build, from, "Layouts", *layout.text, scope);
  if (tile.layout && tile.layout->rowBytes)
    tile.step.amount = *tile.layout->rowBytes;
}

void lathe::buildLayouts(TargetBuild &build, const IsaIntrinsic &from, Intrinsic &to) {
  std::set<std::string> given;
  for (const IsaLayout &layout : from.layouts) {
    const IsaOperand *operand = operandNamed(from, layout.operand);
    auto tile = llvm::find_if(to.tiles,
                              [&](const TileOperand &tile) { return tile.name == layout.operand; });
    if (tile == to.tiles.end() || tile->space != kHostSpace)
      build.diagnostics.report(Message::IsaLayoutOperand,
                               operand ? operand->loc : from.at("Layouts"), from.name,
                               layout.operand);
    else if (!layout.text)
      build.diagnostics.report(Message::IsaLayoutText, from.at("Layouts"), from.name);
    else if (!given.insert(layout.operand).second)
      build.diagnostics.report(Message::IsaLayoutTwice, operand->loc, from.name, layout.operand);
    else
      buildLayout(build, from, layout, *tile, !to.semantics.statements.empty());
  }
}

void lathe::buildSpaceLayouts(TargetBuild &build) {
  for (unsigned i = 0; i < build.target.spaces.size(); ++i) {
    Space &space = build.target.spaces[i];
    const IsaSpace &from = build.isaSpace(i);
    if (space.isHost || from.layout.empty())
      continue;
    LayoutScope scope;
    scope.name = space.name;
    scope.element = space.element;
    scope.sizes = space.row;
    scope.parameters = build.target.parameters;
    space.layout = readAt(build, from, "Layout", from.layout, scope);
  }
}
