#include "core/mapping/Band.h"

#include "core/mapping/View.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

namespace {

const ElementType kIndex = ElementType::index();

ExprRef times(int64_t factor, ExprRef value) {
  return factor == 1 ? value
                     : makeExpr(Op::Mul, kIndex, {makeConstant(factor, kIndex), std::move(value)});
}

/// `expr` with loops replaced by what `values` has for them.
ExprRef substituted(const ExprRef &expr, const std::map<unsigned, ExprRef> &values) {
  if (expr->op == Op::Loop) {
    auto at = values.find(expr->id);
    return at == values.end() ? expr : at->second;
  }
  if (expr->operands.empty())
    return expr;
  auto copy = std::make_shared<Expr>(*expr);
  for (ExprRef &operand : copy->operands)
    operand = substituted(operand, values);
  return copy;
}

class BandBuilder {
public:
  BandBuilder(const Semantics &kernel, const Group &group, const Expr &reduction,
              const Rules &rules)
      : kernel(kernel), group(group), statement(group.statement), reduction(reduction) {
    for (const Rule &rule : rules.rules) {
      if (rule.kind != Rule::Kind::Contract || rule.destination.loops.empty())
        continue;
      lanes = std::max(lanes, rule.loops[rule.destination.loops.back()].max);
      for (const RuleLoop &loop : rule.loops)
        depth = std::max(depth, loop.reduction ? loop.max : 1);
    }
  }

  std::vector<std::shared_ptr<const BandForm>> run() {
    const Expr &body = *reduction.operands[0];
    if (reduction.reduction != Reduction::Sum || body.op != Op::Mul || !collect(body) ||
        accesses.size() != 2)
      return {};
    for (unsigned input : {0, 1})
      if (lanesOf(accesses[1 - input], accesses[input]) * 2 <= lanes)
        addBest(accesses[input], accesses[1 - input]);
    return std::move(forms);
  }

private:
  bool collect(const Expr &expr) {
    if (expr.op == Op::Load) {
      auto access = accessOf(expr, kernel);
      if (access)
        accesses.push_back(std::move(*access));
      return access.has_value();
    }
    return llvm::all_of(expr.operands, [&](const ExprRef &operand) { return collect(*operand); });
  }

  /// Iterations of the parallel loops that walk the weights and not the input.
  int64_t lanesOf(const TensorAccess &weights, const TensorAccess &input) const {
    int64_t n = 1;
    for (unsigned l = 0; l < statement.loops.size(); ++l)
      if (!statement.loops[l].reduction && dependsOn(weights, l) && !dependsOn(input, l))
        n *= statement.loops[l].size;
    return n;
  }

  void addBest(const TensorAccess &input, const TensorAccess &weights) {
    candidates.clear();
    for (const Affine &subscript : input.subscripts)
      addWindows(subscript, weights);
    auto smaller = [](const BandForm &a, const BandForm &b) { return a.factor < b.factor; };
    auto best = std::max_element(candidates.rbegin(), candidates.rend(), smaller);
    if (best == candidates.rend())
      return;
    auto form = std::make_shared<BandForm>(*best);
    form->group = group;
    rewrite(form->group.statement, *form);
    forms.push_back(std::move(form));
  }

  /// Pairs of a parallel and a reduction loop in one subscript of the input.
  void addWindows(const Affine &subscript, const TensorAccess &weights) {
    for (auto [window, stride] : subscript.loops)
      for (auto [reduced, dilation] : subscript.loops)
        if (!statement.loops[window].reduction && statement.loops[reduced].reduction &&
            stride > 0 && dilation > 0 && stride % dilation == 0 && !dependsOn(weights, window) &&
            walksAlone(weights, reduced))
          add(window, reduced, stride / dilation);
  }

  /// The loop is all of one subscript of the weights, and nowhere else: its end is their end.
  bool walksAlone(const TensorAccess &weights, unsigned loop) const {
    unsigned alone = 0, used = 0;
    for (size_t d = 0; d < weights.subscripts.size(); ++d) {
      const Affine &subscript = weights.subscripts[d];
      used += subscript.coefficient(loop) != 0;
      alone += subscript.constant == 0 && subscript.loops.size() == 1 &&
               subscript.coefficient(loop) == 1 &&
               kernel.tensors[weights.tensor].sizes[d] == statement.loops[loop].size;
    }
    return alone == 1 && used == 1;
  }

  void add(unsigned window, unsigned reduced, int64_t step) {
    int64_t outputs = statement.loops[window].size, taps = statement.loops[reduced].size;
    int64_t factor = std::min(outputs, (depth - taps) / step + 1);
    while (factor > 1 && outputs % factor != 0)
      --factor;
    if (taps < 2 || factor < 2)
      return;
    candidates.push_back({window, reduced, unsigned(statement.loops.size()), factor, step, {}});
  }

  void rewrite(Statement &out, const BandForm &form) const {
    int64_t taps = statement.loops[form.reduced].size;
    Loop inner = out.loops[form.window];
    inner.name = freshName(inner.name + "_in", out);
    resize(inner, form.factor);
    resize(out.loops[form.window], out.loops[form.window].size / form.factor);
    out.loops[form.reduced].name = freshName(
        statement.loops[form.window].name + "_" + statement.loops[form.reduced].name, out);
    resize(out.loops[form.reduced], taps + form.step * (form.factor - 1));
    out.loops.push_back(std::move(inner));
    ExprRef window = makeExpr(Op::Add, kIndex,
                              {times(form.factor, makeLoop(form.window)), makeLoop(form.inner)});
    ExprRef tap =
        makeExpr(Op::Sub, kIndex, {makeLoop(form.reduced), times(form.step, makeLoop(form.inner))});
    std::map<unsigned, ExprRef> values{{form.window, window}, {form.reduced, tap}};
    for (ExprRef &subscript : out.subscripts)
      subscript = substituted(subscript, values);
    auto condition = ElementType::condition();
    std::vector<ExprRef> band{makeExpr(Op::LessEqual, condition, {makeConstant(0, kIndex), tap}),
                              makeExpr(Op::Less, condition, {tap, makeConstant(taps, kIndex)})};
    out.value = withConditions(substituted(out.value, values), band);
  }

  static void resize(Loop &loop, int64_t size) {
    loop.size = size;
    loop.extent = makeConstant(size, kIndex);
  }

  /// The only reduction in `expr` restricted by further conditions.
  static ExprRef withConditions(const ExprRef &expr, llvm::ArrayRef<ExprRef> conditions) {
    auto copy = std::make_shared<Expr>(*expr);
    if (expr->op == Op::Reduce)
      copy->operands.insert(copy->operands.end(), conditions.begin(), conditions.end());
    else
      for (ExprRef &operand : copy->operands)
        operand = withConditions(operand, conditions);
    return copy;
  }

  std::string freshName(std::string name, const Statement &among) const {
    auto taken = [&] {
      return kernel.findTensor(name) || kernel.findSize(name) ||
             llvm::any_of(among.loops, [&](const Loop &loop) { return loop.name == name; });
    };
    while (taken())
      name += "_";
    return name;
  }

  const Semantics &kernel;
  const Group &group;
  const Statement &statement;
  const Expr &reduction;
  int64_t lanes = 1, depth = 1;
  std::vector<TensorAccess> accesses;
  std::vector<BandForm> candidates; ///< of one operand, without their groups
  std::vector<std::shared_ptr<const BandForm>> forms;
};

/// Walks the statement and its form side by side.
class BandCheck {
public:
  BandCheck(const Semantics &kernel, const Statement &before, const BandForm &form)
      : kernel(kernel), before(before), after(form.group.statement), form(form) {}

  std::optional<std::string> run() {
    if (!loopsAgree())
      return "its band has other points";
    if (before.tensor != after.tensor || before.assign != after.assign ||
        before.subscripts.size() != after.subscripts.size() || !before.conditions.empty() ||
        !after.conditions.empty())
      return "its band writes something else";
    for (size_t d = 0; d < before.subscripts.size(); ++d)
      if (!agree(*before.subscripts[d], *after.subscripts[d]))
        return "its band writes other elements";
    if (!agree(*before.value, *after.value))
      return "its band computes something else";
    if (!isBanded)
      return "its band has no border";
    return std::nullopt;
  }

private:
  int64_t taps() const { return before.loops[form.reduced].size; }

  bool loopsAgree() const {
    if (after.loops.size() != before.loops.size() + 1 || form.inner != before.loops.size() ||
        form.window == form.reduced || form.factor < 1 || form.step < 1)
      return false;
    for (unsigned l = 0; l < before.loops.size(); ++l)
      if (before.loops[l].reduction != after.loops[l].reduction ||
          (l != form.window && l != form.reduced && before.loops[l].size != after.loops[l].size))
        return false;
    return !before.loops[form.window].reduction && before.loops[form.reduced].reduction &&
           !after.loops[form.inner].reduction && after.loops[form.inner].size == form.factor &&
           after.loops[form.window].size * form.factor == before.loops[form.window].size &&
           after.loops[form.reduced].size >= taps() + form.step * (form.factor - 1);
  }

  /// An index before, as it is over the loops afterwards.
  std::optional<Affine> moved(const Affine &index) const {
    std::vector<int64_t> terms(after.loops.size(), 0);
    if (!index.sizes.empty())
      return std::nullopt;
    for (auto [loop, coefficient] : index.loops) {
      terms[loop] += loop == form.window ? coefficient * form.factor : coefficient;
      if (loop == form.window)
        terms[form.inner] += coefficient;
      if (loop == form.reduced)
        terms[form.inner] -= coefficient * form.step;
    }
    Affine result;
    result.constant = index.constant;
    for (unsigned l = 0; l < terms.size(); ++l)
      if (terms[l] != 0)
        result.loops.push_back({l, terms[l]});
    return result;
  }

  bool agree(const Expr &a, const Expr &b) {
    if (a.type.isIndex() && b.type.isIndex())
      if (auto from = affineForm(a, kernel), to = affineForm(b, kernel); from && to)
        return moved(*from) == to;
    if (a.op == Op::Loop)
      return false;
    size_t shared = a.operands.size();
    if (a.op == Op::Reduce && b.operands.size() == shared + 2)
      isBanded =
          isBorder(*b.operands[shared], *b.operands[shared + 1]) && a.reduction == Reduction::Sum;
    else if (b.operands.size() != shared)
      return false;
    if (a.op != b.op || !(a.type == b.type) || a.integer != b.integer || a.real != b.real ||
        a.id != b.id || a.reduction != b.reduction || a.loops != b.loops)
      return false;
    for (size_t i = 0; i < shared; ++i)
      if (!agree(*a.operands[i], *b.operands[i]))
        return false;
    return true;
  }

  /// 0 <= u - step * f and u - step * f < taps.
  bool isBorder(const Expr &low, const Expr &high) const {
    if (low.op != Op::LessEqual || high.op != Op::Less)
      return false;
    Affine tap{};
    tap.loops = {{form.reduced, 1}, {form.inner, -form.step}};
    auto isNumber = [&](const Expr &expr, int64_t number) {
      auto affine = affineForm(expr, kernel);
      return affine && affine->loops.empty() && affine->sizes.empty() && affine->constant == number;
    };
    return isNumber(*low.operands[0], 0) && affineForm(*low.operands[1], kernel) == tap &&
           affineForm(*high.operands[0], kernel) == tap && isNumber(*high.operands[1], taps());
  }

  const Semantics &kernel;
  const Statement &before, &after;
  const BandForm &form;
  bool isBanded = false;
};

} // namespace

std::vector<std::shared_ptr<const BandForm>> lathe::bandForms(const Semantics &kernel,
                                                              const Group &group,
                                                              const Expr &reduction,
                                                              const Rules &rules) {
  return BandBuilder(kernel, group, reduction, rules).run();
}

std::optional<std::string> lathe::bandFault(const Semantics &kernel, const Group &group,
                                            const BandForm &form) {
  return BandCheck(kernel, group.statement, form).run();
}
