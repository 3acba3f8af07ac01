#include "core/schedule/NestEmitter.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

static int64_t rowsOfHop(const Rule &hop) { return hop.loops[hop.sources[0].loops[0]].max; }

void lathe::completeViews(Nest &nest, const Rules &rules) {
  for (StagedInput &input : nest.inputs) {
    if (!input.addressedLoop)
      continue;
    bool walked = llvm::any_of(input.view.coordinates, [&](const Coordinate &coordinate) {
      return llvm::any_of(coordinate.terms,
                          [&](const auto &term) { return term.first == *input.addressedLoop; });
    });
    bool repeats = input.view.splat && input.hop;
    if (!walked)
      input.view.coordinates.push_back(
          {0, {{*input.addressedLoop, 1}}, repeats ? rowsOfHop(rules.rules[*input.hop]) : 0});
  }
}

void Tally::add(const OpList &ops, size_t first, size_t last, const Target &target) {
  for (size_t i = first; i < last; ++i) {
    size_t count = target.intrinsics[ops.intrinsics[i]].arguments.size();
    add(ops.intrinsics[i], llvm::ArrayRef(ops.values).slice(ops.valuesAt[i], count), target);
  }
}

void Tally::add(unsigned intrinsic, llvm::ArrayRef<int64_t> values, const Target &target) {
  ++calls[intrinsic];
  for (const TileOperand &tile : target.intrinsics[intrinsic].tiles) {
    if (!target.spaces[tile.space].isHost)
      continue;
    int64_t bytes = tile.element.bytes();
    for (const Dimension &dimension : tile.shape)
      bytes *= dimension.argument ? values[*dimension.argument] : dimension.size;
    hostBytes += bytes;
  }
}

void lathe::emitNest(const Nest &nest, const Tiling &tiling, const Rules &rules,
                     const Target &target, SymbolAddresses &symbols, OpList &ops) {
  ops.reserve(tiling.cost.commands + tiling.cost.commands / 16);
  HopSpaces hops;
  NestEmitter(nest, tiling, {}, 0, rules, target, symbols, hops, ops).run();
}
