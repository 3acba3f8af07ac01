#include "core/mapping/Keep.h"

#include "core/mapping/Pointwise.h"

#include "llvm/ADT/STLExtras.h"

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
      context.startsAtZero = rules.rules[*nest.contraction->accumulate].limits.has_value();
    }
    nest.inputs.resize(nest.contraction ? nest.contraction->inputs.size() : 0);
    nest.values.clear();
    nest.store = {};
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

/// Equal values, computed from equal inputs.
static bool sameValues(const Nest &a, const Nest &b) {
  if (a.values.size() != b.values.size() || a.inputs.size() != b.inputs.size())
    return false;
  for (auto [x, y] : llvm::zip(a.inputs, b.inputs))
    if (x.load != y.load || x.hop != y.hop || !x.source || !y.source ||
        !equal(*x.source, *y.source))
      return false;
  for (auto [x, y] : llvm::zip(a.values, b.values))
    if (x.kind != y.kind || x.input != y.input || x.operands != y.operands ||
        (x.kind == PointwiseValue::Kind::Compute &&
         (x.rule != y.rule || x.scalars != y.scalars || x.inPlace != y.inPlace)))
      return false;
  return true;
}

bool lathe::storeAsWell(Nest &keeping, const Nest &storing) {
  if (!sameValues(keeping, storing) || storing.result.packing)
    return false;
  keeping.hostStore = storing.store;
  return true;
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
