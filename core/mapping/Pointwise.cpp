#include "core/mapping/Pointwise.h"

#include "core/mapping/Reason.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace lathe;

namespace {

/// A cover under construction. Copied when alternatives are tried; expressions are small.
struct Cover {
  std::vector<PointwiseValue> values;
  std::vector<StagedInput> inputs;

  /// Fewer bytes from host memory first, then fewer intrinsics.
  int64_t cost() const {
    int64_t total = values.size();
    for (const StagedInput &input : inputs)
      total += 16 * input.view.type.bytes() + (input.view.packing ? 1000 : 0);
    return total;
  }
};

constexpr unsigned kDeepestExpression = 24;

class Coverer {
public:
  explicit Coverer(const CoverContext &context) : c(context) {}

  bool cover(Nest &nest) {
    std::optional<Cover> best;
    for (unsigned r = 0; r < c.rules.rules.size(); ++r) {
      const Rule &rule = c.rules.rules[r];
      if (rule.kind != Rule::Kind::Pointwise && rule.kind != Rule::Kind::Move)
        continue;
      const TileOperand &to = tile(rule, rule.destination);
      if (to.space != c.destination || (to.space != kHostSpace && readsHost(rule)))
        continue;
      ElementType type = c.kernel.tensors[c.statement.tensor].type;
      if (to.element != type) {
        fail(0, [&] {
          return llvm::formatv("{0} stores {1}, '{2}' is {3}",
                               c.target.intrinsics[rule.intrinsic].name, name(to.element),
                               c.kernel.tensors[c.statement.tensor].name, name(type))
              .str();
        });
        continue;
      }
      for (const Binding &binding : bindings(rule, c.statement.value)) {
        Cover candidate;
        std::vector<unsigned> operands;
        limit = best ? best->cost() : INT64_MAX;
        if (!placeOperands(rule, binding, candidate, operands, 0))
          continue;
        if (best && best->cost() <= candidate.cost())
          continue;
        best = std::move(candidate);
        nest.store.rule = r;
        nest.store.operands = std::move(operands);
        nest.store.scalars = binding.scalars;
      }
    }
    if (!best)
      return false;
    take(std::move(*best), nest);
    return placeResult(nest, c.rules.rules[nest.store.rule].destination.layout);
  }

  /// Leaves the value in the reduction's space.
  bool coverReduced(const RuleTile &result, const TileOperand &operand, Nest &nest) {
    Cover found;
    auto value = place(c.statement.value, operand, result, found, 0);
    if (!value || !isResult(found.values[*value]))
      return false;
    take(std::move(found), nest);
    return placeResult(nest, nullptr);
  }

  std::string why = "no intrinsic stores such a result";

private:
  /// Keeps the first reason at the deepest place; most are never put into words.
  void fail(unsigned depth, llvm::function_ref<std::string()> reason) {
    if (deepest && depth <= *deepest)
      return;
    deepest = depth;
    why = reason();
  }

  static void take(Cover found, Nest &nest) {
    unsigned shift = nest.inputs.size();
    for (PointwiseValue &value : found.values)
      value.input += shift;
    llvm::append_range(nest.inputs, found.inputs);
    nest.values = std::move(found.values);
  }

  bool readsHost(const Rule &rule) const {
    return llvm::any_of(rule.sources, [&](const RuleTile &source) {
      return tile(rule, source).space == kHostSpace;
    });
  }

  const TileOperand &tile(const Rule &rule, const RuleTile &tile) const {
    return c.target.intrinsics[rule.intrinsic].tiles[tile.operand];
  }

  const std::vector<Binding> &bindings(const Rule &rule, const ExprRef &expr) {
    const Matches &found = c.matches.find(&rule - c.rules.rules.data(), expr);
    if (found.bindings.empty())
      fail(found.mismatch.depth, [&] {
        const Intrinsic &intrinsic = c.target.intrinsics[rule.intrinsic];
        return intrinsic.name + ": " +
               whyNot(found.mismatch, intrinsic, c.kernel, c.statement).text;
      });
    return found.bindings;
  }

  bool placeOperands(const Rule &rule, const Binding &binding, Cover &cover,
                     std::vector<unsigned> &operands, unsigned depth) {
    const Intrinsic &intrinsic = c.target.intrinsics[rule.intrinsic];
    for (const RuleTile &source : rule.sources) {
      const TileOperand &operand = intrinsic.tiles[source.operand];
      auto bound = binding.tiles.find(operand.tensor);
      if (bound == binding.tiles.end())
        return false;
      auto value = place(bound->second, operand, source, cover, depth + 1);
      if (!value)
        return false;
      operands.push_back(*value);
    }
    return true;
  }

  /// Makes `expr` available as `operand`; the cheapest of: already there, moved in, computed.
  std::optional<unsigned> place(const ExprRef &expr, const TileOperand &operand,
                                const RuleTile &source, Cover &cover, unsigned depth) {
    if (depth > kDeepestExpression || cover.cost() >= limit)
      return std::nullopt;
    bool holdsResult = c.result && operand.space == c.resultSpace && !source.lane;
    if (holdsResult && expr->op == Op::Reduce) {
      if (llvm::any_of(cover.values, isResult)) { // what reads it first may overwrite it
        fail(depth, [&] { return "the reduction's result is read more than once"; });
        return std::nullopt;
      }
      return addResult(cover, {});
    }
    std::optional<Cover> best;
    llvm::SaveAndRestore outer(limit); // what is found here bounds only what is tried here
    auto keep = [&](Cover candidate) {
      if (best && candidate.cost() >= best->cost())
        return;
      best = std::move(candidate);
      limit = std::min(limit, best->cost());
    };
    if (!c.startsAtZero && holdsResult && operand.element == expr->type)
      tryStart(expr, operand, source, cover, keep, depth);
    tryMoves(expr, operand, source, cover, keep, depth);
    if (!source.lane) // what is computed has its lanes in order
      tryCompute(expr, operand, cover, keep, depth);
    if (!best)
      return std::nullopt;
    cover = std::move(*best);
    return cover.values.size() - 1;
  }

  static bool isResult(const PointwiseValue &value) {
    return value.kind == PointwiseValue::Kind::Result;
  }

  unsigned addResult(Cover &cover, std::vector<unsigned> start) const {
    PointwiseValue value;
    value.kind = PointwiseValue::Kind::Result;
    value.space = c.resultSpace;
    value.operands = std::move(start);
    cover.values.push_back(std::move(value));
    return cover.values.size() - 1;
  }

  /// `x + sum(...)` as a sum that goes on from x; the like for max and min. Integers only: the
  /// order of a sum of floats matters.
  template <typename Keep>
  void tryStart(const ExprRef &expr, const TileOperand &operand, const RuleTile &source,
                const Cover &cover, Keep keep, unsigned depth) {
    if (!expr->type.isInteger() || llvm::any_of(cover.values, isResult))
      return;
    for (unsigned side = 0; side < 2 && expr->operands.size() == 2; ++side) {
      const Expr &reduction = *expr->operands[side];
      if (reduction.op != Op::Reduce || updateOf(reduction.reduction) != expr->op)
        continue;
      auto keepStarted = [&](Cover candidate) {
        addResult(candidate, {static_cast<unsigned>(candidate.values.size() - 1)});
        keep(std::move(candidate));
      };
      tryMoves(expr->operands[1 - side], operand, source, cover, keepStarted, depth);
    }
  }

  /// The operation that adds an element to a reduction.
  static std::optional<Op> updateOf(Reduction reduction) {
    switch (reduction) {
    case Reduction::Sum:
      return Op::Add;
    case Reduction::Max:
      return Op::Max;
    case Reduction::Min:
      return Op::Min;
    default:
      return std::nullopt;
    }
  }

  template <typename Keep>
  void tryMoves(const ExprRef &expr, const TileOperand &operand, const RuleTile &source,
                const Cover &cover, Keep keep, unsigned depth) {
    for (const Route &route : c.rules.routesTo(operand.space, operand.element, c.target)) {
      if (route.moves.size() != 1)
        continue;
      const Rule &move = c.rules.rules[route.moves[0]];
      for (const Binding &binding : bindings(move, expr)) {
        const TileOperand &from = tile(move, move.sources[0]);
        auto bound = binding.tiles.find(from.tensor);
        if (bound == binding.tiles.end())
          continue;
        auto input = stage(bound->second, route.moves[0], source, depth);
        if (!input)
          continue;
        Cover candidate = cover;
        PointwiseValue value;
        value.kind = PointwiseValue::Kind::Input;
        value.input = candidate.inputs.size();
        value.space = operand.space;
        candidate.inputs.push_back(std::move(*input));
        candidate.values.push_back(std::move(value));
        keep(std::move(candidate));
      }
    }
  }

  /// Host memory's element `expr` as an input of the tile shape that `source` has.
  std::optional<StagedInput> stage(const ExprRef &expr, unsigned load, const RuleTile &source,
                                   unsigned depth) {
    StagedInput input;
    input.source = expr;
    input.load = load;
    input.rowLoop = c.laneLoop;
    if (source.addressedDims > 0)
      input.addressedLoop = c.rowLoop;
    const Rule &move = c.rules.rules[load];
    bool isRotated = source.lane && cancelLanes(source, move, input);
    ViewRequest request{c.laneLoop, input.addressedLoop, false};
    request.layout = layoutThrough(c.target, move, isRotated ? nullptr : source.lane);
    request.wholeRows = source.lane && !isRotated;
    if (expr->op == Op::Constant) {
      input.view.type = expr->type;
      input.view.splat = expr->integer;
      input.view.laneLoop = c.laneLoop;
      if (request.layout)
        input.view.encoding = encodeRows(request.layout, {1, request.layout->sizes.back()}, 1);
      return input;
    }
    if (expr->op != Op::Load) {
      fail(depth,
           [&] { return "no intrinsic computes '" + print(*expr, c.statement, c.kernel) + "'"; });
      return std::nullopt;
    }
    auto access = accessOf(*input.source, c.kernel);
    if (!access) {
      fail(depth, [&] { return notAffine(*expr, c.kernel, c.statement).text; });
      return std::nullopt;
    }
    bool byRow = varies(*access, c.rowLoop) || (c.rowsFromLanes && varies(*access, c.laneLoop));
    if (source.addressedDims == 0 && byRow) {
      fail(depth,
           [&] { return "'" + c.kernel.tensors[expr->id].name + "' changes from row to row"; });
      return std::nullopt;
    }
    std::string reason;
    auto view = stridedView(*access, c.map, request, c.kernel, c.statement, reason);
    if (view) {
      input.view = std::move(*view);
      return input;
    }
    input.view = packedView(*access, c.map, request, c.kernel, c.statement,
                            std::to_string(packedCopies++), false);
    input.view.packing->reason = std::move(reason);
    return input;
  }

  /// The kernel's subscript moves lanes as the operand does, `x[i, (j+1) % 8]` for lanes that read
  /// their neighbour: then the tensor itself lies there. Its access becomes the plain one.
  bool cancelLanes(const RuleTile &source, const Rule &move, StagedInput &input) const {
    const std::vector<unsigned> &loops = c.map.loops[c.laneLoop].kernelLoops;
    int64_t width = move.loops[move.destination.loops.back()].max;
    if (input.source->op != Op::Load || loops.size() != 1 ||
        c.statement.loops[loops[0]].size != width)
      return false;
    auto plain = std::make_shared<Expr>(*input.source);
    bool found = false;
    for (ExprRef &subscript : plain->operands) {
      if (!sameLanes(*subscript, *source.lane, loops[0], width))
        continue;
      subscript = makeLoop(loops[0], subscript->loc);
      found = true;
    }
    if (found)
      input.source = plain;
    return found;
  }

  /// `subscript` has, for every value of `loop`, which alone stands in it, the value of `lane`.
  static bool sameLanes(const Expr &subscript, const Expr &lane, unsigned loop, int64_t width) {
    if (!standsAlone(subscript, loop))
      return false;
    std::vector<int64_t> loops(loop + 1, 0);
    for (int64_t value = 0; value < width; ++value) {
      loops[loop] = value;
      if (evaluateIndex(subscript, loops) != evaluateIndex(lane, {value}))
        return false;
    }
    return true;
  }

  static bool standsAlone(const Expr &expr, unsigned loop) {
    static const Op operators[] = {Op::Constant, Op::Loop, Op::Add, Op::Sub,
                                   Op::Mul,      Op::Div,  Op::Mod};
    return llvm::is_contained(operators, expr.op) && (expr.op != Op::Loop || expr.id == loop) &&
           llvm::all_of(expr.operands,
                        [&](const ExprRef &operand) { return standsAlone(*operand, loop); });
  }

  bool varies(const TensorAccess &access, unsigned nestLoop) const {
    return llvm::any_of(c.map.loops[nestLoop].kernelLoops,
                        [&](unsigned loop) { return dependsOn(access, loop); });
  }

  template <typename Keep>
  void tryCompute(const ExprRef &expr, const TileOperand &operand, const Cover &cover, Keep keep,
                  unsigned depth) {
    for (unsigned r = 0; r < c.rules.rules.size(); ++r) {
      const Rule &rule = c.rules.rules[r];
      if (rule.kind != Rule::Kind::Pointwise)
        continue;
      const TileOperand &to = tile(rule, rule.destination);
      if (to.space != operand.space || to.element != operand.element)
        continue;
      for (const Binding &binding : bindings(rule, expr)) {
        // A step that leaves its operand as it was would go on forever.
        if (llvm::any_of(binding.tiles, [&](const auto &bound) { return bound.second == expr; }))
          continue;
        Cover candidate = cover;
        PointwiseValue value;
        value.kind = PointwiseValue::Kind::Compute;
        value.rule = r;
        value.space = operand.space;
        value.scalars = binding.scalars;
        value.inPlace = llvm::any_of(rule.sources, [&](const RuleTile &source) {
          return source.operand == rule.destination.operand;
        });
        if (!placeOperands(rule, binding, candidate, value.operands, depth))
          continue;
        candidate.values.push_back(std::move(value));
        keep(std::move(candidate));
      }
    }
  }

  bool placeResult(Nest &nest, std::shared_ptr<const Layout> layout) {
    auto access = accessOf(c.statement, c.kernel);
    if (!access) {
      why = "the result's subscripts are not sums of loops times constants";
      return false;
    }
    ViewRequest request{c.laneLoop, c.rowLoop, false};
    request.layout = std::move(layout);
    std::string reason;
    auto view = stridedView(*access, c.map, request, c.kernel, c.statement, reason);
    if (view) {
      nest.result = std::move(*view);
      return true;
    }
    nest.result = packedView(*access, c.map, request, c.kernel, c.statement, "", true);
    nest.result.packing->reason = std::move(reason);
    return true;
  }

  const CoverContext &c;
  int64_t limit = INT64_MAX; ///< a cover of this cost is known: only cheaper ones matter
  std::optional<unsigned> deepest;
  unsigned packedCopies = 0; ///< makes their names differ
};

} // namespace

bool lathe::coverReduction(const CoverContext &context, const RuleTile &result,
                           const TileOperand &operand, Nest &nest) {
  return Coverer(context).coverReduced(result, operand, nest);
}

bool lathe::coverPointwise(const CoverContext &context, Nest &nest, std::string &why) {
  Coverer coverer(context);
  if (coverer.cover(nest))
    return true;
  why = coverer.why;
  return false;
}
