#include "core/mapping/Mapping.h"

#include "core/mapping/Band.h"
#include "core/mapping/Contraction.h"
#include "core/mapping/Padding.h"
#include "core/mapping/Pointwise.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <set>

using namespace lathe;

namespace {

/// Maps a group without a reduction: rows and lanes are chosen from its loops.
class PointwiseMapper {
public:
  PointwiseMapper(const Semantics &kernel, const Group &group, const Target &target,
                  const Rules &rules, MatchCache &matches, std::vector<Mapping> &mappings,
                  std::vector<Refusal> &refusals)
      : kernel(kernel), statement(group.statement), target(target), rules(rules), matches(matches),
        mappings(mappings), refusals(refusals) {}

  void run() {
    collectAccesses(*statement.value);
    if (auto result = accessOf(statement, kernel))
      accesses.push_back(std::move(*result));
    std::vector<std::vector<unsigned>> runs = fusedRuns();
    // Lanes from the innermost run; rows from each of the others, or from the lanes' own run.
    size_t lanes = runs.size() - 1;
    for (size_t rows = 0; rows < runs.size(); ++rows)
      build(runs, rows, lanes);
  }

private:
  void collectAccesses(const Expr &expr) {
    if (expr.op == Op::Load) {
      if (auto access = accessOf(expr, kernel))
        accesses.push_back(std::move(*access));
      else
        unordered.push_back(&expr);
    }
    for (const ExprRef &operand : expr.operands)
      collectAccesses(*operand);
  }

  static bool mentions(const Expr &expr, unsigned loop) {
    return (expr.op == Op::Loop && expr.id == loop) ||
           llvm::any_of(expr.operands,
                        [&](const ExprRef &operand) { return mentions(*operand, loop); });
  }

  /// Neighbouring loops that every access walks with one stride belong together.
  std::vector<std::vector<unsigned>> fusedRuns() const {
    std::vector<std::vector<unsigned>> runs;
    for (unsigned l = 0; l < statement.loops.size(); ++l) {
      if (statement.loops[l].size == 1)
        continue;
      if (!runs.empty() && fusable(runs.back().back(), l))
        runs.back().push_back(l);
      else
        runs.push_back({l});
    }
    if (runs.empty())
      runs.push_back({});
    return runs;
  }

  bool fusable(unsigned outer, unsigned inner) const {
    if (llvm::any_of(unordered, [&](const Expr *load) {
          return mentions(*load, outer) || mentions(*load, inner);
        }))
      return false;
    return llvm::all_of(accesses, [&](const TensorAccess &access) {
      return loopStride(access, outer, kernel) ==
             statement.loops[inner].size * loopStride(access, inner, kernel);
    });
  }

  NestLoop fused(llvm::ArrayRef<unsigned> run, NestLoop::Role role) const {
    NestLoop loop;
    loop.role = role;
    loop.kernelLoops.assign(run.begin(), run.end());
    for (unsigned l : run)
      loop.extent *= statement.loops[l].size;
    return loop;
  }

  void build(llvm::ArrayRef<std::vector<unsigned>> runs, size_t rows, size_t lanes) {
    LoopMap map;
    map.nestLoopOf.assign(statement.loops.size(), std::nullopt);
    bool split = rows == lanes;
    map.loops.push_back(split ? NestLoop{NestLoop::Role::Row, 1, false, {}}
                              : fused(runs[rows], NestLoop::Role::Row));
    map.loops.push_back(fused(runs[lanes], NestLoop::Role::Lane));
    for (size_t r = 0; r < runs.size(); ++r)
      for (unsigned l : runs[r]) // a view walks outer loops one by one
        if (r != lanes && r != rows)
          map.loops.push_back(fused(l, NestLoop::Role::Outer));
    for (unsigned n = 0; n < map.loops.size(); ++n)
      for (unsigned l : map.loops[n].kernelLoops)
        map.nestLoopOf[l] = n;
    Nest nest;
    nest.rowLoop = 0;
    nest.laneLoop = 1;
    CoverContext context{kernel, statement, target, rules, matches, map, 0, 1, nullptr, 0, split};
    std::string why;
    if (!coverPointwise(context, nest, why)) {
      refusals.push_back({storeLike(), why, 1, ""});
      return;
    }
    nest.loops = map.loops;
    finish(std::move(nest), split);
  }

  static bool isCopy(const Expr &expr) {
    if (expr.op == Op::Convert || expr.op == Op::Saturate)
      return isCopy(*expr.operands[0]);
    return expr.op == Op::Load || expr.op == Op::Constant;
  }

  /// The intrinsic a refusal is about when none was reached: any that stores.
  unsigned storeLike() const {
    for (const Rule &rule : rules.rules)
      if (rule.kind == Rule::Kind::Pointwise)
        return rule.intrinsic;
    return 0;
  }

  int64_t rowElements(const Nest &nest) const {
    const Rule &store = rules.rules[nest.store.rule];
    return store.loops[store.destination.loops.back()].max;
  }

  void finish(Nest nest, bool split) {
    Mapping mapping;
    mapping.intrinsic = rules.rules[nest.store.rule].intrinsic;
    for (const StagedInput &input : nest.inputs)
      mapping.packedBytes += input.view.packing ? input.view.packing->bytes : 0;
    mapping.packedBytes += nest.result.packing ? nest.result.packing->bytes : 0;
    if (mapping.packedBytes > 0 && isCopy(*statement.value)) {
      refusals.push_back(
          {mapping.intrinsic, "the copy that lays data out would do all the work", 1, ""});
      return;
    }
    int64_t width = rowElements(nest), extent = nest.loops[nest.laneLoop].extent;
    mapping.waste = 1 - double(extent) / llvm::alignTo(extent, width);
    mapping.kind = classOf(mapping);
    mapping.text = describe(nest, split);
    if (split)
      splitLanes(std::move(nest), width, mapping.nests);
    else
      mapping.nests.push_back(std::move(nest));
    for (const Nest &part : mapping.nests)
      if (auto fault = paddingFault(part, rules, target)) {
        refusals.push_back({mapping.intrinsic, std::move(*fault), 1, ""});
        return;
      }
    mappings.push_back(std::move(mapping));
  }

  /// Cuts one long lane loop into rows of `width`, and a last row with the rest.
  static void splitLanes(Nest nest, int64_t width, std::vector<Nest> &nests) {
    int64_t extent = nest.loops[nest.laneLoop].extent, rows = extent / width;
    auto shifted = [&](Nest part, int64_t firstElement, int64_t partRows, int64_t lanes) {
      part.loops[part.rowLoop].extent = partRows;
      part.loops[part.laneLoop].extent = lanes;
      part.firstLane = firstElement;
      part.lanesInAll = extent;
      auto shift = [&](HostView &view, bool hasRows) {
        if (view.splat)
          return;
        view.offset += firstElement;
        if (hasRows)
          view.coordinates.push_back({width, {{part.rowLoop, 1}}});
      };
      for (StagedInput &input : part.inputs)
        shift(input.view, input.addressedLoop.has_value());
      shift(part.result, true);
      nests.push_back(std::move(part));
    };
    if (rows > 0)
      shifted(nest, 0, rows, width);
    if (extent % width != 0)
      shifted(nest, rows * width, 1, extent % width);
  }

  std::string describe(const Nest &nest, bool split) const {
    auto names = [&](const NestLoop &loop) {
      std::string text;
      for (unsigned l : loop.kernelLoops)
        text += (text.empty() ? "" : ",") + statement.loops[l].name;
      return text.empty() ? std::string("1") : text;
    };
    if (split)
      return "rows and lanes <- " + names(nest.loops[nest.laneLoop]);
    return "rows <- " + names(nest.loops[nest.rowLoop]) + "  lanes <- " +
           names(nest.loops[nest.laneLoop]);
  }

  const Semantics &kernel;
  const Statement &statement;
  const Target &target;
  const Rules &rules;
  MatchCache &matches;
  std::vector<Mapping> &mappings;
  std::vector<Refusal> &refusals;
  std::vector<TensorAccess> accesses;
  std::vector<const Expr *> unordered; ///< loads whose subscripts are not affine
};

} // namespace

const Group &Mapping::mapped(const Group &group) const { return band ? band->group : group; }

std::optional<unsigned> lathe::startOf(const std::vector<PointwiseValue> &values) {
  for (const PointwiseValue &value : values)
    if (value.kind == PointwiseValue::Kind::Result && !value.operands.empty())
      return value.operands.front();
  return std::nullopt;
}

bool Mapping::finish(Reason &why) {
  auto work = std::exchange(rest, nullptr);
  return !work || work(*this, why);
}

std::vector<MappingCount> lathe::countMappings(llvm::ArrayRef<Mapping> mappings) {
  // Exchanged operands exchange the parallel loops: sets of kernel loops, whichever loop they are
  // on.
  using Key = std::pair<std::set<std::vector<unsigned>>, std::set<std::vector<unsigned>>>;
  std::map<unsigned, std::map<Key, bool>> known; // per intrinsic: does it gather
  for (const Mapping &mapping : mappings) {
    const Nest &nest = mapping.nests.front();
    if (!nest.contraction || mapping.band)
      continue;
    Key key;
    for (unsigned l : nest.contraction->loops) {
      std::vector<unsigned> loops = nest.loops[l].kernelLoops;
      llvm::sort(loops);
      if (!loops.empty())
        (nest.loops[l].reduction ? key.second : key.first).insert(std::move(loops));
    }
    known[mapping.intrinsic].emplace(std::move(key), mapping.gathers);
  }
  std::vector<MappingCount> counts;
  for (const auto &[intrinsic, keys] : known) {
    unsigned views = llvm::count_if(keys, [](const auto &entry) { return !entry.second; });
    counts.push_back({intrinsic, views, static_cast<unsigned>(keys.size())});
  }
  return counts;
}

MappingClass lathe::classOf(const Mapping &mapping) {
  return mapping.packedBytes > 0 ? MappingClass::Packed
         : mapping.waste > 0     ? MappingClass::Padded
                                 : MappingClass::View;
}

static void enumerateBand(const Semantics &kernel, const std::shared_ptr<const BandForm> &band,
                          const Target &target, const Rules &rules,
                          const std::shared_ptr<MatchCache> &matches,
                          std::vector<Mapping> &mappings) {
  bool several = false;
  const Expr *reduction = findReduction(*band->group.statement.value, several);
  size_t before = mappings.size();
  std::vector<Refusal> refusals; // those of the group as written say it all
  enumerateContractions(kernel, band->group, *reduction, target, rules, matches, mappings, refusals,
                        band.get());
  for (Mapping &mapping : llvm::drop_begin(mappings, before))
    mapping.band = band;
}

std::vector<Mapping> lathe::enumerateMappings(const Semantics &kernel, const Group &group,
                                              const Target &target, const Rules &rules,
                                              std::vector<Refusal> &refusals, Forms forms) {
  std::vector<Mapping> mappings;
  auto matches = std::make_shared<MatchCache>(target, rules);
  auto refuseAll = [&](const Reason &reason) {
    for (const Rule &rule : rules.rules)
      if (rule.kind == Rule::Kind::Contract || rule.kind == Rule::Kind::Pointwise)
        refusals.push_back({rule.intrinsic, reason.text, 0, reason.help});
  };
  bool several = false;
  const Expr *reduction = findReduction(*group.statement.value, several);
  if (!group.statement.conditions.empty())
    refuseAll(restricted(kernel, group.statement));
  else if (several)
    refuseAll({"the statement has several reductions", "give each a statement of its own"});
  else if (reduction)
    enumerateContractions(kernel, group, *reduction, target, rules, matches, mappings, refusals);
  else
    PointwiseMapper(kernel, group, target, rules, *matches, mappings, refusals).run();
  if (reduction && !mappings.empty() && forms == Forms::All)
    for (const auto &band : bandForms(kernel, group, *reduction, rules))
      enumerateBand(kernel, band, target, rules, matches, mappings);
  for (auto [number, mapping] : llvm::enumerate(mappings))
    mapping.number = number;
  return mappings;
}
