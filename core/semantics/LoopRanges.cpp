#include "core/semantics/LoopRanges.h"

#include "core/semantics/Accesses.h"
#include "core/semantics/IndexRange.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::ArrayRef;

static ExprRef index(int64_t value) { return makeConstant(value, ElementType::index()); }

static ExprRef binary(Op op, ExprRef a, ExprRef b) {
  return makeExpr(op, ElementType::index(), {std::move(a), std::move(b)});
}

/// `sum` plus or minus factor * term.
static ExprRef addTerm(const ExprRef &sum, const ExprRef &term, int64_t factor) {
  ExprRef scaled = std::abs(factor) == 1 ? term : binary(Op::Mul, index(std::abs(factor)), term);
  if (!sum)
    return factor > 0 ? scaled : makeExpr(Op::Neg, ElementType::index(), {scaled});
  return binary(factor > 0 ? Op::Add : Op::Sub, sum, scaled);
}

ExprRef lathe::sizeExpression(const Affine &form) {
  ExprRef sum;
  for (bool positive : {true, false})
    for (auto [size, factor] : form.sizes)
      if ((factor > 0) == positive)
        sum = addTerm(sum, makeSize(size), factor);
  if (!sum)
    return index(form.constant);
  return form.constant == 0
             ? sum
             : binary(form.constant > 0 ? Op::Add : Op::Sub, sum, index(std::abs(form.constant)));
}

namespace {

bool mentions(ArrayRef<Guard> guards, unsigned loop) {
  return llvm::any_of(guards,
                      [&](const Guard &guard) { return mentionsLoop(*guard.condition, loop); });
}

/// Adds factor * (form + offset) to `sum`; false beyond 64 bits.
bool accumulate(Affine &sum, const Affine &form, int64_t offset, int64_t factor) {
  // Shapes are small; what leaves 40 bits is no shape.
  constexpr int64_t kLimit = int64_t(1) << 40;
  auto add = [&](int64_t &into, int64_t value) {
    into += value * factor;
    return std::abs(into) < kLimit;
  };
  if (std::abs(factor) > kLimit >> 20 || std::abs(form.constant) > kLimit >> 20)
    return false;
  if (!add(sum.constant, form.constant + offset))
    return false;
  for (auto [size, coefficient] : form.sizes) {
    auto entry = llvm::find_if(sum.sizes, [&](auto &term) { return term.first == size; });
    if (entry == sum.sizes.end())
      entry = sum.sizes.insert(entry, {size, 0});
    if (std::abs(coefficient) > kLimit >> 20 || !add(entry->second, coefficient))
      return false;
  }
  return true;
}

class RangeInference {
public:
  RangeInference(Statement &statement, const Semantics &semantics, bool leftShapeKnown)
      : statement(statement), semantics(semantics), leftShapeKnown(leftShapeKnown) {}

  void run() {
    for (int pass = 0; pass < 3; ++pass)
      fromAlone(pass);
    for (bool changed = true; changed;)
      changed = fromCompound();
  }

private:
  // Pass 0: the left side. Pass 1: unguarded reads. Pass 2: guarded reads.
  void fromAlone(int pass) {
    forEachAccess(statement, [&](const Access &access, ArrayRef<Guard> guards) {
      if (access.isWrite != (pass == 0) || (access.isWrite && !leftShapeKnown))
        return;
      const Tensor &tensor = semantics.tensors[access.tensor];
      for (auto [subscript, size] : llvm::zip(access.subscripts, tensor.shape)) {
        if (subscript->op != Op::Loop || statement.loops[subscript->id].extent)
          continue;
        if (pass == 1 && mentions(guards, subscript->id))
          continue;
        statement.loops[subscript->id].extent = size;
        statement.loops[subscript->id].mustAgree = pass != 0;
      }
    });
  }

  bool fromCompound() {
    bool changed = false;
    forEachAccess(statement, [&](const Access &access, ArrayRef<Guard> guards) {
      if (access.isWrite && !leftShapeKnown)
        return;
      const Tensor &tensor = semantics.tensors[access.tensor];
      for (auto [subscript, size] : llvm::zip(access.subscripts, tensor.shape))
        // A guard on a read may let the loop run further; one on the write cannot.
        changed |= solve(*subscript, size, access.isWrite ? ArrayRef<Guard>() : guards);
    });
    return changed;
  }

  /// 0 <= c + a*l + others <= D-1 for all others: l < (D-1-c-max(others))/a + 1 for positive a, and
  /// l < (c+min(others))/-a + 1 for negative. D may be any expression, (H-2)/2 for instance.
  bool solve(const Expr &subscript, const ExprRef &size, ArrayRef<Guard> guards) {
    auto form = affineForm(subscript, semantics);
    auto dimension = affineForm(*size, semantics);
    if (!form)
      return false;
    std::optional<unsigned> unknown;
    for (auto [loop, factor] : form->loops) {
      if (statement.loops[loop].extent)
        continue;
      if (unknown)
        return false;
      unknown = loop;
    }
    if (!unknown || mentions(guards, *unknown))
      return false;
    int64_t factor = form->coefficient(*unknown);
    Affine room;
    if (!roomFor(*form, dimension.value_or(Affine()), *unknown, factor, room))
      return false;
    ExprRef beside = dimension || factor < 0 ? nullptr : size;
    setExtent(statement.loops[*unknown], room, std::abs(factor), beside);
    return true;
  }

  bool roomFor(const Affine &form, const Affine &dimension, unsigned unknown, int64_t factor,
               Affine &room) {
    int64_t sign = factor > 0 ? -1 : 1;
    Affine constant;
    constant.constant = form.constant;
    constant.sizes = form.sizes;
    if (factor > 0 && !accumulate(room, dimension, -1, 1))
      return false;
    if (!accumulate(room, constant, 0, sign))
      return false;
    for (auto [loop, coefficient] : form.loops) {
      // Only the terms that push the subscript towards the bound in question.
      if (loop == unknown || (coefficient > 0) != (factor > 0))
        continue;
      auto extent = affineForm(*statement.loops[loop].extent, semantics);
      if (!extent || !accumulate(room, *extent, -1, -std::abs(coefficient)))
        return false;
    }
    return true;
  }

  /// (room + beside) / factor + 1; `beside` may be null.
  void setExtent(Loop &loop, Affine room, int64_t factor, const ExprRef &beside) {
    llvm::sort(room.sizes);
    llvm::erase_if(room.sizes, [](auto &term) { return term.second == 0; });
    if (beside) {
      room.constant += factor == 1;
      ExprRef sum = binary(Op::Add, beside, sizeExpression(room));
      loop.extent =
          factor == 1 ? sum : binary(Op::Add, binary(Op::Div, sum, index(factor)), index(1));
    } else if (factor == 1) {
      room.constant += 1;
      loop.extent = sizeExpression(room);
    } else if (room.sizes.empty()) {
      loop.extent = index((room.constant < 0 ? -1 : room.constant / factor) + 1);
    } else {
      loop.extent = binary(Op::Add, binary(Op::Div, sizeExpression(room), index(factor)), index(1));
    }
  }

  Statement &statement;
  const Semantics &semantics;
  bool leftShapeKnown;
};

void collectSizes(const Expr &expr, std::vector<unsigned> &sizes) {
  if (expr.op == Op::Size)
    sizes.push_back(expr.id);
  for (const ExprRef &operand : expr.operands)
    collectSizes(*operand, sizes);
}

/// M and N: neither can be meant as a part of the other. N and N+2 share a size.
bool areUnrelated(const Expr &a, const Expr &b) {
  std::vector<unsigned> left, right;
  collectSizes(a, left);
  collectSizes(b, right);
  return !left.empty() && !right.empty() &&
         llvm::none_of(left, [&](unsigned size) { return llvm::is_contained(right, size); });
}

/// "H - R + 1", or "N = 5" when its number is known.
std::string shown(const Expr &size, const Statement &statement, const Semantics &semantics) {
  std::string text = print(size, statement, semantics);
  auto number = evaluateSize(size, semantics);
  return number && size.op != Op::Constant ? text + " = " + std::to_string(*number) : text;
}

} // namespace

bool lathe::inferRanges(Statement &statement, const Semantics &semantics, bool leftShapeKnown,
                        Reporter &reporter) {
  RangeInference(statement, semantics, leftShapeKnown).run();
  bool complete = true;
  const Tensor &left = semantics.tensors[statement.tensor];
  for (const Loop &loop : statement.loops) {
    if (loop.extent)
      continue;
    complete = false;
    reporter.error(Message::LoopRangeUnknown, loop.loc, loop.name, left.name);
  }
  return complete;
}

bool lathe::checkRangesAgree(const Statement &statement, const Semantics &semantics,
                             Reporter &reporter) {
  bool agree = true;
  std::vector<bool> reported(statement.loops.size());
  forEachAccess(statement, [&](const Access &access, ArrayRef<Guard> guards) {
    const Tensor &tensor = semantics.tensors[access.tensor];
    for (auto [subscript, size] : llvm::zip(access.subscripts, tensor.shape)) {
      if (subscript->op != Op::Loop || reported[subscript->id] || mentions(guards, subscript->id))
        continue;
      const Loop &loop = statement.loops[subscript->id];
      auto extent = affineForm(*loop.extent, semantics), dimension = affineForm(*size, semantics);
      if (!extent || !dimension || extent->sizes != dimension->sizes ||
          extent->constant == dimension->constant)
        continue;
      if (!loop.mustAgree && !areUnrelated(*loop.extent, *size))
        continue;
      reported[subscript->id] = true;
      agree = false;
      reporter.error(Message::LoopRangesDisagree, subscript->loc, loop.name,
                     shown(*loop.extent, statement, semantics), tensor.name,
                     shown(*size, statement, semantics));
    }
  });
  return agree;
}
