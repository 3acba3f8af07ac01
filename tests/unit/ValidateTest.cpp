#include "core/mapping/Validate.h"
#include "tests/unit/DescribedTarget.h"

#include <functional>

using namespace lathe;
using namespace lathe::test;

namespace {

/// Every mapping of a padded convolution with a stride, finished.
struct Conv {
  Target target = DenseUnit{}.load();
  Rules rules = deriveRules(target);
  Notation notation;
  Semantics kernel;
  Group group;
  std::vector<Mapping> mappings;

  Conv() {
    auto bound = notation.bound(
        "kernel conv(x: i8[N,H,W,C], w: i8[R,S,C,K]) -> y: i32[N,P,Q,K] {\n"
        "  y[n,p,q,k] = sum(r,s,c where 0 <= 2*p+r-1 < H, 0 <= q+s-1 < W)\n"
        "    i32(x[n,2*p+r-1,q+s-1,c]) * i32(w[r,s,c,k])\n}",
        {{"N", 2}, {"H", 5}, {"W", 4}, {"C", 3}, {"K", 5}, {"R", 3}, {"S", 3}, {"P", 3}, {"Q", 4}});
    REQUIRE_MESSAGE(bound, notation.shown());
    kernel = *bound;
    group = groupsFrom(kernel, 0).front();
    std::vector<Refusal> refusals;
    for (Mapping &mapping : enumerateMappings(kernel, group, target, rules, refusals)) {
      Reason why;
      REQUIRE_MESSAGE(mapping.finish(why), why.text);
      mappings.push_back(std::move(mapping));
    }
  }

  std::optional<std::string> fault(const Mapping &mapping) const {
    return mappingFault(kernel, group, mapping, rules, target);
  }

  /// How many of the mappings that `damage` changes are still taken for right.
  size_t missed(std::function<bool(Nest &)> damage) const {
    size_t missed = 0, damaged = 0;
    for (Mapping mapping : mappings) {
      if (!damage(mapping.nests.front()))
        continue;
      ++damaged;
      missed += !fault(mapping);
    }
    CHECK(damaged > 0);
    return missed;
  }
};

} // namespace

TEST_CASE("validate: every mapping of a padded, strided convolution is shown to be right") {
  Conv conv;
  CHECK(conv.mappings.size() == 98);
  for (const Mapping &mapping : conv.mappings)
    CHECK_MESSAGE(!conv.fault(mapping), (mapping.text + ": " + conv.fault(mapping).value_or("")));
}

TEST_CASE("validate: a damaged mapping is refuted") {
  Conv conv;
  CHECK(conv.missed([](Nest &nest) { return ++nest.inputs[0].view.offset, true; }) == 0);
  CHECK(conv.missed([](Nest &nest) { return --nest.result.offset, true; }) == 0);
  CHECK(conv.missed([](Nest &nest) {
    for (Coordinate &coordinate : nest.inputs[0].view.coordinates)
      if (!coordinate.terms.empty() && nest.loops[coordinate.terms[0].first].extent > 1)
        return ++coordinate.stride, true;
    return false;
  }) == 0);
  CHECK(conv.missed([](Nest &nest) {
    for (Coordinate &coordinate : nest.inputs[1].view.coordinates)
      for (auto &[loop, coefficient] : coordinate.terms)
        if (nest.loops[loop].extent > 1)
          return ++coefficient, true;
    return false;
  }) == 0);
  CHECK(conv.missed([](Nest &nest) { return --nest.loops[0].extent, true; }) == 0);
  CHECK(conv.missed([](Nest &nest) {
    NestLoop &loop = nest.loops.back();
    return loop.extent > 1 && (loop.kernelLoops.pop_back(), true);
  }) == 0);
  CHECK(conv.missed([](Nest &nest) {
    for (NestLoop &loop : nest.loops)
      if (loop.kernelLoops.size() > 1)
        return std::swap(loop.kernelLoops[0], loop.kernelLoops[1]), true;
    return false;
  }) == 0);
}

TEST_CASE("validate: a copy without its guard, or of other elements, is refuted") {
  Conv conv;
  auto changeCopy = [&](std::function<bool(Statement &)> change) {
    return conv.missed([&](Nest &nest) {
      for (StagedInput &input : nest.inputs)
        if (input.view.packing)
          return change(input.view.packing->semantics.statements.front());
      return false;
    });
  };
  CHECK(changeCopy([](Statement &copy) {
          if (copy.value->op != Op::Select)
            return false;
          copy.value = copy.value->operands[1];
          return true;
        }) == 0);
  CHECK(changeCopy([](Statement &copy) {
          std::vector<const Expr *> guards;
          const Expr *load = copy.value.get();
          for (; load->op == Op::Select; load = load->operands[1].get())
            guards.push_back(load);
          auto moved = std::make_shared<Expr>(*load);
          moved->operands[0] =
              makeExpr(Op::Add, ElementType::index(),
                       {moved->operands[0], makeConstant(1, ElementType::index())});
          ExprRef value = moved;
          for (const Expr *guard : llvm::reverse(guards)) {
            auto outer = std::make_shared<Expr>(*guard);
            outer->operands[1] = value;
            value = outer;
          }
          copy.value = value;
          return true;
        }) == 0);
}

/// `expr` with the divisors of its remainders one larger; `changed` tells whether it has any.
static ExprRef withOtherDivisors(const ExprRef &expr, bool &changed) {
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = withOtherDivisors(operand, changed);
  if (expr->op == Op::Mod) {
    copy->operands[1] = makeConstant(expr->operands[1]->integer + 1, ElementType::index());
    changed = true;
  }
  return copy;
}

TEST_CASE("validate: a copy with spaced rows that are split otherwise is refuted") {
  Conv conv;
  unsigned spaced = 0;
  CHECK(conv.missed([&](Nest &nest) {
    for (StagedInput &input : nest.inputs) {
      bool changed = false;
      if (!input.view.packing)
        continue;
      ExprRef &value = input.view.packing->semantics.statements.front().value;
      ExprRef other = withOtherDivisors(value, changed);
      if (!changed)
        continue;
      value = other;
      ++spaced;
      return true;
    }
    return false;
  }) == 0);
  CHECK(spaced > 0);
}

TEST_CASE("validate: two points of the result on one element are refuted") {
  Conv conv;
  Mapping mapping = conv.mappings.front();
  Group group = conv.group;
  group.statement.subscripts[0] = makeConstant(0, ElementType::index());
  CHECK(mappingFault(conv.kernel, group, mapping, conv.rules, conv.target).has_value());
}
