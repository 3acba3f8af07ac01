#include "core/mapping/Keep.h"

#include "core/mapping/Pointwise.h"

using namespace lathe;

namespace {

/// The nest without what follows its contraction, and what is needed to cover that again.
class Uncovered {
public:
  Uncovered(const Semantics &kernel, const Group &group, const Mapping &mapping,
            const Target &target, const Rules &rules)
      : statement(mapping.mapped(group).statement), matches(target, rules),
        nest(mapping.nests.front()),
        context{kernel, statement, target, rules, matches, map, nest.rowLoop, nest.laneLoop} {
    bool several = false;
    map.loops = nest.loops;
    map.nestLoopOf.assign(statement.loops.size(), std::nullopt);
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      for (unsigned k : nest.loops[l].kernelLoops)
        map.nestLoopOf[k] = l;
    if (nest.contraction) {
      context.result = findReduction(*statement.value, several);
      context.resultSpace = nest.contraction->space;
    }
    nest.inputs.resize(nest.contraction ? nest.contraction->inputs.size() : 0);
    nest.values.clear();
    nest.storeOperands.clear();
    nest.storeScalars.clear();
  }

  const Statement &statement;
  MatchCache matches;
  LoopMap map;
  Nest nest;
  CoverContext context;
};

} // namespace

std::optional<Nest> lathe::keepingNest(const Semantics &kernel, const Group &group,
                                       const Mapping &mapping, unsigned space, const Target &target,
                                       const Rules &rules) {
  Uncovered again(kernel, group, mapping, target, rules);
  again.context.destination = space;
  std::string why;
  if (!coverPointwise(again.context, again.nest, why) || again.nest.result.packing)
    return std::nullopt;
  again.nest.place = ResultPlace::Kept;
  return std::move(again.nest);
}

std::optional<Nest> lathe::leavingNest(const Semantics &kernel, const Group &group,
                                       const Mapping &mapping, const Target &target,
                                       const Rules &rules) {
  Uncovered again(kernel, group, mapping, target, rules);
  if (!again.nest.contraction)
    return std::nullopt;
  const Rule &rule = rules.rules[*again.nest.contraction->accumulate];
  const TileOperand &result = target.intrinsics[rule.intrinsic].tiles[rule.destination.operand];
  if (again.statement.value->type != result.element ||
      !coverReduction(again.context, rule.destination, result, again.nest) ||
      again.nest.result.packing)
    return std::nullopt;
  again.nest.place = ResultPlace::Left;
  return std::move(again.nest);
}

std::optional<RowWalk> lathe::rowWalk(const HostView &view, const Nest &nest, int64_t rowElements) {
  if (view.packing || view.splat || !view.laneLoop || view.offset % rowElements != 0 ||
      nest.loops[*view.laneLoop].extent > rowElements)
    return std::nullopt;
  RowWalk walk{view.offset / rowElements, std::vector<int64_t>(nest.loops.size(), 0)};
  for (const Coordinate &coordinate : view.coordinates) {
    if (coordinate.stride % rowElements != 0)
      return std::nullopt;
    for (auto [loop, coefficient] : coordinate.terms)
      walk.steps[loop] += coordinate.stride / rowElements * coefficient;
  }
  return walk;
}
