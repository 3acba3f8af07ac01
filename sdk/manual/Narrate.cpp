#include "sdk/manual/Narrate.h"

#include "sdk/manual/Chapters.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using namespace lathe::manual;
using llvm::formatv;

// The largest extent with which a tile that it sizes alone stays inside its space.
static int64_t largestExtent(const Target &target, const Intrinsic &intrinsic, unsigned argument) {
  int64_t largest = intrinsic.arguments[argument].max;
  for (const TileOperand &tile : intrinsic.tiles) {
    const Space &space = target.spaces[tile.space];
    for (size_t i = 0; !space.isHost && i + space.row.size() < tile.shape.size(); ++i)
      if (tile.shape[i].argument == argument)
        largest = std::min(largest, space.addresses);
  }
  return std::max(largest, intrinsic.arguments[argument].min);
}

static bool isStep(const Intrinsic &intrinsic, unsigned argument) {
  return llvm::any_of(intrinsic.tiles, [&](const TileOperand &tile) {
    return tile.step.kind == Step::Kind::Argument && tile.step.id == argument;
  });
}

std::vector<int64_t> lathe::manual::exampleValues(const Target &target,
                                                  const Intrinsic &intrinsic) {
  std::vector<int64_t> values;
  for (unsigned i = 0; i < intrinsic.arguments.size(); ++i) {
    const Argument &it = intrinsic.arguments[i];
    values.push_back(it.kind == Argument::Kind::Extent
                         ? largestExtent(target, intrinsic, i)
                         : std::clamp<int64_t>(isStep(intrinsic, i), it.min, it.max));
  }
  return values;
}

static std::vector<int64_t> shapeOf(const TileOperand &tile, llvm::ArrayRef<int64_t> values) {
  std::vector<int64_t> shape;
  for (const Dimension &dimension : tile.shape)
    shape.push_back(dimension.argument ? values[*dimension.argument] : dimension.size);
  return shape;
}

// Addresses between a tile's first and last one, where that is known.
static std::optional<int64_t> reach(const Target &target, const TileOperand &tile,
                                    llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> values) {
  size_t inRow = target.spaces[tile.space].row.size();
  int64_t count = 1;
  for (size_t i = 0; i + inRow < shape.size(); ++i)
    count *= shape[i];
  if (tile.step.kind == Step::Kind::State)
    return std::nullopt;
  return (count - 1) * (tile.step.kind == Step::Kind::Argument ? values[tile.step.id] : 1);
}

static std::string placeOf(const Target &target, const TileOperand &tile,
                           llvm::ArrayRef<int64_t> values, const SymbolTable &symbols) {
  int64_t address = values[tile.argument];
  std::vector<int64_t> shape = shapeOf(tile, values);
  auto sizes = llvm::map_range(shape, [](int64_t size) { return std::to_string(size); });
  std::string what = llvm::join(sizes, " x ") + " " + name(tile.element);
  if (tile.space != kHostSpace) {
    std::optional<int64_t> last = reach(target, tile, shape, values);
    std::string range = std::to_string(address);
    if (last && *last > 0)
      range += " to " + std::to_string(address + *last);
    return code(target.spaces[tile.space].name) + " " + range;
  }
  const Symbol *symbol = symbols.holding(static_cast<uint64_t>(address));
  if (!symbol)
    return formatv("host {0:x} ({1})", address, what).str();
  uint64_t offset = static_cast<uint64_t>(address) - symbol->address;
  return code(symbol->name) + (offset ? formatv(" + {0} bytes", offset).str() : "") + " (" + what +
         ")";
}

std::string lathe::manual::narrate(const Target &target, unsigned intrinsic,
                                   llvm::ArrayRef<int64_t> values, const SymbolTable &symbols) {
  const Intrinsic &it = target.intrinsics[intrinsic];
  std::vector<std::string> written, read;
  for (const auto &[state, argument] : stateAssignments(target, it))
    written.push_back(code(target.states[state].name) + " becomes " +
                      std::to_string(values[argument]));
  for (const TileOperand &tile : it.tiles) {
    if (tile.written)
      written.push_back(placeOf(target, tile, values, symbols));
    if (tile.read)
      read.push_back(placeOf(target, tile, values, symbols));
  }
  std::string text = llvm::join(written, ", ");
  return read.empty() ? text : text + " from " + llvm::join(read, ", ");
}
