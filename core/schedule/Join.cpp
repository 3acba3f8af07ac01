#include "core/schedule/Join.h"

#include "core/mapping/Padding.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

/// A nest's input that reads what an earlier nest of the chain computes.
struct Use {
  unsigned nest, input;
  bool goesOn; ///< it is what the nest's reduction goes on from
};

class Joiner {
public:
  Joiner(const Semantics &kernel, llvm::ArrayRef<Link> links, const Rules &rules,
         const Target &target)
      : kernel(kernel), links(links), rules(rules), target(target) {}

  std::optional<Chain> run() {
    for (const Link &link : links) {
      if (link.mapping->nests.size() != 1 || link.mapping->nests.front().firstLane)
        return std::nullopt;
      chain.nests.push_back(link.mapping->nests.front());
    }
    if (!isolated())
      return std::nullopt;
    chain.depth.assign(links.size(), 0);
    chain.inBlocks = true;
    bool goesOn = false;
    for (unsigned n = 0; n < links.size(); ++n) {
      std::vector<Use> uses;
      if (!findUses(n, uses) || (n > 0 && !takesSomething(n)))
        return std::nullopt;
      if (uses.empty())
        continue;
      if (!keep(n, uses))
        return std::nullopt;
      goesOn |= uses.front().goesOn;
    }
    if (!chain.inBlocks && goesOn)
      return std::nullopt;
    for (Nest &nest : chain.nests)
      if (paddingFault(nest, rules, target))
        return std::nullopt;
    return std::move(chain);
  }

private:
  unsigned resultOf(unsigned n) const { return links[n].group->statement.tensor; }

  static bool reads(const ExprRef &expr, unsigned tensor) {
    return (expr->op == Op::Load && expr->id == tensor) ||
           llvm::any_of(expr->operands,
                        [&](const ExprRef &operand) { return reads(operand, tensor); });
  }
  static bool reads(const Statement &statement, unsigned tensor) {
    auto in = [&](const ExprRef &expr) { return reads(expr, tensor); };
    return in(statement.value) || llvm::any_of(statement.subscripts, in) ||
           llvm::any_of(statement.conditions, in);
  }

  /// Results differ, and no group overwrites what an earlier one reads: host memory has no order
  /// within a device step.
  bool isolated() const {
    for (unsigned a = 0; a < links.size(); ++a)
      for (unsigned b = a + 1; b < links.size(); ++b)
        if (resultOf(a) == resultOf(b) || reads(links[a].group->statement, resultOf(b)))
          return false;
    return true;
  }

  /// How later nests read the result of nest `n`; false when one reads it in a way that has to go
  /// through host memory.
  bool findUses(unsigned n, std::vector<Use> &uses) const {
    for (unsigned m = n + 1; m < links.size(); ++m) {
      if (!reads(links[m].group->statement, resultOf(n)))
        continue;
      const Nest &nest = chain.nests[m];
      size_t before = uses.size();
      for (unsigned i = 0; i < nest.inputs.size(); ++i) {
        const StagedInput &input = nest.inputs[i];
        if (!input.source || !reads(input.source, resultOf(n)))
          continue;
        bool multiplied = nest.contraction && llvm::is_contained(nest.contraction->inputs, i);
        auto start = startOf(nest.values);
        bool goesOn = start && nest.values[*start].input == i;
        // Rows that leave lanes empty are not what another nest leaves.
        if (input.view.packing || input.lanes > 0 || (!multiplied && !goesOn))
          return false;
        uses.push_back({m, i, goesOn});
      }
      if (uses.size() == before)
        return false; // a form that reads it by another name
    }
    return true;
  }

  bool onlyReadHere(unsigned tensor) const {
    if (kernel.tensors[tensor].role != Role::Temporary)
      return false;
    for (unsigned s = 0; s < kernel.statements.size(); ++s) {
      const Statement &statement = kernel.statements[s];
      bool here = llvm::any_of(
          links, [&](const Link &link) { return llvm::is_contained(link.group->statements, s); });
      if (!here && (statement.tensor == tensor || reads(statement, tensor)))
        return false;
    }
    return true;
  }

  bool takesSomething(unsigned n) const {
    return llvm::any_of(chain.nests[n].inputs,
                        [](const StagedInput &input) { return input.kept.has_value(); });
  }

  /// Keeps or leaves the result of nest `n` for its uses.
  bool keep(unsigned n, llvm::ArrayRef<Use> uses) {
    const Tensor &tensor = kernel.tensors[resultOf(n)];
    bool goesOn = uses.front().goesOn;
    if (tensor.sizes.empty() || (goesOn && uses.size() > 1))
      return false;
    KeptTensor kept;
    kept.name = tensor.name;
    kept.rowElements = tensor.sizes.back();
    for (int64_t size : llvm::ArrayRef<int64_t>(tensor.sizes).drop_back())
      kept.rows *= size;
    auto spaceOf = [&](const Use &use) {
      return stagingSpace(chain.nests[use.nest].inputs[use.input], rules, target);
    };
    kept.space = spaceOf(uses.front());
    for (const Use &use : uses)
      if (use.goesOn != goesOn || spaceOf(use) != kept.space)
        return false;
    std::optional<Nest> producer = goesOn ? leaving(n) : keeping(n, kept.space);
    if (!producer)
      return false;
    if (!onlyReadHere(resultOf(n)) &&
        (goesOn || !storeAsWell(*producer, links[n].mapping->nests.front())))
      return false;
    auto written = rowWalk(producer->result, *producer, kept.rowElements);
    if (!written || !writesAll(*producer, kept))
      return false;
    if (!takesTheSame(*producer, chain.nests[n]))
      return false;
    producer->kept = chain.kept.size();
    chain.inBlocks &= byRow(*written, *producer, kept);
    chain.nests[n] = std::move(*producer);
    for (const Use &use : uses)
      if (!take(n, use, kept))
        return false;
    chain.kept.push_back(std::move(kept));
    return true;
  }

  std::optional<Nest> leaving(unsigned n) const {
    return completed(leavingNest(kernel, *links[n].group, *links[n].mapping, target, rules));
  }
  std::optional<Nest> keeping(unsigned n, unsigned space) const {
    return completed(keepingNest(kernel, *links[n].group, *links[n].mapping, space, target, rules));
  }
  std::optional<Nest> completed(std::optional<Nest> nest) const {
    if (nest)
      completeViews(*nest, rules);
    return nest;
  }

  /// Lets `nest` take on chip what `before` takes; false when it is not an input of the same kind.
  static bool takesTheSame(Nest &nest, const Nest &before) {
    auto start = startOf(nest.values), startBefore = startOf(before.values);
    for (unsigned b = 0; b < before.inputs.size(); ++b) {
      const StagedInput &taken = before.inputs[b];
      if (!taken.kept)
        continue;
      bool goesOn = startBefore && before.values[*startBefore].input == b;
      if (goesOn && !start)
        return false;
      // The contraction's inputs come first, and are the same.
      StagedInput &input = nest.inputs[goesOn ? nest.values[*start].input : b];
      if (input.load != taken.load || !input.source || !equal(*input.source, *taken.source))
        return false;
      input.kept = taken.kept;
    }
    return true;
  }

  static int64_t points(const Nest &nest) {
    int64_t n = 1;
    for (const NestLoop &loop : nest.loops)
      n *= loop.reduction ? 1 : loop.extent;
    return n;
  }

  static bool writesAll(const Nest &nest, const KeptTensor &kept) {
    return points(nest) == kept.rows * kept.rowElements &&
           nest.loops[nest.laneLoop].extent == kept.rowElements;
  }

  /// True when the row loop, and no other, walks all rows of the tensor one by one.
  static bool byRow(const RowWalk &walk, const Nest &nest, const KeptTensor &kept) {
    for (unsigned l = 0; l < nest.loops.size(); ++l)
      if (walk.steps[l] != (l == nest.rowLoop ? 1 : 0))
        return false;
    return walk.offset == 0 && nest.loops[nest.rowLoop].extent == kept.rows;
  }

  bool take(unsigned producer, const Use &use, const KeptTensor &kept) {
    Nest &nest = chain.nests[use.nest];
    StagedInput &input = nest.inputs[use.input];
    auto walk = rowWalk(input.view, nest, kept.rowElements);
    if (!walk)
      return false;
    input.kept = chain.kept.size();
    chain.inBlocks &= byRow(*walk, nest, kept) && input.addressedLoop == nest.rowLoop;
    if (!use.goesOn) {
      chain.depth[use.nest] = std::max(chain.depth[use.nest], chain.depth[producer] + 1);
      return stepFits(nest, use.input, *walk);
    }
    // Its results are where the producer's are: the same rows and lanes in the same space.
    chain.depth[use.nest] = std::max(chain.depth[use.nest], chain.depth[producer]);
    const Nest &left = chain.nests[producer];
    return resultSpace(left, rules, target) == resultSpace(nest, rules, target) &&
           points(left) == points(nest) && points(nest) == kept.rows * kept.rowElements &&
           nest.loops[nest.laneLoop].extent == kept.rowElements &&
           left.loops[left.laneLoop].extent == kept.rowElements;
  }

  /// Whoever reads the kept rows can step from one to the next.
  bool stepFits(const Nest &nest, unsigned i, const RowWalk &walk) const {
    const StagedInput &input = nest.inputs[i];
    if (!input.addressedLoop)
      return false;
    int64_t step = walk.steps[*input.addressedLoop];
    if (input.hop) // reads rows that follow each other
      return step == 1;
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    for (size_t s = 0; s < nest.contraction->inputs.size(); ++s) {
      if (nest.contraction->inputs[s] != i)
        continue;
      const Intrinsic &intrinsic = target.intrinsics[rule.intrinsic];
      const Step &how = intrinsic.tiles[rule.sources[s].operand].step;
      if (how.kind == Step::Kind::Fixed)
        return step == 1;
      if (how.kind == Step::Kind::State)
        return true;
      return step >= intrinsic.arguments[how.id].min && step <= intrinsic.arguments[how.id].max;
    }
    return false;
  }

  const Semantics &kernel;
  llvm::ArrayRef<Link> links;
  const Rules &rules;
  const Target &target;
  Chain chain;
};

} // namespace

std::optional<Chain> lathe::joinLinks(const Semantics &kernel, llvm::ArrayRef<Link> links,
                                      const Rules &rules, const Target &target) {
  return Joiner(kernel, links, rules, target).run();
}
