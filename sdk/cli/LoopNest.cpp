#include "sdk/cli/LoopNest.h"

#include "core/schedule/Layout.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using namespace lathe::cli;
using llvm::divideCeil;
using llvm::formatv;

std::string lathe::cli::kernelLoops(const NestLoop &loop, const Statement &statement) {
  std::string text;
  for (unsigned l : loop.kernelLoops)
    text += (text.empty() ? "" : ",") + statement.loops[l].name;
  return text.empty() ? "1" : text;
}

std::vector<std::pair<const Nest *, const Tiling *>>
lathe::cli::emittedNests(const Placement &placement) {
  if (placement.part)
    return {{&placement.part->nest, &placement.part->tiling}};
  std::vector<std::pair<const Nest *, const Tiling *>> nests;
  const RankedMapping &chosen = placement.mappings.front();
  for (const auto &[nest, tiling] : llvm::zip(chosen.mapping.nests, chosen.tilings))
    nests.push_back({&nest, &tiling});
  return nests;
}

namespace {

class Writer {
public:
  Writer(const Nest &nest, const Tiling &tiling, const Statement &statement, const Rules &rules,
         const Target &target)
      : nest(nest), tiling(tiling), statement(statement), rules(rules), target(target) {}

  std::vector<LoopLine> write() {
    std::vector<unsigned> order = tileLoops();
    brought.assign(nest.inputs.size(), false);
    for (size_t d = 0;; ++d) {
      bring(llvm::ArrayRef<unsigned>(order).drop_front(d));
      if (d == order.size())
        break;
      unsigned l = order[d];
      const char *what = tiling.inBlocks && l == nest.rowLoop ? "blocks" : "tiles";
      open(l, trips(l), what, tiling.tile[l]);
    }
    chunks();
    return std::move(lines);
  }

private:
  int64_t trips(unsigned l) const { return divideCeil(nest.loops[l].extent, tiling.tile[l]); }
  std::string nameOf(unsigned l) const { return kernelLoops(nest.loops[l], statement); }
  const Intrinsic &intrinsicOf(unsigned rule) const {
    return target.intrinsics[rules.rules[rule].intrinsic];
  }
  const std::string &spaceOf(unsigned rule, const RuleTile &tile) const {
    return target.spaces[intrinsicOf(rule).tiles[tile.operand].space].name;
  }

  void say(const std::string &text) { lines.push_back({depth, text + when}); }

  /// ", in the last of k": of the tiles that add to one result.
  std::string turn(const char *which) const {
    std::string loops;
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (nest.loops[l].reduction && trips(l) > 1)
        loops += (loops.empty() ? "" : ",") + nameOf(l);
    return loops.empty() ? "" : formatv(", in the {0} of {1}", which, loops).str();
  }

  void open(unsigned l, int64_t count, const char *what, int64_t size) {
    say(formatv("for {0} in {1} {2} of {3}{4}", nameOf(l), count, what, size,
                nest.loops[l].reduction ? ", reduced" : ""));
    accumulates |= nest.loops[l].reduction;
    ++depth;
  }

  /// Loops over tiles, outermost first.
  std::vector<unsigned> tileLoops() const {
    std::vector<unsigned> order = tiling.order;
    if (tiling.inBlocks && trips(nest.rowLoop) > 1)
      order.insert(order.begin(), nest.rowLoop);
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (nest.loops[l].reduction && trips(l) > 1)
        order.push_back(l);
    return order;
  }

  static std::string nameOf(const HostView &view) {
    return view.splat ? std::to_string(*view.splat) : view.tensor;
  }

  void say(const HostView &view, unsigned rule) {
    const Rule &move = rules.rules[rule];
    say(formatv("{0}: {1} -> {2} by {3}", nameOf(view), spaceOf(rule, move.sources[0]),
                spaceOf(rule, move.destination), intrinsicOf(rule).name));
  }

  /// Inputs that depend on none of the loops `inside`, unless they are brought for each result.
  void bring(llvm::ArrayRef<unsigned> inside) {
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      const StagedInput &input = nest.inputs[i];
      if (brought[i] || input.kept || isScratch(nest, i, rules, target) ||
          llvm::any_of(inside, [&](unsigned l) { return dependsOn(input, l); }))
        continue;
      brought[i] = true;
      say(input.view, input.load);
    }
  }

  bool hopDependsOn(unsigned loop) const {
    return llvm::any_of(nest.contraction->inputs, [&](unsigned i) {
      return nest.inputs[i].hop && dependsOn(nest.inputs[i], loop);
    });
  }

  /// Lane chunks, and in each the contraction and what follows.
  void chunks() {
    int64_t width = resultLaneWidth(nest, rules, target);
    if (tiling.tile[nest.laneLoop] > width)
      open(nest.laneLoop, divideCeil(tiling.tile[nest.laneLoop], width), "chunks", width);
    unsigned outside = depth;
    auto start = startOf(nest.values);
    when = turn("first");
    if (start)
      value(*start);
    when.clear();
    if (nest.contraction)
      contraction();
    depth = outside;
    when = turn("last");
    for (unsigned v = 0; v < nest.values.size(); ++v)
      if (v != start)
        value(v);
    if (nest.place == ResultPlace::Left)
      say(formatv("{0}: left in {1}", nest.result.tensor,
                  target.spaces[nest.contraction->space].name));
    else
      store(nest.store);
    if (nest.hostStore)
      store(*nest.hostStore);
  }

  void store(const StoreCall &call) {
    const Rule &rule = rules.rules[call.rule];
    say(formatv("{0}: {1} -> {2} by {3}", nest.result.tensor, spaceOf(call.rule, rule.sources[0]),
                spaceOf(call.rule, rule.destination), intrinsicOf(call.rule).name));
  }

  void value(unsigned v) {
    const PointwiseValue &value = nest.values[v];
    if (value.kind == PointwiseValue::Kind::Input) {
      const StagedInput &input = nest.inputs[value.input];
      if (!input.kept && isScratch(nest, value.input, rules, target))
        say(input.view, input.load);
    } else if (value.kind == PointwiseValue::Kind::Compute) {
      say(formatv("in {0} by {1}", target.spaces[value.space].name, intrinsicOf(value.rule).name));
    }
  }

  /// Loops that stay outside of a call, as the emitter has them.
  void contraction() {
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    std::string over = nameOf(nest.rowLoop);
    auto chunked = [&](unsigned l) {
      int64_t size = l < rule.loops.size() ? rule.loops[l].max : 1;
      if (tiling.tile[l] > size)
        open(l, divideCeil(tiling.tile[l], size), "chunks", size);
    };
    for (unsigned l = 0; l < nest.loops.size(); ++l) {
      if (nest.loops[l].reduction || l == nest.rowLoop || l == nest.laneLoop)
        continue;
      if (hopDependsOn(l))
        chunked(l);
      else if (tiling.tile[l] > 1)
        over += "," + nameOf(l);
    }
    for (bool ofRule : {false, true})
      for (unsigned l = 0; l < nest.loops.size(); ++l)
        if (nest.loops[l].reduction && (l < rule.loops.size()) == ofRule)
          chunked(l);
    std::vector<std::string> operands;
    for (size_t s = 0; s < nest.contraction->inputs.size(); ++s) {
      const StagedInput &input = nest.inputs[nest.contraction->inputs[s]];
      if (input.hop)
        say(input.view, *input.hop);
      operands.push_back(nameOf(input.view) + " (" +
                         spaceOf(*nest.contraction->accumulate, rule.sources[s]) + ")");
    }
    bool sets = !startOf(nest.values);
    std::string names = intrinsicOf(*nest.contraction->accumulate).name;
    if (sets && !accumulates)
      names = intrinsicOf(*nest.contraction->set).name;
    else if (sets)
      names = intrinsicOf(*nest.contraction->set).name + ", then " + names;
    say(formatv("{0} {1} {2}, over {3}, by {4}", target.spaces[nest.contraction->space].name,
                sets ? "=" : "+=", llvm::join(operands, " and "), over, names));
  }

  const Nest &nest;
  const Tiling &tiling;
  const Statement &statement;
  const Rules &rules;
  const Target &target;
  std::vector<LoopLine> lines;
  std::string when; ///< in which tiles the line holds, if not in all
  std::vector<bool> brought;
  bool accumulates = false; ///< a result takes several calls
  unsigned depth = 0;
};

} // namespace

std::vector<LoopLine> lathe::cli::loopNest(const Nest &nest, const Tiling &tiling,
                                           const Statement &statement, const Rules &rules,
                                           const Target &target) {
  return Writer(nest, tiling, statement, rules, target).write();
}
