// Sums of products of narrow integers, two products an instruction.
//
//   before:  sum += i32(a[i,k]) * i32(w[k,j])                                   for k = 0, 1, 2,
//   ... after:   sum += i32(a[i,k]) * i32(w[k,j]) + i32(a[i,k+1]) * i32(w[k+1,j])   for k = 0, 2,
//   ...
//
// with each pair of 16-bit factors in one 32-bit lane, for the processor's multiply-and-add-pairs.
// Exact: it wraps at 32 bits as the sum does.
#include "core/semantics/JitReduce.h"

#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/Module.h"

using namespace lathe;
using namespace lathe::jit;
using llvm::Value;

/// The narrow factor under a conversion to i32, when every value of it is an i16.
static const Expr *narrowFactor(const Expr &expr) {
  if (expr.op != Op::Convert || expr.type != ElementType::integer(32))
    return nullptr;
  const Expr &factor = *expr.operands[0];
  ElementType type = factor.type;
  bool fits = type.isInteger() && type.bits > 1 && type.bits <= (type.isSigned() ? 16 : 15);
  return fits ? &factor : nullptr;
}

bool Generator::pairsApply(const ReduceState &state, unsigned position) const {
  const Expr &expr = state.expr, &body = *expr.operands[0];
  if (position + 1 != expr.loops.size() || expr.operands.size() != 1 || !state.varying)
    return false;
  if (expr.reduction != Reduction::Sum || plan.laneReduce || body.op != Op::Mul)
    return false;
  if (body.type != ElementType::integer(32) || !narrowFactor(*body.operands[0]) ||
      !narrowFactor(*body.operands[1]))
    return false;
  bool fullVector = plan.lanes * 32 == vectorBits || (plan.lanes == 8 && vectorBits == 512);
  return fullVector && vectorBits >= 256 && function->getParent()->getTargetTriple().isX86();
}

/// The loop is written out. The last product of an odd number stands alone.
Generator::Carried Generator::reducePairs(unsigned loop, int64_t extent, ReduceState &state,
                                          Carried sums) {
  const Expr &body = *state.expr.operands[0];
  PairFactors x = pairFactors(*narrowFactor(*body.operands[0]), loop, extent, state.points);
  PairFactors y = pairFactors(*narrowFactor(*body.operands[1]), loop, extent, state.points);
  for (unsigned pair = 0; pair < x.size(); ++pair)
    for (unsigned p = 0; p < sums.size(); ++p)
      sums[p] = b.CreateAdd(sums[p], multiplyPairs(x[pair][p], y[pair][p]));
  if (extent % 2 == 0)
    return sums;
  for (Point &point : state.points)
    point.loops[loop] = uniform(b.getInt64(extent - 1));
  return accumulate(state, std::move(sums));
}

Value *Generator::multiplyPairs(Value *x, Value *y) {
  bool wide = plan.lanes == 16;
  auto id = wide ? llvm::Intrinsic::x86_avx512_pmaddw_d_512 : llvm::Intrinsic::x86_avx2_pmadd_wd;
  return b.CreateIntrinsic(id, {x, y});
}

/// By pair and point: `2 * lanes` halves of a factor, at loop values 2 * pair and 2 * pair + 1.
Generator::PairFactors Generator::pairFactors(const Expr &factor, unsigned loop, int64_t extent,
                                              Points points) {
  if (isRow(factor, loop))
    return rowFactors(factor, loop, extent, points);
  PairFactors result;
  auto at = [&](int64_t value) {
    for (Point &point : points)
      point.loops[loop] = uniform(b.getInt64(value));
    return evaluate(factor, points);
  };
  for (int64_t k = 0; k + 1 < extent; k += 2) {
    Values low = at(k), high = at(k + 1);
    llvm::SmallVector<Value *> pair;
    for (unsigned p = 0; p < points.size(); ++p)
      pair.push_back(interleave(low[p], high[p], factor.type));
    result.push_back(std::move(pair));
  }
  return result;
}

Value *Generator::interleave(const Lanes &low, const Lanes &high, ElementType type) {
  ElementType half = ElementType::integer(16), word = ElementType::integer(32);
  if (low.form == Lanes::Form::Uniform && high.form == Lanes::Form::Uniform) {
    Value *lowHalf = arithmetic.convert(arithmetic.convert(low.value, type, half),
                                        ElementType::integer(16, false), word);
    Value *highHalf = b.CreateShl(arithmetic.convert(high.value, type, word), 16);
    return splatPair(b.CreateOr(lowHalf, highHalf));
  }
  Value *x = arithmetic.convert(vector(low), type, half);
  Value *y = arithmetic.convert(vector(high), type, half);
  llvm::SmallVector<int> order;
  for (unsigned lane = 0; lane < plan.lanes; ++lane) {
    order.push_back(lane);
    order.push_back(plan.lanes + lane);
  }
  return b.CreateShuffleVector(x, y, order);
}

Value *Generator::splatPair(Value *word) {
  auto *halves = llvm::FixedVectorType::get(b.getInt16Ty(), 2 * plan.lanes);
  return b.CreateBitCast(b.CreateVectorSplat(plan.lanes, word), halves);
}

/// A load that is the same in all lanes and moves along `loop` element by element.
bool Generator::isRow(const Expr &factor, unsigned loop) const {
  if (factor.op != Op::Load || factor.operands.empty() || containsLoad(*factor.operands.back()))
    return false;
  if (plan.laneLoop && mentionsLoop(factor, *plan.laneLoop))
    return false;
  llvm::ArrayRef<ExprRef> subscripts = factor.operands;
  for (const ExprRef &outer : subscripts.drop_back())
    if (mentionsLoop(*outer, loop) || containsLoad(*outer))
      return false;
  bool dense = factor.id >= layouts.size() || layouts[factor.id].strides.empty() ||
               layouts[factor.id].strides.back() == 1;
  bool stepped = factor.id < layouts.size() && layouts[factor.id].steppedFirst;
  return subscripts.back()->op == Op::Loop && subscripts.back()->id == loop && dense &&
         !(stepped && subscripts.size() == 1) && alwaysInBounds(semantics, *current, factor);
}

/// One vector load for all values of the loop.
Generator::PairFactors Generator::rowFactors(const Expr &factor, unsigned loop, int64_t extent,
                                             Points points) {
  int64_t pairs = extent / 2;
  PairFactors result(pairs);
  ElementType type = semantics.tensors[factor.id].type;
  auto *memory = llvm::FixedVectorType::get(arithmetic.memoryType(type), 2 * pairs);
  for (Point &point : points) {
    point.loops[loop] = uniform(b.getInt64(0));
    Values subscripts;
    for (const ExprRef &subscript : factor.operands)
      subscripts.push_back(evaluate(*subscript, {point}).front());
    Value *from = address(factor.id, offset(factor.id, subscripts).value);
    Value *row = annotate(b.CreateAlignedLoad(memory, from, llvm::Align(1)), factor.id);
    Value *halves =
        arithmetic.convert(arithmetic.fromMemory(row, type), type, ElementType::integer(16));
    Value *words = b.CreateBitCast(halves, llvm::FixedVectorType::get(b.getInt32Ty(), pairs));
    for (int64_t pair = 0; pair < pairs; ++pair)
      result[pair].push_back(splatPair(b.CreateExtractElement(words, pair)));
  }
  return result;
}
