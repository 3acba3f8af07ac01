#include "core/semantics/Semantics.h"

#include "llvm/Support/MathExtras.h"

using namespace lathe;

int64_t Affine::coefficient(unsigned loop) const {
  for (auto [id, factor] : loops)
    if (id == loop)
      return factor;
  return 0;
}

using Terms = std::vector<std::pair<unsigned, int64_t>>;

/// a + factor * b, sorted and without zeros; nothing when a coefficient leaves 64 bits.
static std::optional<Terms> addTerms(const Terms &a, const Terms &b, int64_t factor) {
  Terms sum;
  size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    bool fromA = j == b.size() || (i < a.size() && a[i].first <= b[j].first);
    bool fromB = i == a.size() || (j < b.size() && b[j].first <= a[i].first);
    unsigned id = fromA ? a[i].first : b[j].first;
    int64_t value = fromA ? a[i++].second : 0;
    int64_t scaled = 0;
    if (fromB && (llvm::MulOverflow(b[j++].second, factor, scaled) ||
                  llvm::AddOverflow(value, scaled, value)))
      return std::nullopt;
    if (value != 0)
      sum.push_back({id, value});
  }
  return sum;
}

static std::optional<Affine> addScaled(const Affine &a, const Affine &b, int64_t factor) {
  Affine sum;
  int64_t scaled = 0;
  if (llvm::MulOverflow(b.constant, factor, scaled) ||
      llvm::AddOverflow(a.constant, scaled, sum.constant))
    return std::nullopt;
  auto loops = addTerms(a.loops, b.loops, factor);
  auto sizes = addTerms(a.sizes, b.sizes, factor);
  if (!loops || !sizes)
    return std::nullopt;
  sum.loops = std::move(*loops);
  sum.sizes = std::move(*sizes);
  return sum;
}

static bool isNumber(const Affine &form) { return form.loops.empty() && form.sizes.empty(); }

static std::optional<Affine> leafForm(const Expr &expr, const Semantics &semantics) {
  Affine form;
  if (expr.op == Op::Constant) {
    form.constant = expr.integer;
  } else if (expr.op == Op::Loop) {
    form.loops.push_back({expr.id, 1});
  } else if (expr.op == Op::Size) {
    if (auto value = semantics.sizes[expr.id].value)
      form.constant = *value;
    else
      form.sizes.push_back({expr.id, 1});
  } else {
    return std::nullopt;
  }
  return form;
}

std::optional<Affine> lathe::affineForm(const Expr &expr, const Semantics &semantics) {
  if (!expr.type.isIndex())
    return std::nullopt;
  if (expr.operands.empty())
    return leafForm(expr, semantics);
  if (expr.op != Op::Add && expr.op != Op::Sub && expr.op != Op::Mul && expr.op != Op::Neg)
    return std::nullopt;
  auto left = affineForm(*expr.operands[0], semantics);
  if (!left)
    return std::nullopt;
  if (expr.op == Op::Neg)
    return addScaled({}, *left, -1);
  auto right = affineForm(*expr.operands[1], semantics);
  if (!right)
    return std::nullopt;
  if (expr.op == Op::Add)
    return addScaled(*left, *right, 1);
  if (expr.op == Op::Sub)
    return addScaled(*left, *right, -1);
  if (isNumber(*right))
    return addScaled({}, *left, right->constant);
  if (isNumber(*left))
    return addScaled({}, *right, left->constant);
  return std::nullopt;
}
