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

void lathe::emitNest(const Nest &nest, const Tiling &tiling, const Rules &rules,
                     const Target &target, SymbolAddresses &symbols, OpList &ops) {
  ops.reserve(tiling.cost.commands + tiling.cost.commands / 16);
  HopSpaces hops;
  NestEmitter(nest, tiling, {}, 0, rules, target, symbols, hops, ops).run();
}
