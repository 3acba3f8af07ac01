#include "core/mapping/Planes.h"

#include "core/semantics/Interval.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

/// Tries the calls of one contraction.
class CallCheck {
public:
  CallCheck(const Semantics &kernel, const Statement &statement, const Expr &reduction,
            const Nest &nest, const Rules &rules, const Target &target)
      : kernel(kernel), statement(statement), reduction(reduction), nest(nest),
        contraction(*nest.contraction), rule(rules.rules[*contraction.accumulate]),
        intrinsic(target.intrinsics[rule.intrinsic]) {}

  std::optional<std::string> run() {
    if (rule.part && !staysInside())
      return "what a call sums may be clamped";
    size_t count = 1;
    for (unsigned l : contraction.variedBy)
      count *= nest.loops[l].extent;
    if (contraction.variants.size() != count)
      return "some calls have no variant";
    loops.assign(statement.loops.size(), 0);
    for (size_t i = 0; i < count; ++i)
      if (!placeAt(i) || !agrees(contraction.variants[i]))
        return "calls of iteration " + std::to_string(i) + " add something else";
    return std::nullopt;
  }

private:
  bool staysInside() const {
    int64_t points = contraction.windowPoints;
    for (const RuleLoop &loop : rule.loops)
      if (loop.reduction && contraction.windowPoints == 0)
        points = std::max<int64_t>(1, points) * loop.max;
    Interval one = valueRange(*reduction.operands[0], statement, kernel);
    if (rule.shift) // behind the clamp
      one = valueRange(*withoutCoefficient(reduction.operands[0]).first, statement, kernel);
    return one.high * points <= rule.part->high && one.low * points >= rule.part->low;
  }

  /// The loops that calls differ by have the values of iteration `i`.
  bool placeAt(size_t i) {
    for (unsigned l : llvm::reverse(contraction.variedBy)) {
      const NestLoop &loop = nest.loops[l];
      if (loop.kernelLoops.size() != 1 || !loop.reduction)
        return false;
      loops[loop.kernelLoops.front()] = static_cast<int64_t>(i % loop.extent);
      i /= loop.extent;
    }
    return true;
  }

  static std::vector<int64_t> cornersOf(ElementType type) {
    std::vector<int64_t> corners;
    for (int64_t value : {type.min(), type.min() + 1, type.max() / 3, type.max() - 1, type.max()})
      corners.push_back(wrapInteger(value, type));
    for (int64_t value : {-1, 0, 1})
      if (value >= 0 || type.isSigned())
        corners.push_back(wrapInteger(value, type));
    return corners;
  }

  /// For corners of the kernel's operands, what the call adds is what the kernel's body is.
  bool agrees(const CallVariant &variant) const {
    std::vector<std::vector<int64_t>> corners;
    for (unsigned i : contraction.inputs) {
      const ExprRef &source = nest.inputs[i].source;
      corners.push_back(source->op == Op::Load ? cornersOf(source->type)
                                               : std::vector<int64_t>{source->integer});
    }
    std::vector<size_t> at(corners.size(), 0);
    while (true) {
      std::vector<int64_t> values;
      for (size_t s = 0; s < corners.size(); ++s)
        values.push_back(corners[s][at[s]]);
      if (!agrees(variant, values))
        return false;
      size_t s = 0;
      while (s < at.size() && ++at[s] == corners[s].size())
        at[s++] = 0;
      if (s == at.size())
        return true;
    }
  }

  bool agrees(const CallVariant &variant, llvm::ArrayRef<int64_t> values) const {
    auto wanted = valueAt(*reduction.operands[0], loops,
                          [&](const Expr &load) { return kernelValue(load, values); });
    auto body = valueAt(*rule.body, {},
                        [&](const Expr &load) { return machineValue(load, variant, values); });
    if (!wanted || !body)
      return false;
    auto added = static_cast<uint64_t>(*body);
    if (rule.shift) {
      auto shift = variant.scalars.find(*rule.shift);
      if (shift == variant.scalars.end() || shift->second < 0 || shift->second > 63)
        return false;
      added <<= shift->second;
    }
    added = variant.subtracts ? 0 - added : added;
    return wrapInteger(static_cast<int64_t>(added), reduction.type) == *wanted;
  }

  std::optional<int64_t> kernelValue(const Expr &load, llvm::ArrayRef<int64_t> values) const {
    for (size_t s = 0; s < values.size(); ++s)
      if (equal(*nest.inputs[contraction.inputs[s]].source, load))
        return values[s];
    return std::nullopt;
  }

  std::optional<int64_t> machineValue(const Expr &load, const CallVariant &variant,
                                      llvm::ArrayRef<int64_t> values) const {
    for (size_t s = 0; s < values.size(); ++s)
      if (intrinsic.tiles[rule.sources[s].operand].tensor == load.id)
        return values[s];
    auto scalar = variant.scalars.find(load.id);
    return scalar == variant.scalars.end() ? std::nullopt : std::optional(scalar->second);
  }

  const Semantics &kernel;
  const Statement &statement;
  const Expr &reduction;
  const Nest &nest;
  const Nest::Contraction &contraction;
  const Rule &rule;
  const Intrinsic &intrinsic;
  std::vector<int64_t> loops; ///< values of the kernel's
};

} // namespace

std::optional<std::string> lathe::callsFault(const Semantics &kernel, const Statement &statement,
                                             const Nest &nest, const Rules &rules,
                                             const Target &target) {
  if (!nest.contraction)
    return std::nullopt;
  const Rule &rule = rules.rules[*nest.contraction->accumulate];
  if (nest.contraction->variants.empty() && !rule.part && !rule.shift)
    return std::nullopt;
  bool several = false;
  const Expr *reduction = findReduction(*statement.value, several);
  if (!reduction || several)
    return "it has no reduction";
  return CallCheck(kernel, statement, *reduction, nest, rules, target).run();
}
