#include "core/library/Unify.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

constexpr size_t kMostWays = 64; ///< to rename loops that are followed at a time

bool commutes(Op op) {
  switch (op) {
  case Op::Add:
  case Op::Mul:
  case Op::Min:
  case Op::Max:
  case Op::And:
  case Op::Or:
  case Op::Xor:
  case Op::Equal:
  case Op::NotEqual:
  case Op::LogicalAnd:
  case Op::LogicalOr:
    return true;
  default:
    return false;
  }
}

class Unifier {
public:
  Unifier(const Statement &pattern, const Statement &statement)
      : pattern(pattern), statement(statement) {}

  using Ways = std::vector<Renaming>;

  /// Every extension of `known` under which `a` of the pattern is `b`.
  Ways unify(const Expr &a, const Expr &b, const Renaming &known) const {
    if (a.op != b.op || !(a.type == b.type) || a.operands.size() != b.operands.size())
      return {};
    switch (a.op) {
    case Op::Constant:
      return equal(a, b) ? Ways{known} : Ways();
    case Op::Loop:
      return rename(a.id, b.id, known);
    case Op::Size:
      return {}; // bound: there is none
    case Op::Load: {
      auto tensor = known.tensors.find(a.id);
      bool same = tensor != known.tensors.end() && tensor->second == b.id;
      return same ? unifyAll(a.operands, b.operands, known) : Ways();
    }
    case Op::Reduce:
      return reduce(a, b, known);
    default:
      break;
    }
    Ways ways = unifyAll(a.operands, b.operands, known);
    if (commutes(a.op))
      for (Renaming &way : unifyAll(a.operands, {b.operands[1], b.operands[0]}, known))
        if (ways.size() < kMostWays)
          ways.push_back(std::move(way));
    return ways;
  }

  Ways unifyAll(llvm::ArrayRef<ExprRef> a, llvm::ArrayRef<ExprRef> b, const Renaming &known) const {
    Ways ways{known};
    for (size_t i = 0; i < a.size() && !ways.empty(); ++i) {
      Ways next;
      for (const Renaming &way : ways)
        for (Renaming &longer : unify(*a[i], *b[i], way))
          if (next.size() < kMostWays)
            next.push_back(std::move(longer));
      ways = std::move(next);
    }
    return ways;
  }

private:
  Ways rename(unsigned a, unsigned b, const Renaming &known) const {
    auto found = known.loops.find(a);
    if (found != known.loops.end())
      return found->second == b ? Ways{known} : Ways();
    bool taken =
        llvm::any_of(known.loops, [&](const auto &renamed) { return renamed.second == b; });
    const Loop &from = pattern.loops[a], &to = statement.loops[b];
    if (taken || from.size != to.size || from.reduction != to.reduction)
      return {};
    Renaming longer = known;
    longer.loops[a] = b;
    return {longer};
  }

  Ways reduce(const Expr &a, const Expr &b, const Renaming &known) const {
    if (a.reduction != b.reduction || a.loops.size() != b.loops.size())
      return {};
    Ways ways = unifyAll(a.operands, b.operands, known);
    llvm::erase_if(ways, [&](const Renaming &way) {
      return llvm::any_of(a.loops, [&](unsigned loop) {
        auto renamed = way.loops.find(loop);
        return renamed == way.loops.end() || !llvm::is_contained(b.loops, renamed->second);
      });
    });
    return ways;
  }

  const Statement &pattern, &statement;
};

} // namespace

bool lathe::isRenamed(const Statement &pattern, const Statement &statement,
                      const std::map<unsigned, unsigned> &tensors) {
  if (pattern.assign != statement.assign || pattern.loops.size() != statement.loops.size() ||
      pattern.subscripts.size() != statement.subscripts.size() ||
      pattern.conditions.size() != statement.conditions.size() ||
      tensors.at(pattern.tensor) != statement.tensor)
    return false;
  std::vector<ExprRef> a = pattern.subscripts, b = statement.subscripts;
  llvm::append_range(a, pattern.conditions);
  llvm::append_range(b, statement.conditions);
  a.push_back(pattern.value);
  b.push_back(statement.value);
  return !Unifier(pattern, statement).unifyAll(a, b, {{}, tensors}).empty();
}
