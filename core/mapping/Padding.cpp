#include "core/mapping/Padding.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

std::optional<int64_t> lathe::neutralOf(Reduction reduction, ElementType type) {
  switch (reduction) {
  case Reduction::Sum:
  case Reduction::Any:
    return 0;
  case Reduction::Product:
  case Reduction::All:
    return 1;
  case Reduction::Max:
    return type.isInteger() ? std::optional(type.min()) : std::nullopt;
  case Reduction::Min:
    return type.isInteger() ? std::optional(type.max()) : std::nullopt;
  case Reduction::ArgMax:
  case Reduction::ArgMin:
    return std::nullopt; // a further candidate may win
  }
  return std::nullopt;
}

/// What makes `op` ignore its other operand, and what it then is.
static bool absorbs(Op op, int64_t value, ElementType type) {
  if (!type.isInteger() || (!type.isSigned() && type.bits == 64))
    return false; // 0.0 * inf; an upper half that looks negative
  switch (op) {
  case Op::Mul:
  case Op::And:
    return value == 0;
  case Op::Or:
    return value == -1;
  case Op::Max:
    return value == type.max();
  case Op::Min:
    return value == type.min();
  default:
    return false;
  }
}

/// `value` as `type` holds it when it is an integer that fits; anything else is left unknown.
static std::optional<int64_t> fitting(int64_t value, ElementType type) {
  if (type.isInteger() && (value < type.min() || value > type.max()))
    return std::nullopt;
  return value;
}

static std::optional<int64_t> combine(Op op, int64_t a, int64_t b, ElementType type) {
  if (type.isInteger() && !type.isSigned() && type.bits == 64)
    return std::nullopt; // its upper half looks negative here
  int64_t result = 0;
  switch (op) {
  case Op::Add:
    return __builtin_add_overflow(a, b, &result) ? std::nullopt : fitting(result, type);
  case Op::Sub:
    return __builtin_sub_overflow(a, b, &result) ? std::nullopt : fitting(result, type);
  case Op::Mul:
    return __builtin_mul_overflow(a, b, &result) ? std::nullopt : fitting(result, type);
  case Op::Min:
    return std::min(a, b);
  case Op::Max:
    return std::max(a, b);
  case Op::And:
    return a & b;
  case Op::Or:
    return a | b;
  case Op::Xor:
    return a ^ b;
  default:
    return std::nullopt;
  }
}

std::optional<int64_t> lathe::constantUnder(const Expr &body,
                                            const std::map<unsigned, int64_t> &known) {
  if (body.op == Op::Constant)
    return body.type.isInteger() || body.real == double(body.integer) ? std::optional(body.integer)
                                                                      : std::nullopt;
  if (body.op == Op::Load) {
    auto at = known.find(body.id);
    return at == known.end() ? std::nullopt : std::optional(at->second);
  }
  if (body.op == Op::Convert || body.op == Op::Saturate) {
    auto value = constantUnder(*body.operands[0], known);
    return value ? fitting(*value, body.type) : std::nullopt;
  }
  if (body.op == Op::Bit) // every bit of zero
    return constantUnder(*body.operands[0], known) == 0 ? std::optional<int64_t>(0) : std::nullopt;
  if (body.operands.size() != 2)
    return std::nullopt;
  auto a = constantUnder(*body.operands[0], known), b = constantUnder(*body.operands[1], known);
  if (a && b)
    return combine(body.op, *a, *b, body.type);
  for (auto side : {a, b})
    if (side && absorbs(body.op, *side, body.type))
      return side;
  return std::nullopt;
}

namespace {

class PaddingCheck {
public:
  PaddingCheck(const Nest &nest, const Rules &rules, const Target &target)
      : nest(nest), rules(rules), target(target) {}

  std::optional<std::string> run() const {
    if (auto fault = depthFault())
      return fault;
    for (const StagedInput &input : nest.inputs)
      if (auto fault = loadFault(input))
        return fault;
    return storeFault();
  }

private:
  const Intrinsic &intrinsicOf(const Rule &rule) const { return target.intrinsics[rule.intrinsic]; }
  const TileOperand &tile(const Rule &rule, const RuleTile &of) const {
    return intrinsicOf(rule).tiles[of.operand];
  }

  /// Depth loops that leave a last tile partly filled.
  std::optional<std::string> depthFault() const {
    if (!nest.contraction)
      return std::nullopt;
    const Rule &rule = rules.rules[*nest.contraction->accumulate];
    for (unsigned r = 0; r < rule.loops.size(); ++r) {
      const RuleLoop &loop = rule.loops[r];
      int64_t extent = nest.loops[nest.contraction->loops[r]].extent;
      if (!loop.reduction || loop.extent || extent % loop.max == 0)
        continue;
      std::map<unsigned, int64_t> padded;
      for (size_t s = 0; s < rule.sources.size(); ++s)
        if (auto value = paddingOf(nest.inputs[nest.contraction->inputs[s]], rule.sources[s], r))
          padded[tile(rule, rule.sources[s]).tensor] = *value;
      if (constantUnder(*rule.body, padded) != neutralOf(rule.reduction, rule.body->type))
        return llvm::formatv(
                   "{0} of {1} iterations are left for its last tile of {2}, and what fills "
                   "the rest is not neutral to '{3}'",
                   extent % loop.max, extent, loop.max, spelling(rule.reduction))
            .str();
    }
    return std::nullopt;
  }

  /// The number that fills the operand behind the last value of its rule loop.
  std::optional<int64_t> paddingOf(const StagedInput &input, const RuleTile &operand,
                                   unsigned ruleLoop) const {
    if (input.view.splat)
      return input.view.splat; // full of one number everywhere
    auto dimension = llvm::find(operand.loops, ruleLoop);
    if (dimension == operand.loops.end())
      return std::nullopt;
    size_t d = dimension - operand.loops.begin();
    const Rule &load = rules.rules[input.load];
    if (!input.hop)
      return input.kept ? std::nullopt : brings(input, load, d);
    const Rule &hop = rules.rules[*input.hop];
    if (auto value = fills(hop, d))
      return value;
    if (input.kept)
      return std::nullopt; // behind its last element stands anything
    auto staged = llvm::find(hop.sources[0].loops, hop.destination.loops[d]);
    return staged == hop.sources[0].loops.end()
               ? std::nullopt
               : brings(input, load, staged - hop.sources[0].loops.begin());
  }

  /// The number that `load` brings behind the last element along destination dimension `d`: blocks
  /// that are brought whole hold zeros there.
  static std::optional<int64_t> brings(const StagedInput &input, const Rule &load, size_t d) {
    bool isLane = d + 1 == load.destination.loops.size();
    bool isWhole = input.view.encoding && (input.view.encoding->wholeRows ||
                                           !load.loops[load.destination.loops.back()].extent);
    if (isLane && isWhole && (input.view.encoding->wholeRows || !load.padding))
      return 0;
    return fills(load, d);
  }

  /// The number that `move` writes behind its source along destination dimension `d`.
  static std::optional<int64_t> fills(const Rule &move, size_t d) {
    if (!move.padding || d >= move.destination.loops.size() ||
        move.padding->loop != move.destination.loops[d])
      return std::nullopt;
    return move.padding->value;
  }

  /// A load whose row has a fixed length reads what stands behind a shorter one.
  std::optional<std::string> loadFault(const StagedInput &input) const {
    const Rule &load = rules.rules[input.load];
    if (input.kept || input.view.splat || input.view.encoding || load.padding ||
        load.sources[0].loops.empty())
      return std::nullopt;
    const RuleLoop &row = load.loops[load.sources[0].loops.back()];
    int64_t extent = input.rowLoop ? nest.loops[*input.rowLoop].extent : 1;
    if (row.extent || extent % row.max == 0)
      return std::nullopt;
    return llvm::formatv("{0} reads whole rows of {1} elements, '{2}' has rows of {3}",
                         intrinsicOf(load).name, row.max, input.view.tensor, extent)
        .str();
  }

  std::optional<std::string> storeFault() const {
    if (nest.place != ResultPlace::Host)
      return std::nullopt; // its readers know that behind its last element stands anything
    const Rule &store = rules.rules[nest.store.rule];
    if (store.destination.loops.empty())
      return std::nullopt;
    const RuleLoop &row = store.loops[store.destination.loops.back()];
    int64_t extent = nest.loops[nest.laneLoop].extent;
    if (row.extent || extent % row.max == 0 || nest.result.encoding)
      return std::nullopt;
    return llvm::formatv("{0} writes whole rows of {1} elements, '{2}' has rows of {3}",
                         intrinsicOf(store).name, row.max, nest.result.tensor, extent)
        .str();
  }

  const Nest &nest;
  const Rules &rules;
  const Target &target;
};

} // namespace

std::optional<std::string> lathe::paddingFault(const Nest &nest, const Rules &rules,
                                               const Target &target) {
  return PaddingCheck(nest, rules, target).run();
}
