#include "core/mapping/Contraction.h"

#include "core/mapping/Band.h"
#include "core/mapping/Padding.h"
#include "core/mapping/Planes.h"
#include "core/mapping/Pointwise.h"
#include "core/mapping/Reason.h"
#include "core/semantics/Accesses.h"
#include "core/semantics/Interval.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;

namespace {

/// An intrinsic's source as the kernel fills it.
struct BoundSource {
  ExprRef expr;                       ///< a Load, or a Constant
  std::optional<TensorAccess> access; ///< of a Load
};

/// Kernel loops chosen for each loop of the intrinsic, outermost first.
using Choice = std::vector<std::vector<unsigned>>;

class ContractionMapper {
public:
  ContractionMapper(const Semantics &kernel, const Group &group, const Expr &reduction,
                    const Target &target, const Rules &rules, std::shared_ptr<MatchCache> matches,
                    const Rule &accumulate, std::vector<Mapping> &mappings,
                    std::vector<Refusal> &refusals, const BandForm *band)
      : kernel(kernel), statement(group.statement), reduction(reduction), target(target),
        rules(rules), matches(std::move(matches)), rule(accumulate),
        intrinsic(target.intrinsics[accumulate.intrinsic]), mappings(mappings), refusals(refusals),
        band(band) {}

  void run() {
    Mismatch mismatch;
    std::tie(body, coefficient) = withoutCoefficient(reduction.operands[0]);
    if (!rule.shift) {
      body = reduction.operands[0];
      coefficient = nullptr;
    }
    auto bindings = matchOverLoops(intrinsic, rule.body, body, &mismatch);
    if (rule.reduction != reduction.reduction)
      return refuseReduction(bindings.empty() ? &mismatch : nullptr);
    if (!readGuards())
      return;
    if (bindings.empty())
      return refuse(mismatch.depth + 1, whyNot(mismatch, intrinsic, kernel, statement));
    if (!staysWithinLimits() || !fitsPart())
      return;
    for (const Binding &binding : bindings)
      mapBinding(binding);
  }

private:
  void refuse(unsigned depth, Reason reason) {
    refusals.push_back({rule.intrinsic, std::move(reason.text), depth, std::move(reason.help)});
  }

  /// Another reduction; `body` tells of a body that differs as well.
  void refuseReduction(const Mismatch *body) {
    Reason reason = otherReduction(rule.reduction, reduction, statement);
    if (body)
      reason.text += "; " + whyNot(*body, intrinsic, kernel, statement).text;
    refuse(0, std::move(reason));
  }

  /// Accumulators that saturate hold every part of the sum, whatever the operands are: then they
  /// never do, and the sum may be split over calls in any order.
  bool staysWithinLimits() {
    if (!rule.limits)
      return true;
    Interval all = valueRange(reduction, statement, kernel), part = all;
    part.low = std::min(all.low, llvm::DynamicAPInt(0)); // of some of the points, or none
    part.high = std::max(all.high, llvm::DynamicAPInt(0));
    if (part.low >= rule.limits->low && part.high <= rule.limits->high)
      return true;
    Interval held{llvm::DynamicAPInt(rule.limits->low), llvm::DynamicAPInt(rule.limits->high)};
    refuse(2, {"its accumulators saturate outside of " + toString(held) + ", the sum may reach " +
                   toString(part),
               "sum fewer products, or narrower ones"});
    return false;
  }

  /// A call sums no more points than what it clamps to can hold.
  bool fitsPart() {
    if (!rule.part)
      return true;
    Interval one = valueRange(*body, statement, kernel);
    auto most = [](int64_t limit, const llvm::DynamicAPInt &each) {
      return each == 0 ? INT64_MAX
                       : int64_t(llvm::DynamicAPInt(limit) / each); // both have one sign
    };
    int64_t points = INT64_MAX;
    if (one.high > 0)
      points = std::min(points, most(std::max<int64_t>(0, rule.part->high), one.high));
    if (one.low < 0)
      points = std::min(points, most(std::min<int64_t>(0, rule.part->low), one.low));
    int64_t whole = 1;
    for (const RuleLoop &loop : rule.loops)
      whole *= loop.reduction ? loop.max : 1;
    if (points >= whole)
      return true;
    Interval held{llvm::DynamicAPInt(rule.part->low), llvm::DynamicAPInt(rule.part->high)};
    if (points > 0 && rule.window) {
      windowPoints = points;
      return true;
    }
    std::string what = "what a call sums is clamped to " + toString(held) +
                       ", and one point adds " + toString(one);
    refuse(2, {std::move(what), points > 0 ? "let the intrinsic enable fewer points of its sum"
                                           : "take fewer bits at a time"});
    return false;
  }

  /// What calls have at each iteration of the loops that the coefficient and scalars depend on.
  bool readVariants(const Binding &binding) {
    varied.clear();
    variants.clear();
    auto mentions = [&](const ExprRef &expr, unsigned l) { return expr && mentionsLoop(*expr, l); };
    for (unsigned l = 0; l < statement.loops.size(); ++l)
      if (mentions(coefficient, l) || llvm::any_of(binding.loopScalars, [&](const auto &scalar) {
            return mentions(scalar.second, l);
          }))
        varied.push_back(l);
    if (varied.empty() && !rule.shift)
      return true;
    constexpr int64_t kMostVariants = 4096;
    int64_t count = 1;
    for (unsigned l : varied) {
      count = std::min(kMostVariants + 1, count * statement.loops[l].size);
      if (!statement.loops[l].reduction || readsAt(l))
        return false;
    }
    std::vector<int64_t> loops(statement.loops.size(), 0);
    for (int64_t i = 0; i < count && count <= kMostVariants; ++i) {
      int64_t rest = i;
      for (unsigned l : llvm::reverse(varied)) {
        loops[l] = rest % statement.loops[l].size;
        rest /= statement.loops[l].size;
      }
      auto variant = variantAt(binding, loops);
      if (!variant)
        return false;
      variants.push_back(std::move(*variant));
    }
    return !variants.empty() && !variants.front().subtracts;
  }

  /// A loop whose values select among the operand's addresses along a row of the machine.
  bool readsAt(unsigned loop) const {
    return llvm::any_of(candidates,
                        [&](const auto &loops) { return llvm::is_contained(loops, loop); });
  }

  std::optional<CallVariant> variantAt(const Binding &binding,
                                       llvm::ArrayRef<int64_t> loops) const {
    CallVariant variant;
    variant.scalars = binding.scalars;
    auto set = [&](unsigned tensor, int64_t value) {
      ElementType type = intrinsic.semantics.tensors[tensor].type;
      bool fits = value >= type.min() && (value <= type.max() || type.max() < 0);
      variant.scalars[tensor] = value;
      return fits;
    };
    for (const auto &[tensor, expr] : binding.loopScalars) {
      auto value = valueAt(*expr, loops);
      if (!value || !set(tensor, *value))
        return std::nullopt;
    }
    std::optional<int64_t> factor = coefficient ? valueAt(*coefficient, loops) : 1;
    if (!factor || *factor == 0 || *factor == INT64_MIN)
      return std::nullopt;
    variant.subtracts = *factor < 0;
    auto magnitude = static_cast<uint64_t>(std::abs(*factor));
    if (!llvm::isPowerOf2_64(magnitude) ||
        (rule.shift && !set(*rule.shift, llvm::Log2_64(magnitude))))
      return std::nullopt;
    return variant;
  }

  const TileOperand &tile(const Rule &of, const RuleTile &t) const {
    return target.intrinsics[of.intrinsic].tiles[t.operand];
  }

  static void flatten(const ExprRef &condition, std::vector<ExprRef> &parts) {
    if (condition->op != Op::LogicalAnd) {
      parts.push_back(condition);
      return;
    }
    for (const ExprRef &operand : condition->operands)
      flatten(operand, parts);
  }

  /// Conditions of the reduction must be the bounds of a tensor that is read: then elements outside
  /// count as zero, which a product absorbs and a sum does not see.
  bool readGuards() {
    std::vector<ExprRef> parts;
    for (size_t i = 1; i < reduction.operands.size(); ++i)
      flatten(reduction.operands[i], parts);
    if (parts.empty())
      return true;
    zeroPadded = true;
    if (reduction.reduction != Reduction::Sum || reduction.operands[0]->op != Op::Mul) {
      refuse(1, {"the kernel's reduction has a condition and is not a sum of products", ""});
      return false;
    }
    std::vector<TensorAccess> accesses;
    collectAccesses(*reduction.operands[0], accesses);
    for (const ExprRef &part : parts)
      if (!isBound(*part, accesses)) {
        refuse(1, notABound(*part, kernel, statement));
        return false;
      }
    return true;
  }

  void collectAccesses(const Expr &expr, std::vector<TensorAccess> &accesses) const {
    if (expr.op == Op::Load)
      if (auto access = accessOf(expr, kernel))
        accesses.push_back(std::move(*access));
    for (const ExprRef &operand : expr.operands)
      collectAccesses(*operand, accesses);
  }

  /// `0 <= e` or `e < size` where e subscripts a dimension of that size.
  bool isBound(const Expr &condition, llvm::ArrayRef<TensorAccess> accesses) const {
    if (condition.op != Op::LessEqual && condition.op != Op::Less)
      return false;
    auto left = affineForm(*condition.operands[0], kernel);
    auto right = affineForm(*condition.operands[1], kernel);
    if (!left || !right)
      return false;
    int64_t strict = condition.op == Op::Less;
    for (const TensorAccess &access : accesses)
      for (size_t d = 0; d < access.subscripts.size(); ++d) {
        const Affine &subscript = access.subscripts[d];
        int64_t size = kernel.tensors[access.tensor].sizes[d];
        bool low = left->loops.empty() && *right == subscript && left->constant + strict == 0;
        bool high =
            right->loops.empty() && *left == subscript && right->constant + 1 - strict == size;
        if (low || high)
          return true;
      }
    return false;
  }

  void mapBinding(const Binding &binding) {
    sources.clear();
    for (const RuleTile &source : rule.sources) {
      BoundSource bound{binding.tiles.at(tile(rule, source).tensor), std::nullopt};
      // A load may widen what it brings.
      if (bound.expr->op == Op::Convert && bound.expr->operands[0]->op == Op::Load &&
          covers(bound.expr->type, bound.expr->operands[0]->type))
        bound.expr = bound.expr->operands[0];
      if (bound.expr->op == Op::Load) {
        bound.access = accessOf(*bound.expr, kernel);
        if (!bound.access)
          return refuse(4, notAffine(*bound.expr, kernel, statement));
      } else if (bound.expr->op != Op::Constant) {
        return refuse(3, computedOperand(tile(rule, source), *bound.expr, kernel, statement));
      }
      sources.push_back(std::move(bound));
    }
    auto resultAccess = accessOf(statement, kernel);
    if (!resultAccess)
      return refuse(4, {"the result's subscripts are not sums of loops times constants", ""});
    result = *resultAccess;
    scalars = binding.scalars;
    findCandidates();
    if (!readVariants(binding))
      return refuse(4, {"what its calls differ in does not fit into the instruction", ""});
    Choice choice(rule.loops.size());
    choose(0, choice);
  }

  /// True when `kernelLoop` subscripts exactly the operands that rule loop `ruleLoop` does.
  bool sameIncidence(unsigned kernelLoop, unsigned ruleLoop) const {
    for (size_t s = 0; s < sources.size(); ++s)
      if (sources[s].access && dependsOn(*sources[s].access, kernelLoop) !=
                                   llvm::is_contained(rule.sources[s].loops, ruleLoop))
        return false;
    return statement.loops[kernelLoop].reduction ||
           llvm::is_contained(rule.destination.loops, ruleLoop);
  }

  void findCandidates() {
    candidates.assign(rule.loops.size(), {});
    for (unsigned l = 0; l < statement.loops.size(); ++l) {
      if (statement.loops[l].size == 1)
        continue;
      for (unsigned r = 0; r < rule.loops.size(); ++r)
        if (rule.loops[r].reduction == statement.loops[l].reduction && sameIncidence(l, r))
          candidates[r].push_back(l);
    }
  }

  /// Every non-empty subset of the candidates, for each loop of the rule in turn.
  void choose(unsigned ruleLoop, Choice &choice) {
    if (ruleLoop == rule.loops.size())
      return usesBand(choice) ? build(choice) : void();
    std::vector<unsigned> free;
    for (unsigned loop : candidates[ruleLoop])
      if (llvm::none_of(choice, [&](const auto &taken) { return llvm::is_contained(taken, loop); }))
        free.push_back(loop);
    if (free.empty()) {
      choice[ruleLoop].clear();
      return choose(ruleLoop + 1, choice);
    }
    unsigned all = (1u << free.size()) - 1;
    for (unsigned set = 1; set <= all; ++set) {
      if (band && set != all && !llvm::isPowerOf2_32(set))
        continue;
      choice[ruleLoop].clear();
      for (unsigned i = 0; i < free.size(); ++i)
        if (set >> i & 1)
          choice[ruleLoop].push_back(free[i]);
      orderByStride(ruleLoop, choice[ruleLoop]);
      choose(ruleLoop + 1, choice);
    }
    choice[ruleLoop].clear();
  }

  /// A band form serves nothing unless its new loops are among the intrinsic's.
  bool usesBand(const Choice &choice) const {
    auto chosen = [&](unsigned loop) {
      return llvm::any_of(choice,
                          [&](const auto &loops) { return llvm::is_contained(loops, loop); });
    };
    return !band || (chosen(band->inner) && chosen(band->reduced));
  }

  /// Widest stride outermost, in the operand whose row the loop walks: the order in which a view
  /// can exist.
  void orderByStride(unsigned ruleLoop, std::vector<unsigned> &loops) const {
    const TensorAccess *access = &result;
    for (size_t s = 0; s < sources.size(); ++s)
      if (sources[s].access && !rule.sources[s].loops.empty() &&
          rule.sources[s].loops.back() == ruleLoop)
        access = &*sources[s].access;
    std::sort(loops.begin(), loops.end(), [&](unsigned a, unsigned b) {
      int64_t sa = loopStride(*access, a, kernel), sb = loopStride(*access, b, kernel);
      return sa != sb ? sa > sb : a < b;
    });
  }

  LoopMap loopMap(const Choice &choice) const {
    LoopMap map;
    map.nestLoopOf.assign(statement.loops.size(), std::nullopt);
    for (unsigned r = 0; r < rule.loops.size(); ++r) {
      NestLoop loop;
      loop.reduction = rule.loops[r].reduction;
      loop.kernelLoops = choice[r];
      for (unsigned l : choice[r]) {
        loop.extent *= statement.loops[l].size;
        map.nestLoopOf[l] = r;
      }
      if (loop.reduction)
        loop.role = NestLoop::Role::Depth;
      map.loops.push_back(std::move(loop));
    }
    for (unsigned l = 0; l < statement.loops.size(); ++l) {
      if (map.nestLoopOf[l] || statement.loops[l].size == 1)
        continue;
      map.nestLoopOf[l] = map.loops.size();
      map.loops.push_back(
          {NestLoop::Role::Outer, statement.loops[l].size, statement.loops[l].reduction, {l}});
    }
    return map;
  }

  void build(const Choice &choice) {
    LoopMap map = loopMap(choice);
    Nest nest;
    if (rule.destination.addressedDims != 1 || rule.destination.loops.size() != 2)
      return refuse(5, {"its result is not a tile of addressed rows", ""});
    nest.rowLoop = rule.destination.loops[0];
    nest.laneLoop = rule.destination.loops[1];
    // A product stands in for a sum over one point only where the array gets some use.
    if (reduction.loops.empty() && (choice[nest.rowLoop].empty() || choice[nest.laneLoop].empty()))
      return refuse(5, {"the factors of the product have no loop of their own each", ""});
    map.loops[nest.rowLoop].role = NestLoop::Role::Row;
    map.loops[nest.laneLoop].role = NestLoop::Role::Lane;
    nest.contraction.emplace();
    Nest::Contraction &contraction = *nest.contraction;
    contraction.accumulate = &rule - rules.rules.data();
    contraction.set = findPartner(/*subtracts=*/false);
    contraction.windowPoints = windowPoints;
    contraction.variants = variants;
    for (unsigned l : varied)
      if (map.nestLoopOf[l])
        contraction.variedBy.push_back(*map.nestLoopOf[l]);
    if (llvm::any_of(variants, [](const CallVariant &one) { return one.subtracts; })) {
      contraction.subtract = findPartner(/*subtracts=*/true);
      if (!contraction.subtract)
        return refuse(5, {"no intrinsic subtracts from what it accumulates", ""});
    }
    contraction.scalars = scalars;
    contraction.space = tile(rule, rule.destination).space;
    for (unsigned r = 0; r < rule.loops.size(); ++r)
      contraction.loops.push_back(r);
    if (!contraction.set)
      return refuse(5, {"no intrinsic starts the accumulation", ""});
    for (size_t s = 0; s < sources.size(); ++s) {
      auto input = stage(s, map);
      if (!input)
        return;
      contraction.inputs.push_back(nest.inputs.size());
      nest.inputs.push_back(std::move(*input));
    }
    fillRows(nest);
    nest.loops = map.loops;
    draft(std::move(nest), std::move(map));
  }

  /// Rows of the operand that a window moves along have whole windows: a rest at the end of each
  /// would be a call of its own.
  void fillRows(Nest &nest) const {
    if (windowPoints == 0 || !rule.window->movedOperand)
      return;
    int64_t whole = rule.loops[rule.window->loop].max / windowPoints * windowPoints;
    for (size_t s = 0; s < rule.sources.size(); ++s)
      if (StagedInput &input = nest.inputs[nest.contraction->inputs[s]];
          rule.sources[s].operand == rule.window->movedOperand && !input.view.encoding &&
          !input.view.splat && !input.hop) {
        input.lanes = whole;
        nest.contraction->rowPoints = whole;
      }
  }

  /// The rule that starts, or subtracts from, what this one accumulates.
  std::optional<unsigned> findPartner(bool subtracts) const {
    for (unsigned r = 0; r < rules.rules.size(); ++r) {
      const Rule &other = rules.rules[r];
      if (other.kind != Rule::Kind::Contract || other.accumulates != subtracts ||
          other.subtracts != subtracts || other.reduction != rule.reduction ||
          other.limits != rule.limits || other.part != rule.part || other.shift != rule.shift ||
          other.window != rule.window || !sameTiles(other))
        continue;
      return r;
    }
    return std::nullopt;
  }

  /// The rules differ in nothing but the update. Tensor ids agree when the operands are declared
  /// alike.
  bool sameTiles(const Rule &other) const {
    const Intrinsic &b = target.intrinsics[other.intrinsic];
    if (!equal(*rule.body, *other.body) || intrinsic.tiles.size() != b.tiles.size() ||
        rule.sources.size() != other.sources.size())
      return false;
    for (const CallVariant &variant : variants)
      for (const auto &[tensor, value] : variant.scalars)
        if (tensor >= b.semantics.tensors.size() ||
            b.semantics.tensors[tensor].name != intrinsic.semantics.tensors[tensor].name)
          return false;
    for (size_t i = 0; i < b.tiles.size(); ++i)
      if (intrinsic.tiles[i].space != b.tiles[i].space ||
          intrinsic.tiles[i].tensor != b.tiles[i].tensor ||
          intrinsic.tiles[i].name != b.tiles[i].name)
        return false;
    return true;
  }

  /// Brings source `s` from host memory: one move into its space, or a move and a hop.
  std::optional<StagedInput> stage(size_t s, const LoopMap &map) {
    const RuleTile &source = rule.sources[s];
    const TileOperand &operand = tile(rule, source);
    for (const Route &route : rules.routesTo(operand.space, operand.element, target)) {
      StagedInput input;
      input.load = route.moves.front();
      const Rule &load = rules.rules[input.load];
      if (tile(load, load.sources[0]).element != sources[s].expr->type)
        continue;
      if (route.moves.size() == 1)
        placeLoops(source, source.loops, input);
      bool isGuarded = rule.window && !rule.window->movedOperand;
      if (route.moves.size() == 1 && isGuarded && input.addressedLoop == rule.window->loop)
        input.alignedRows = rule.loops[rule.window->loop].max;
      if (route.moves.size() > 1 && !placeThroughHop(source, route.moves[1], input))
        continue;
      input.source = sources[s].expr;
      if (!keepsLanes(source, input))
        continue;
      makeView(s, map, input);
      return input;
    }
    refuse(5, {"no move brings operand '" + operand.name + "' from host memory", ""});
    return std::nullopt;
  }

  static void placeLoops(const RuleTile &tile, llvm::ArrayRef<unsigned> nestLoops,
                         StagedInput &input) {
    if (tile.addressedDims == 1)
      input.addressedLoop = nestLoops[0];
    if (nestLoops.size() > tile.addressedDims)
      input.rowLoop = nestLoops.back();
  }

  /// The hop's destination dimensions are the operand's; its source tile is what gets staged.
  bool placeThroughHop(const RuleTile &source, unsigned hopRule, StagedInput &input) const {
    const Rule &hop = rules.rules[hopRule];
    if (hop.destination.loops.size() != source.loops.size())
      return false;
    std::vector<unsigned> nestLoops;
    for (unsigned hopLoop : hop.sources[0].loops) {
      auto at = llvm::find(hop.destination.loops, hopLoop);
      if (at == hop.destination.loops.end())
        return false;
      nestLoops.push_back(source.loops[at - hop.destination.loops.begin()]);
    }
    input.hop = hopRule;
    placeLoops(hop.sources[0], nestLoops, input);
    return true;
  }

  /// Lanes that the operand has in another order are lanes of what is staged as well.
  bool keepsLanes(const RuleTile &source, const StagedInput &input) const {
    if (!source.lane || !input.hop)
      return true;
    const Rule &hop = rules.rules[*input.hop];
    unsigned lanes = hop.destination.loops.back();
    return hop.sources[0].loops.back() == lanes && (!hop.padding || hop.padding->loop != lanes);
  }

  void makeView(size_t s, const LoopMap &map, StagedInput &input) const {
    auto layout = layoutThrough(target, rules.rules[input.load], rule.sources[s].lane);
    if (!sources[s].access) {
      input.view.type = sources[s].expr->type;
      input.view.splat = sources[s].expr->integer;
      input.view.laneLoop = input.rowLoop;
      if (layout)
        input.view.encoding = encodeRows(layout, {1, layout->sizes.back()}, 1);
      return;
    }
    const TensorAccess &access = *sources[s].access;
    int64_t beat = target.spaces[kHostSpace].readBytes;
    int64_t beatElements = std::max<int64_t>(1, beat / kernel.tensors[access.tensor].type.bytes());
    ViewRequest request{input.rowLoop, input.addressedLoop,
                        zeroPadded,    beatElements,
                        layout,        rule.sources[s].lane != nullptr};
    std::string why;
    auto view = stridedView(access, map, request, kernel, statement, why);
    if (view) {
      input.view = std::move(*view);
      return;
    }
    input.view = packedView(access, map, request, kernel, statement,
                            "." + tile(rule, rule.sources[s]).name, false);
    input.view.packing->reason = std::move(why);
  }

  void draft(Nest nest, LoopMap map) {
    Mapping mapping;
    mapping.intrinsic = rule.intrinsic;
    for (const StagedInput &input : nest.inputs)
      if (input.view.packing)
        mapping.packedBytes += input.view.packing->bytes;
    double used = 1, offered = 1;
    for (unsigned r = 0; r < rule.loops.size(); ++r) {
      int64_t extent = nest.loops[r].extent;
      used *= extent;
      offered *= rule.loops[r].extent ? extent : llvm::alignTo(extent, rule.loops[r].max);
    }
    mapping.waste = 1 - used / offered;
    mapping.text = describe(nest);
    mapping.gathers = needsGather(nest);
    mapping.nests.push_back(std::move(nest));
    mapping.rest = [map = std::move(map), matches = matches, &kernel = kernel,
                    &statement = statement, &target = target, &rules = rules,
                    &reduction = reduction,
                    saturates = rule.limits.has_value()](Mapping &draft, Reason &why) {
      Nest &nest = draft.nests.front();
      size_t before = nest.inputs.size();
      CoverContext context{kernel, statement,    target,        rules,      *matches,
                           map,    nest.rowLoop, nest.laneLoop, &reduction, nest.contraction->space,
                           false};
      context.startsAtZero = saturates;
      std::string uncovered;
      if (!coverPointwise(context, nest, uncovered)) {
        why = {"what follows the reduction: " + uncovered,
               "give the reduction a statement of its own"};
        return false;
      }
      if (auto fault = paddingFault(nest, rules, target)) {
        why = {std::move(*fault), ""};
        return false;
      }
      for (const StagedInput &input : llvm::drop_begin(nest.inputs, before))
        if (input.view.packing)
          draft.packedBytes += input.view.packing->bytes;
      if (nest.result.packing)
        draft.packedBytes += nest.result.packing->bytes;
      draft.kind = classOf(draft);
      return true;
    };
    mappings.push_back(std::move(mapping));
  }

  /// False when the loops on every parallel and every reduction loop are a union of pairs that
  /// share no dimension of an operand.
  bool needsGather(const Nest &nest) const {
    for (unsigned p = 0; p < rule.loops.size(); ++p)
      for (unsigned r = 0; r < rule.loops.size(); ++r)
        if (!rule.loops[p].reduction && rule.loops[r].reduction &&
            !pairwiseApart(nest.loops[p].kernelLoops, nest.loops[r].kernelLoops))
          return true;
    return false;
  }

  bool pairwiseApart(llvm::ArrayRef<unsigned> parallel, llvm::ArrayRef<unsigned> reduced) const {
    if (parallel.empty() || reduced.empty())
      return true;
    auto hasPartner = [&](unsigned loop, llvm::ArrayRef<unsigned> others) {
      return llvm::any_of(others, [&](unsigned other) { return !shareDimension(loop, other); });
    };
    return llvm::all_of(parallel, [&](unsigned loop) { return hasPartner(loop, reduced); }) &&
           llvm::all_of(reduced, [&](unsigned loop) { return hasPartner(loop, parallel); });
  }

  bool shareDimension(unsigned a, unsigned b) const {
    return llvm::any_of(sources, [&](const BoundSource &source) {
      return source.access && llvm::any_of(source.access->subscripts, [&](const Affine &subscript) {
               return subscript.coefficient(a) != 0 && subscript.coefficient(b) != 0;
             });
    });
  }

  std::string describe(const Nest &nest) const {
    auto names = [&](const NestLoop &loop) {
      std::string text;
      for (unsigned l : loop.kernelLoops)
        text += (text.empty() ? "" : ",") + statement.loops[l].name;
      return text.empty() ? std::string("1") : text;
    };
    std::string text;
    const Statement &own = intrinsic.semantics.statements[0];
    for (unsigned r = 0; r < rule.loops.size(); ++r)
      text +=
          llvm::formatv("{0}{1} <- {2}", r ? "  " : "", own.loops[r].name, names(nest.loops[r]));
    std::string outside;
    for (size_t l = rule.loops.size(); l < nest.loops.size(); ++l)
      outside += (outside.empty() ? "" : ",") + names(nest.loops[l]);
    if (!outside.empty())
      text += "  outside " + outside;
    for (size_t s = 0; s < sources.size(); ++s)
      text += llvm::formatv("  {0} = {1}", tile(rule, rule.sources[s]).name,
                            sources[s].access ? kernel.tensors[sources[s].access->tensor].name
                                              : std::to_string(sources[s].expr->integer));
    return text;
  }

  const Semantics &kernel;
  const Statement &statement;
  const Expr &reduction;
  const Target &target;
  const Rules &rules;
  std::shared_ptr<MatchCache> matches;
  const Rule &rule;
  const Intrinsic &intrinsic;
  std::vector<Mapping> &mappings;
  std::vector<Refusal> &refusals;
  const BandForm *band; ///< whose form the statement is, or null

  ExprRef body;        ///< of the reduction, without what depends on loops alone
  ExprRef coefficient; ///< that, or null
  int64_t windowPoints = 0;
  std::vector<unsigned> varied; ///< kernel loops by which calls differ
  std::vector<CallVariant> variants;
  bool zeroPadded = false;
  std::vector<BoundSource> sources;
  std::map<unsigned, int64_t> scalars;
  TensorAccess result;
  std::vector<std::vector<unsigned>> candidates;
};

} // namespace

void lathe::enumerateContractions(const Semantics &kernel, const Group &group,
                                  const Expr &reduction, const Target &target, const Rules &rules,
                                  const std::shared_ptr<MatchCache> &matches,
                                  std::vector<Mapping> &mappings, std::vector<Refusal> &refusals,
                                  const BandForm *band) {
  for (const Rule &rule : rules.rules)
    if (rule.kind == Rule::Kind::Contract && rule.accumulates && !rule.subtracts)
      ContractionMapper(kernel, group, reduction, target, rules, matches, rule, mappings, refusals,
                        band)
          .run();
}
