// linalg.generic: views, element-wise statements and reductions.
#include "core/kernel/mlir/Importer.h"

#include "core/kernel/mlir/Index.h"
#include "core/kernel/mlir/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

#include "llvm/ADT/STLExtras.h"

#include <cmath>

using namespace mlir;

namespace lathe::mlirreader {
using Kind = TensorValue::Kind;

static ExprRef condition(Op op, ExprRef a, ExprRef b) {
  return makeExpr(op, ElementType::condition(), {std::move(a), std::move(b)});
}

static Operation *yieldOf(linalg::GenericOp op) { return op.getBody()->getTerminator(); }

static std::vector<bool> reductionsOf(linalg::GenericOp op) {
  std::vector<bool> reductions;
  for (utils::IteratorType type : op.getIteratorTypesArray())
    reductions.push_back(type == utils::IteratorType::reduction);
  return reductions;
}

std::vector<ExprRef> Importer::subscriptsOf(AffineMap map, Location location) {
  std::vector<ExprRef> dims, subscripts;
  for (unsigned i = 0; i < map.getNumDims(); ++i)
    dims.push_back(makeLoop(i));
  for (AffineExpr expr : map.getResults())
    subscripts.push_back(scalars.ofAffine(expr, dims, {}, location));
  return subscripts;
}

bool Importer::findExtents(linalg::GenericOp op, std::vector<ExprRef> &extents) {
  extents.assign(op.getNumLoops(), nullptr);
  for (OpOperand &operand : op->getOpOperands()) {
    TensorRef value = tensorOf(operand.get());
    if (!value)
      continue;
    AffineMap map = op.getMatchingIndexingMap(&operand);
    for (auto [expr, size] : llvm::zip(map.getResults(), value->shape)) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (!dim)
        continue;
      ExprRef &extent = extents[dim.getPosition()];
      if (extent)
        state.unify(extent, size);
      else
        extent = size;
    }
  }
  for (ExprRef &extent : extents) {
    if (!extent)
      return unsupported(op, "no operand shows how far each of its loops runs"), false;
    extent = state.resolve(extent);
  }
  return true;
}

/// A transpose or broadcast: only subscripts change.
TensorRef Importer::asView(linalg::GenericOp op) {
  if (op.getNumReductionLoops() != 0 || op.getNumResults() != 1)
    return nullptr;
  auto argument = dyn_cast<BlockArgument>(yieldOf(op)->getOperand(0));
  if (!argument || argument.getOwner() != op.getBody() ||
      argument.getArgNumber() >= op.getNumDpsInputs())
    return nullptr;
  OpOperand &operand = op->getOpOperand(argument.getArgNumber());
  TensorRef source = tensorOf(operand.get());
  AffineMap out = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  if (!source || !out.isPermutation() || source->kind == Kind::Padded)
    return nullptr;
  auto view = std::make_shared<TensorValue>(*source);
  std::vector<ExprRef> loops(op.getNumLoops());
  for (auto [i, expr] : llvm::enumerate(out.getResults()))
    loops[llvm::cast<AffineDimExpr>(expr).getPosition()] = makeLoop(i);
  view->isPieces = false;
  view->name = nameOf(op.getLoc());
  view->shape = tensorOf(op.getDpsInitOperand(0)->get())->shape;
  if (source->kind == Kind::Uniform || source->kind == Kind::Empty)
    return view;
  view->kind = Kind::View;
  view->source = source;
  view->subscripts.clear();
  for (const ExprRef &subscript : subscriptsOf(op.getMatchingIndexingMap(&operand), op.getLoc()))
    view->subscripts.push_back(substituteLoops(subscript, loops));
  return view;
}

/// Whether the value is a factor of the product, through conversions that keep zero.
static bool isFactor(Value value, Value product) {
  if (product == value)
    return true;
  Operation *op = product.getDefiningOp();
  if (!op)
    return false;
  if (isa<arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp>(op))
    return isFactor(value, op->getOperand(0));
  return isa<arith::MulIOp>(op) &&
         (isFactor(value, op->getOperand(0)) || isFactor(value, op->getOperand(1)));
}

/// acc + ... x * y with x from a tensor padded by the integer 0: those terms can be left out.
bool Importer::guardsPadding(linalg::GenericOp op, OpOperand &operand) const {
  TensorRef value = tensorOf(operand.get());
  if (!value || value->kind != Kind::Padded || value->source->kind != Kind::Stored ||
      !value->type.isInteger() || constantOf(value->scalar) != 0)
    return false;
  if (op.getNumReductionLoops() == 0 || op.getNumResults() != 1)
    return false;
  Operation *add = yieldOf(op)->getOperand(0).getDefiningOp();
  BlockArgument element = op.getMatchingBlockArgument(&operand);
  if (!add || !isa<arith::AddIOp>(add) || !element.hasOneUse())
    return false;
  return isFactor(element, add->getOperand(0)) || isFactor(element, add->getOperand(1));
}

void Importer::addGuards(const TensorValue &padded, const std::vector<ExprRef> &subscripts,
                         std::vector<ExprRef> &conditions) {
  for (auto [i, subscript] : llvm::enumerate(subscripts)) {
    bool hasLow = constantOf(padded.low[i]) != 0;
    ExprRef end = indexOp(Op::Add, padded.source->shape[i], padded.low[i]);
    bool hasHigh = !state.sameShape(end, padded.shape[i]);
    if (hasLow)
      conditions.push_back(condition(Op::LessEqual, indexConstant(0), subscript));
    if (hasHigh)
      conditions.push_back(condition(Op::Less, subscript, padded.source->shape[i]));
  }
}

bool Importer::readInputs(linalg::GenericOp op, std::vector<ExprRef> &conditions) {
  for (OpOperand *operand : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(operand);
    if (argument.use_empty())
      continue;
    if (!isa<ShapedType>(operand->get().getType())) {
      ExprRef scalar = scalars.of(operand->get());
      if (!scalar)
        return false;
      scalars.set(argument, scalar);
      continue;
    }
    TensorRef value = tensorOf(operand->get());
    std::vector<ExprRef> subscripts = subscriptsOf(op.getMatchingIndexingMap(operand), op.getLoc());
    ExprRef read;
    if (guardsPadding(op, *operand)) {
      for (auto [subscript, low] : llvm::zip(subscripts, value->low))
        subscript = indexOp(Op::Sub, subscript, low);
      addGuards(*value, subscripts, conditions);
      read = makeLoad(value->source->tensor, value->type, subscripts);
    } else {
      read = this->read(value, std::move(subscripts), op.getLoc());
    }
    if (!read)
      return false;
    scalars.set(argument, read);
  }
  return true;
}

/// A value used several times would be printed several times: a large one becomes a temporary.
bool Importer::spillShared(linalg::GenericOp op, const std::vector<ExprRef> &extents) {
  constexpr size_t kLarge = 24;
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (inner.use_empty())
      continue;
    for (Value result : inner.getResults()) {
      ExprRef value = scalars.of(result);
      if (!value)
        return false;
      bool isShared = !result.hasOneUse() && treeSize(*value, kLarge) == kLarge;
      if (!isShared || value->type.isIndex())
        continue;
      TensorRef stored = temporary(nameOf(result.getLoc()), value->type, extents);
      std::vector<ExprRef> loops;
      for (unsigned i = 0; i < extents.size(); ++i)
        loops.push_back(makeLoop(i));
      write(result.getLoc(), stored->tensor, extents, std::vector<bool>(extents.size()), loops,
            value);
      scalars.set(result, makeLoad(stored->tensor, stored->type, loops));
    }
  }
  return true;
}

static bool isScalarOnly(const Expr &expr) {
  if (expr.op == Op::Loop || (expr.op == Op::Load && !expr.operands.empty()))
    return false;
  return llvm::all_of(expr.operands, [](const ExprRef &operand) { return isScalarOnly(*operand); });
}

bool Importer::pointwise(linalg::GenericOp op, const std::vector<ExprRef> &extents) {
  for (OpOperand &init : op.getDpsInitsMutable()) {
    BlockArgument argument = op.getMatchingBlockArgument(&init);
    if (argument.use_empty())
      continue;
    ExprRef before = element(
        init.get(), subscriptsOf(op.getMatchingIndexingMap(&init), op.getLoc()), op.getLoc());
    if (!before)
      return false;
    scalars.set(argument, before);
  }
  if (!spillShared(op, extents))
    return false;
  for (auto [i, yielded] : llvm::enumerate(yieldOf(op)->getOperands())) {
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(i));
    ExprRef value = scalars.of(yielded);
    if (!value)
      return false;
    if (!map.isPermutation())
      return unsupported(op, "it writes an element several times"), false;
    const std::vector<ExprRef> &shape = tensorOf(op.getDpsInitOperand(i)->get())->shape;
    ElementType type = asSigned(value)->type;
    if (isScalarOnly(*value) && !returned.contains(op.getResult(i))) {
      auto uniform = std::make_shared<TensorValue>();
      uniform->kind = Kind::Uniform;
      uniform->type = type;
      uniform->shape = shape;
      uniform->scalar = asSigned(value);
      tensors[op.getResult(i)] = uniform;
      continue;
    }
    TensorRef result = destination(op.getResult(i), type, shape);
    write(op.getLoc(), result->tensor, extents, reductionsOf(op), subscriptsOf(map, op.getLoc()),
          value);
    tensors[op.getResult(i)] = result;
  }
  return true;
}

static ExprRef reduceOver(Reduction kind, const std::vector<unsigned> &loops, ExprRef body,
                          const std::vector<ExprRef> &conditions) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Reduce;
  bool isArgument = kind == Reduction::ArgMax || kind == Reduction::ArgMin;
  expr->type = isArgument ? ElementType::integer(32) : body->type;
  expr->reduction = kind;
  expr->loops = loops;
  expr->operands.push_back(std::move(body));
  llvm::append_range(expr->operands, conditions);
  return expr;
}

/// Whether a reduction that starts from `init` gives what one over no points and these gives.
static bool isNeutral(const Expr &init, const Combiner &combiner) {
  if (init.op != Op::Constant)
    return false;
  bool isMax = combiner.reduction == Reduction::Max;
  switch (combiner.reduction) {
  case Reduction::Sum:
  case Reduction::Any:
    return init.type.isFloat() ? init.real == 0 : init.integer == 0;
  case Reduction::Product:
  case Reduction::All:
    return init.type.isFloat() ? init.real == 1 : init.integer == 1;
  default:
    break;
  }
  if (init.type.isFloat())
    return std::isinf(init.real) && (init.real < 0) == isMax;
  ElementType type = ElementType::integer(init.type.bits, !combiner.isUnsigned);
  return init.integer == (isMax ? type.min() : type.max());
}

static ExprRef join(const Combiner &combiner, const ExprRef &init, const ExprRef &reduced) {
  ElementType type = reduced->type;
  switch (combiner.reduction) {
  case Reduction::Sum:
    return makeExpr(Op::Add, type, {init, reduced});
  case Reduction::Product:
    return makeExpr(Op::Mul, type, {init, reduced});
  case Reduction::Any:
    return makeExpr(Op::LogicalOr, type, {init, reduced});
  case Reduction::All:
    return makeExpr(Op::LogicalAnd, type, {init, reduced});
  default:
    return extremum(combiner.reduction == Reduction::Max ? Op::Max : Op::Min, init, reduced,
                    combiner.nan);
  }
}

static bool dependsOn(Value value, Value other) {
  llvm::SmallVector<Value> pending{value};
  llvm::DenseSet<Value> seen;
  while (!pending.empty()) {
    Value next = pending.pop_back_val();
    if (next == other)
      return true;
    if (Operation *op = next.getDefiningOp())
      for (Value operand : op->getOperands())
        if (seen.insert(operand).second)
          pending.push_back(operand);
  }
  return false;
}

namespace {
/// The position of the best value, beside that value:
///   %c = cmp sgt, %v, %best;  yield select(%c, index, %at), select(%c, %v, %best)
struct ArgumentPattern {
  unsigned position = 0, value = 0; ///< which result
  Value candidate;                  ///< %v
  bool isMax = true;
};
} // namespace

static std::optional<ArgumentPattern> matchArgument(linalg::GenericOp op, unsigned position) {
  if (op.getNumResults() != 2 || op.getNumReductionLoops() != 1)
    return std::nullopt;
  ArgumentPattern pattern{position, 1 - position, {}, true};
  auto selected = [&](unsigned result) {
    return yieldOf(op)->getOperand(result).getDefiningOp<arith::SelectOp>();
  };
  auto before = [&](unsigned result) {
    return op.getMatchingBlockArgument(op.getDpsInitOperand(result));
  };
  arith::SelectOp at = selected(pattern.position), best = selected(pattern.value);
  if (!at || !best || at.getCondition() != best.getCondition() ||
      at.getFalseValue() != before(pattern.position) ||
      best.getFalseValue() != before(pattern.value))
    return std::nullopt;
  auto cast = at.getTrueValue().getDefiningOp<arith::IndexCastOp>();
  auto index = cast ? cast.getIn().getDefiningOp<linalg::IndexOp>() : linalg::IndexOp();
  if (!index || op.getIteratorTypesArray()[index.getDim()] != utils::IteratorType::reduction)
    return std::nullopt;
  pattern.candidate = best.getTrueValue();
  Operation *compare = at.getCondition().getDefiningOp();
  if (!compare || compare->getNumOperands() != 2 || compare->getOperand(0) != pattern.candidate ||
      compare->getOperand(1) != before(pattern.value))
    return std::nullopt;
  if (auto integers = dyn_cast<arith::CmpIOp>(compare)) {
    pattern.isMax = integers.getPredicate() == arith::CmpIPredicate::sgt;
    if (!pattern.isMax && integers.getPredicate() != arith::CmpIPredicate::slt)
      return std::nullopt;
    return pattern;
  }
  auto floats = dyn_cast<arith::CmpFOp>(compare);
  pattern.isMax = floats && floats.getPredicate() == arith::CmpFPredicate::OGT;
  if (!pattern.isMax && !(floats && floats.getPredicate() == arith::CmpFPredicate::OLT))
    return std::nullopt;
  return pattern;
}

/// Null, with nothing reported, where the body is no such pattern.
ExprRef Importer::argument(linalg::GenericOp op, unsigned result,
                           const std::vector<unsigned> &loops) {
  std::optional<ArgumentPattern> pattern = matchArgument(op, result);
  bool isValue = !pattern;
  if (isValue)
    pattern = op.getNumResults() == 2 ? matchArgument(op, 1 - result) : std::nullopt;
  if (!pattern)
    return nullptr;
  TensorRef at = tensorOf(op.getDpsInitOperand(pattern->position)->get());
  TensorRef best = tensorOf(op.getDpsInitOperand(pattern->value)->get());
  Combiner combiner{pattern->isMax ? Reduction::Max : Reduction::Min};
  bool isPlain = at->kind == Kind::Uniform && constantOf(at->scalar) == 0 &&
                 best->kind == Kind::Uniform && isNeutral(*asSigned(best->scalar), combiner);
  ExprRef body = isPlain ? asSigned(scalars.of(pattern->candidate)) : nullptr;
  if (!body)
    return nullptr;
  if (isValue)
    return reduceOver(combiner.reduction, loops, body, {});
  if (body->type.isFloat()) {
    // No NaN is ever better.
    double worst = pattern->isMax ? -HUGE_VAL : HUGE_VAL;
    body = makeExpr(Op::Select, body->type,
                    {condition(Op::NotEqual, body, body), makeReal(worst, body->type), body});
  }
  ExprRef where =
      reduceOver(pattern->isMax ? Reduction::ArgMax : Reduction::ArgMin, loops, body, {});
  return at->type == where->type ? where : makeExpr(Op::Convert, at->type, {where});
}

ExprRef Importer::reduction(linalg::GenericOp op, unsigned result,
                            const std::vector<ExprRef> &conditions,
                            const std::vector<unsigned> &loops,
                            const std::vector<ExprRef> &subscripts) {
  OpOperand *init = op.getDpsInitOperand(result);
  BlockArgument before = op.getMatchingBlockArgument(init);
  Operation *combine = yieldOf(op)->getOperand(result).getDefiningOp();
  auto combiner = combine ? combinerOf(combine) : std::nullopt;
  bool first = combiner && combine->getOperand(0) == before;
  if (!combiner || (!first && combine->getOperand(1) != before) ||
      dependsOn(combine->getOperand(first ? 1 : 0), before)) {
    unsupported(op,
                "its body is not one of +, *, max, min, and, or of the element before and a value");
    return nullptr;
  }
  ExprRef body = scalars.of(combine->getOperand(first ? 1 : 0));
  ExprRef start = element(init->get(), subscripts, op.getLoc());
  if (!body || !start)
    return nullptr;
  auto signedness = [&](ExprRef value) {
    return combiner->isUnsigned ? asUnsigned(std::move(value)) : asSigned(std::move(value));
  };
  body = signedness(body);
  start = signedness(start);
  auto isNan = [](const ExprRef &of) { return condition(Op::NotEqual, of, of); };
  bool dropsNan = body->type.isFloat() && body->op != Op::Constant && !combiner->nan &&
                  (combiner->reduction == Reduction::Max || combiner->reduction == Reduction::Min);
  ExprRef all = body;
  if (dropsNan) { // maxnumf passes over NaN, the notation's max does not
    double end = std::numeric_limits<double>::infinity();
    ExprRef least = makeReal(combiner->reduction == Reduction::Max ? -end : end, body->type);
    body = makeExpr(Op::Select, body->type, {isNan(body), least, body});
  }
  ExprRef value = reduceOver(combiner->reduction, loops, body, conditions);
  // Starting from NaN, the result is NaN only when all values are.
  if (dropsNan && start->op == Op::Constant && std::isnan(start->real)) {
    ExprRef nan = makeReal(std::numeric_limits<double>::quiet_NaN(), body->type);
    ExprRef none = reduceOver(Reduction::All, loops, isNan(all), conditions);
    return makeExpr(Op::Select, body->type, {none, nan, value});
  }
  return isNeutral(*start, *combiner) ? value : join(*combiner, start, value);
}

bool Importer::reduce(linalg::GenericOp op, const std::vector<ExprRef> &extents) {
  std::vector<bool> reductions = reductionsOf(op);
  std::vector<unsigned> loops;
  for (unsigned i = 0; i < reductions.size(); ++i)
    if (reductions[i])
      loops.push_back(i);
  std::vector<ExprRef> conditions;
  if (!readInputs(op, conditions))
    return false;
  for (unsigned i = 0; i < op.getNumResults(); ++i) {
    AffineMap map = op.getMatchingIndexingMap(op.getDpsInitOperand(i));
    if (!map.isProjectedPermutation() || map.getNumResults() != op.getNumParallelLoops() ||
        llvm::any_of(loops, [&](unsigned loop) { return map.isFunctionOfDim(loop); }))
      return unsupported(op, "it writes an element of a loop that is reduced"), false;
    std::vector<ExprRef> subscripts = subscriptsOf(map, op.getLoc());
    ExprRef value = argument(op, i, loops);
    if (!value)
      value = reduction(op, i, conditions, loops, subscripts);
    if (!value)
      return false;
    ElementType type = asSigned(value)->type;
    TensorRef result =
        destination(op.getResult(i), type, tensorOf(op.getDpsInitOperand(i)->get())->shape);
    write(op.getLoc(), result->tensor, extents, reductions, std::move(subscripts), value);
    tensors[op.getResult(i)] = result;
  }
  return true;
}

void Importer::visitGeneric(linalg::GenericOp op) {
  // After a mistake its uses are not reported again.
  for (Value operand : op->getOperands())
    if (isa<ShapedType>(operand.getType()) && !tensorOf(operand))
      return;
  if (op.getNumResults() == 0) {
    unsupported(op, "it works on buffers");
    return;
  }
  std::vector<ExprRef> extents;
  if (!findExtents(op, extents))
    return;
  if (TensorRef view = asView(op)) {
    tensors[op.getResult(0)] = view;
    return;
  }
  if (op.getNumReductionLoops() != 0) {
    reduce(op, extents);
    return;
  }
  std::vector<ExprRef> conditions;
  if (readInputs(op, conditions))
    pointwise(op, extents);
}

} // namespace lathe::mlirreader
