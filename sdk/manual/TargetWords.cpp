#include "sdk/manual/TargetWords.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::formatv;

std::string lathe::grouped(int64_t number) {
  std::string digits = std::to_string(number);
  size_t first = digits[0] == '-';
  for (size_t at = digits.size(); at > first + 3;)
    digits.insert(at -= 3, ",");
  return digits;
}

std::string lathe::humanBytes(uint64_t bytes) {
  static constexpr const char *kUnits[] = {"B", "KiB", "MiB", "GiB"};
  double value = static_cast<double>(bytes);
  unsigned unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit)
    value /= 1024;
  if (value == static_cast<double>(static_cast<int64_t>(value)))
    return llvm::formatv("{0} {1}", static_cast<int64_t>(value), kUnits[unit]).str();
  return llvm::formatv("{0:F1} {1}", value, kUnits[unit]).str();
}

std::string lathe::rowText(const Space &space) {
  std::string row = space.isHost ? "byte" : name(space.element);
  for (int64_t size : space.row)
    row += " x " + std::to_string(size);
  return row;
}

std::string lathe::shapeText(const TileOperand &tile, const Intrinsic &intrinsic) {
  std::string text;
  for (const Dimension &dimension : tile.shape)
    text += (text.empty() ? "" : ",") + (dimension.argument
                                             ? intrinsic.arguments[*dimension.argument].name
                                             : std::to_string(dimension.size));
  return name(tile.element) + "[" + text + "]";
}

const TileOperand *lathe::tileAt(const Intrinsic &intrinsic, unsigned argument) {
  auto found = llvm::find_if(intrinsic.tiles,
                             [&](const TileOperand &tile) { return tile.argument == argument; });
  return found == intrinsic.tiles.end() ? nullptr : &*found;
}

std::string lathe::operandText(const Intrinsic &intrinsic, unsigned argument,
                               const Target &target) {
  switch (intrinsic.arguments[argument].kind) {
  case Argument::Kind::Extent:
    return "extent";
  case Argument::Kind::Immediate:
    return "immediate " + name(intrinsic.arguments[argument].type);
  case Argument::Kind::Address:
    break;
  }
  const TileOperand *tile = tileAt(intrinsic, argument);
  return tile ? target.spaces[tile->space].name + " " + shapeText(*tile, intrinsic) : "address";
}

std::string lathe::bitsText(const Argument &argument) {
  std::string text;
  for (const BitRun &run : llvm::reverse(argument.runs))
    text += formatv("{0}{1}-{2}", text.empty() ? "" : ", ", run.lsb + run.width - 1, run.lsb).str();
  return text + (argument.minusOne ? " (value - 1)" : "");
}

std::string lathe::cyclesText(const CycleCount &count, const Intrinsic &intrinsic) {
  std::string text = count.base != 0 || count.terms.empty() ? std::to_string(count.base) : "";
  for (auto [argument, factor] : count.terms)
    text += (text.empty() ? "" : " + ") + (factor == 1 ? "" : std::to_string(factor) + " * ") +
            intrinsic.arguments[argument].name;
  return text;
}

std::string lathe::pipeText(const Intrinsic &intrinsic, const Target &target) {
  const Unit &unit = target.units[intrinsic.unit];
  return unit.name + (unit.pipes.size() > 1 ? "." + unit.pipes[intrinsic.pipe] : "");
}
