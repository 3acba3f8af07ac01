#include "core/mapping/Match.h"

#include "core/semantics/Accesses.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

bool isCommutative(Op op) {
  switch (op) {
  case Op::Add:
  case Op::Mul:
  case Op::Min:
  case Op::Max:
  case Op::And:
  case Op::Or:
  case Op::Xor:
    return true;
  default:
    return false;
  }
}

/// The value of operand `side` that makes `op` return its other operand.
std::optional<int64_t> neutral(Op op, unsigned side, ElementType type) {
  if (!type.isInteger())
    return std::nullopt; // x + 0.0 changes -0.0
  switch (op) {
  case Op::Add:
  case Op::Or:
  case Op::Xor:
    return 0;
  case Op::Mul:
    return 1;
  case Op::And:
    return -1;
  case Op::Max:
    return type.min();
  case Op::Min:
    return type.max();
  case Op::Sub:
  case Op::Shl:
  case Op::Shr:
  case Op::RoundShift:
    return side == 1 ? std::optional<int64_t>(0) : std::nullopt;
  default:
    return std::nullopt;
  }
}

class Matcher {
public:
  /// `literal`: an operation that both have is matched as itself, without neutral elements.
  Matcher(const Intrinsic &intrinsic, Mismatch *mismatch, bool literal = false)
      : intrinsic(intrinsic), mismatch(mismatch), literal(literal) {}

  bool overLoops = false; ///< scalars may be expressions over loops

  /// Extends each of `bindings` in every way that makes `pattern` equal `expr`.
  std::vector<Binding> match(const ExprRef &pattern, const ExprRef &expr, Binding binding,
                             unsigned depth) {
    if (pattern->op == Op::Load)
      return matchLeaf(*pattern, expr, std::move(binding), depth);
    Mismatch before = mismatch ? *mismatch : Mismatch();
    std::vector<Binding> found = matchSame(pattern, expr, binding, depth);
    if (!literal || pattern->op != expr->op)
      for (Binding &more : matchNeutral(pattern, expr, binding, depth))
        if (!llvm::is_contained(found, more))
          found.push_back(std::move(more));
    // What failed on the way to a match is no reason.
    if (!found.empty() && mismatch)
      *mismatch = std::move(before);
    return found;
  }

private:
  using Kind = Mismatch::Kind;

  std::vector<Binding> fail(unsigned depth, Kind kind, const Expr &pattern, const ExprRef &expr) {
    if (mismatch && (mismatch->kind == Kind::None || depth > mismatch->depth))
      *mismatch = {kind, depth, &pattern, expr};
    return {};
  }

  bool isTile(unsigned tensor) const { return intrinsic.tileOfTensor(tensor) != nullptr; }

  std::vector<Binding> matchLeaf(const Expr &leaf, const ExprRef &expr, Binding binding,
                                 unsigned depth) {
    if (isTile(leaf.id)) {
      if (expr->type != leaf.type)
        return fail(depth, Kind::ElementType, leaf, expr);
      auto [at, added] = binding.tiles.insert({leaf.id, expr});
      if (!added && !equal(*at->second, *expr))
        return fail(depth, Kind::Twice, leaf, expr);
      return {std::move(binding)};
    }
    if (overLoops && expr->op != Op::Constant && !hasLoad(*expr)) {
      auto [at, added] = binding.loopScalars.insert({leaf.id, expr});
      if (!added && !equal(*at->second, *expr))
        return fail(depth, Kind::Twice, leaf, expr);
      return {std::move(binding)};
    }
    if (expr->op != Op::Constant)
      return fail(depth, Kind::NotANumber, leaf, expr);
    return bindScalar(leaf, expr, std::move(binding), depth);
  }

  std::vector<Binding> bindScalar(const Expr &leaf, const ExprRef &number, Binding binding,
                                  unsigned depth) {
    int64_t value = number->integer;
    ElementType type = intrinsic.semantics.tensors[leaf.id].type;
    if (value < type.min() || (value > type.max() && type.max() >= 0))
      return fail(depth, Kind::Range, leaf, number);
    auto [at, added] = binding.scalars.insert({leaf.id, value});
    if (!added && at->second != value)
      return fail(depth, Kind::Twice, leaf, number);
    return {std::move(binding)};
  }

  std::vector<Binding> matchSame(const ExprRef &pattern, const ExprRef &expr,
                                 const Binding &binding, unsigned depth) {
    if (pattern->op == Op::Size) {
      auto value = intrinsic.semantics.sizes[pattern->id].value;
      if (value && expr->op == Op::Constant && expr->integer == *value)
        return {binding};
      return fail(depth, Kind::Number, *pattern, expr);
    }
    if (pattern->op != expr->op)
      return fail(depth, Kind::Operation, *pattern, expr);
    if (pattern->type != expr->type)
      return fail(depth, Kind::ResultType, *pattern, expr);
    if (pattern->op == Op::Constant) {
      if (pattern->integer == expr->integer && pattern->real == expr->real)
        return {binding};
      return fail(depth, Kind::Number, *pattern, expr);
    }
    if (pattern->operands.size() != expr->operands.size() || pattern->op == Op::Reduce ||
        pattern->op == Op::Loop)
      return fail(depth, Kind::Structure, *pattern, expr);
    std::vector<Binding> found = matchOperands(*pattern, expr->operands, binding, depth);
    if (isCommutative(pattern->op)) {
      std::vector<ExprRef> swapped(expr->operands.rbegin(), expr->operands.rend());
      for (Binding &more : matchOperands(*pattern, swapped, binding, depth))
        if (!llvm::is_contained(found, more))
          found.push_back(std::move(more));
    }
    return found;
  }

  std::vector<Binding> matchOperands(const Expr &pattern, llvm::ArrayRef<ExprRef> operands,
                                     const Binding &binding, unsigned depth) {
    std::vector<Binding> partial{binding};
    for (unsigned i = 0; i < operands.size(); ++i) {
      std::vector<Binding> next;
      for (Binding &b : partial)
        llvm::append_range(next, match(pattern.operands[i], operands[i], b, depth + 1));
      partial = std::move(next);
    }
    return partial;
  }

  /// `pattern` is `op(x, leaf)`: bind the leaf to the neutral element and match x with all of
  /// `expr`.
  std::vector<Binding> matchNeutral(const ExprRef &pattern, const ExprRef &expr,
                                    const Binding &binding, unsigned depth) {
    std::vector<Binding> found;
    if (pattern->operands.size() != 2 || pattern->type != expr->type)
      return found;
    for (unsigned side : {0u, 1u}) {
      const Expr *leaf = pattern->operands[side].get();
      if (leaf->op == Op::Convert) // i32(w): the neutral element passes through the conversion
        leaf = leaf->operands[0].get();
      if (leaf->op != Op::Load)
        continue;
      auto value = neutral(pattern->op, side, pattern->type);
      if (!value || *value < leaf->type.min() ||
          (*value > leaf->type.max() && leaf->type.max() >= 0))
        continue;
      ExprRef constant = makeConstant(*value, leaf->type, expr->loc);
      for (Binding &b : matchLeafQuietly(*leaf, constant, binding))
        llvm::append_range(found, match(pattern->operands[1 - side], expr, b, depth));
    }
    return found;
  }

  std::vector<Binding> matchLeafQuietly(const Expr &leaf, const ExprRef &constant,
                                        const Binding &binding) {
    Mismatch *kept = std::exchange(mismatch, nullptr);
    auto found = matchLeaf(leaf, constant, binding, 0);
    mismatch = kept;
    return found;
  }

  const Intrinsic &intrinsic;
  Mismatch *mismatch;
  bool literal;
};

} // namespace

std::vector<Binding> lathe::match(const Intrinsic &intrinsic, const ExprRef &pattern,
                                  const ExprRef &expr, Mismatch *mismatch) {
  return Matcher(intrinsic, mismatch).match(pattern, expr, {}, 0);
}

std::vector<Binding> lathe::matchOverLoops(const Intrinsic &intrinsic, const ExprRef &pattern,
                                           const ExprRef &expr, Mismatch *mismatch) {
  Matcher matcher(intrinsic, mismatch);
  matcher.overLoops = true;
  return matcher.match(pattern, expr, {}, 0);
}

Mismatch lathe::nearestMismatch(const Intrinsic &intrinsic, const ExprRef &pattern,
                                const ExprRef &expr) {
  Mismatch mismatch;
  Matcher(intrinsic, &mismatch, /*literal=*/true).match(pattern, expr, {}, 0);
  return mismatch;
}

const Matches &MatchCache::find(unsigned rule, const ExprRef &expr) {
  auto [at, added] = known.try_emplace({rule, expr.get()});
  Matches &matches = at->second;
  if (added) {
    matches.expr = expr;
    const Rule &wanted = rules.rules[rule];
    matches.bindings =
        match(target.intrinsics[wanted.intrinsic], wanted.body, expr, &matches.mismatch);
  }
  return matches;
}
