// Operations that move elements: each is a view where subscripts can say it, else a temporary.
#include "core/kernel/mlir/Importer.h"

#include "core/kernel/mlir/Index.h"
#include "core/kernel/mlir/Lowering.h"

#include "llvm/ADT/STLExtras.h"

using namespace mlir;

namespace lathe::mlirreader {
using Kind = TensorValue::Kind;

static TensorRef viewOf(const TensorRef &source, std::vector<ExprRef> shape,
                        std::vector<ExprRef> subscripts) {
  auto view = std::make_shared<TensorValue>(*source);
  view->shape = std::move(shape);
  view->isPieces = false;
  view->name.clear();
  if (source->kind == Kind::Uniform || source->kind == Kind::Empty)
    return view;
  view->kind = Kind::View;
  view->source = source;
  view->subscripts = std::move(subscripts);
  return view;
}

static bool isOne(const ExprRef &size) { return constantOf(size) == 1; }

ExprRef Importer::indexOf(OpFoldResult value) {
  if (auto attribute = dyn_cast<Attribute>(value))
    return indexConstant(llvm::cast<IntegerAttr>(attribute).getInt());
  return scalars.of(llvm::cast<Value>(value));
}

bool Importer::indicesOf(llvm::ArrayRef<OpFoldResult> values, std::vector<ExprRef> &out) {
  for (OpFoldResult value : values) {
    out.push_back(indexOf(value));
    if (!out.back())
      return false;
  }
  return true;
}

/// Dimensions (a, b, c) of sizes (A, B, C) of one dimension of the source: (a*B + b)*C + c.
TensorRef Importer::expandShape(tensor::ExpandShapeOp op) {
  TensorRef source = tensorOf(op.getSrc());
  std::vector<ExprRef> shape, subscripts;
  if (!indicesOf(op.getMixedOutputShape(), shape))
    return nullptr;
  for (auto [i, group] : llvm::enumerate(op.getReassociationIndices())) {
    ExprRef sum = indexConstant(0), product = indexConstant(1);
    for (int64_t dim : group) {
      ExprRef loop = isOne(shape[dim]) ? indexConstant(0) : makeLoop(dim);
      sum = indexOp(Op::Add, indexOp(Op::Mul, sum, shape[dim]), loop);
      product = indexOp(Op::Mul, product, shape[dim]);
    }
    state.unify(source->shape[i], product);
    subscripts.push_back(sum);
  }
  return viewOf(source, std::move(shape), std::move(subscripts));
}

static bool divides(const Expr &expr) {
  return expr.op == Op::Div || expr.op == Op::Mod ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return divides(*operand); });
}

/// Dimension n of sizes A*B*C of the source's three: n / (B*C), n / C % B, n % C.
TensorRef Importer::collapseShape(tensor::CollapseShapeOp op) {
  TensorRef source = tensorOf(op.getSrc());
  std::vector<ExprRef> shape, subscripts(source->shape.size());
  for (auto [i, group] : llvm::enumerate(op.getReassociationIndices())) {
    llvm::SmallVector<int64_t> real;
    ExprRef product = indexConstant(1);
    for (int64_t dim : group) {
      subscripts[dim] = indexConstant(0);
      product = indexOp(Op::Mul, product, source->shape[dim]);
      if (!isOne(source->shape[dim]))
        real.push_back(dim);
    }
    shape.push_back(product);
    ExprRef inner = indexConstant(1);
    for (int64_t dim : llvm::reverse(real)) {
      ExprRef rest = indexOp(Op::Div, makeLoop(i), inner);
      bool isOutermost = dim == real.front();
      subscripts[dim] = isOutermost ? rest : indexOp(Op::Mod, rest, source->shape[dim]);
      inner = indexOp(Op::Mul, inner, source->shape[dim]);
    }
  }
  TensorRef view = viewOf(source, std::move(shape), std::move(subscripts));
  if (view->kind != Kind::View)
    return view;
  // Where the whole subscript is plain after all, it stays a view; else its readers would not be
  // recognised by any intrinsic, so it is laid out once.
  std::vector<ExprRef> loops;
  for (unsigned i = 0; i < view->shape.size(); ++i)
    loops.push_back(makeLoop(i));
  ExprRef element = read(view, loops, op.getLoc());
  if (!element)
    return nullptr;
  if (!divides(*element) || !returned.contains(op.getResult())) {
    if (!divides(*element))
      return view;
    view->name = nameOf(op.getLoc());
    return store(view, op.getLoc()) ? view : nullptr;
  }
  return view;
}

TensorRef Importer::extractSlice(tensor::ExtractSliceOp op) {
  TensorRef source = tensorOf(op.getSource());
  std::vector<ExprRef> offsets, sizes, strides, shape, subscripts;
  if (!indicesOf(op.getMixedOffsets(), offsets) || !indicesOf(op.getMixedSizes(), sizes) ||
      !indicesOf(op.getMixedStrides(), strides))
    return nullptr;
  llvm::SmallBitVector dropped = op.getDroppedDims();
  for (unsigned dim = 0; dim < offsets.size(); ++dim) {
    if (dropped.test(dim)) {
      subscripts.push_back(offsets[dim]);
      continue;
    }
    ExprRef step = indexOp(Op::Mul, makeLoop(shape.size()), strides[dim]);
    subscripts.push_back(indexOp(Op::Add, step, offsets[dim]));
    shape.push_back(sizes[dim]);
  }
  return viewOf(source, std::move(shape), std::move(subscripts));
}

/// A tensor whose pieces are written one after the other is one temporary with several statements.
TensorRef Importer::insertInto(Value result, const TensorRef &target, const TensorRef &part,
                               std::vector<ExprRef> subscripts, Location location) {
  // The ranges of the loops come from the part's shape, so it must stand alone.
  if (part->kind != Kind::Stored && !store(part, location))
    return nullptr;
  TensorRef whole = target;
  if (!target->isPieces) {
    whole = destination(result, target->type, target->shape);
    whole->isPieces = true;
    std::vector<ExprRef> loops;
    for (unsigned i = 0; i < whole->shape.size(); ++i)
      loops.push_back(makeLoop(i));
    if (target->kind != Kind::Empty) {
      ExprRef before = read(target, loops, location);
      if (!before)
        return nullptr;
      write(location, whole->tensor, whole->shape, std::vector<bool>(loops.size()), loops, before);
    }
  }
  writePart(location, whole, part, std::move(subscripts));
  return whole;
}

TensorRef Importer::insertSlice(tensor::InsertSliceOp op) {
  TensorRef part = tensorOf(op.getSource()), target = tensorOf(op.getDest());
  std::vector<ExprRef> offsets, strides, subscripts;
  if (!indicesOf(op.getMixedOffsets(), offsets) || !indicesOf(op.getMixedStrides(), strides))
    return nullptr;
  llvm::SmallBitVector dropped = op.getDroppedDims();
  unsigned next = 0;
  for (unsigned dim = 0; dim < offsets.size(); ++dim) {
    if (dropped.test(dim)) {
      subscripts.push_back(offsets[dim]);
      continue;
    }
    ExprRef step = indexOp(Op::Mul, makeLoop(next++), strides[dim]);
    subscripts.push_back(indexOp(Op::Add, step, offsets[dim]));
  }
  // In place only where nothing else reads what was there.
  TensorRef into = std::make_shared<TensorValue>(*target);
  into->isPieces = target->isPieces && op.getDest().hasOneUse() && !returned.contains(op.getDest());
  auto found = returned.find(op.getResult());
  if (into->isPieces && found != returned.end()) {
    // The last piece of a result: what was gathered so far is that result.
    Tensor &gathered = state.kernel.semantics.tensors[into->tensor];
    gathered.name = resultNames[found->second];
    gathered.role = Role::Output;
  }
  return insertInto(op.getResult(), into, part, std::move(subscripts), op.getLoc());
}

TensorRef Importer::concat(tensor::ConcatOp op) {
  unsigned axis = op.getDim();
  TensorRef whole = std::make_shared<TensorValue>(*tensorOf(op.getInputs()[0]));
  whole->kind = Kind::Empty;
  whole->isPieces = false;
  ExprRef total = indexConstant(0);
  for (Value input : op.getInputs())
    total = indexOp(Op::Add, total, tensorOf(input)->shape[axis]);
  whole->shape[axis] = total;
  ExprRef offset = indexConstant(0);
  for (Value input : op.getInputs()) {
    TensorRef part = tensorOf(input);
    std::vector<ExprRef> subscripts;
    for (unsigned i = 0; i < part->shape.size(); ++i)
      subscripts.push_back(i == axis ? indexOp(Op::Add, makeLoop(i), offset) : makeLoop(i));
    offset = indexOp(Op::Add, offset, part->shape[axis]);
    whole = insertInto(op.getResult(), whole, part, std::move(subscripts), op.getLoc());
    if (!whole)
      return nullptr;
  }
  return whole;
}

TensorRef Importer::pad(tensor::PadOp op) {
  TensorRef source = tensorOf(op.getSource());
  Value padding = op.getConstantPaddingValue();
  if (!padding)
    return unsupported(op, "its padding differs from place to place");
  auto padded = std::make_shared<TensorValue>(*source);
  padded->kind = Kind::Padded;
  padded->source = source;
  padded->isPieces = false;
  padded->name = nameOf(op.getLoc());
  padded->scalar = scalars.of(padding);
  std::vector<ExprRef> high;
  if (!padded->scalar || !indicesOf(op.getMixedLowPad(), padded->low) ||
      !indicesOf(op.getMixedHighPad(), high))
    return nullptr;
  for (unsigned i = 0; i < padded->shape.size(); ++i) {
    ExprRef before = indexOp(Op::Add, source->shape[i], padded->low[i]);
    padded->shape[i] = indexOp(Op::Add, before, high[i]);
  }
  if (source->kind == Kind::Empty) {
    reports.add("undefined", positionOf(op.getLoc()), {});
    return nullptr;
  }
  return padded;
}

TensorRef Importer::castShape(tensor::CastOp op) {
  TensorRef source = tensorOf(op.getSource());
  auto type = dyn_cast<RankedTensorType>(op.getType());
  if (!type)
    return unsupported(op, "its rank is not known");
  for (auto [size, known] : llvm::zip(type.getShape(), source->shape))
    if (!ShapedType::isDynamic(size))
      state.unify(known, indexConstant(size));
  return source;
}

TensorRef Importer::generate(tensor::GenerateOp op) {
  TensorRef value = emptyOf(op.getType(), op.getLoc(), op.getDynamicExtents());
  if (!value)
    return nullptr;
  std::vector<ExprRef> loops;
  for (BlockArgument argument : op.getBody().getArguments()) {
    loops.push_back(makeLoop(argument.getArgNumber()));
    scalars.set(argument, loops.back());
  }
  ExprRef content =
      scalars.of(llvm::cast<tensor::YieldOp>(op.getBody().front().getTerminator()).getValue());
  if (!content)
    return nullptr;
  TensorRef result = destination(op.getResult(), value->type, value->shape);
  write(op.getLoc(), result->tensor, value->shape, std::vector<bool>(loops.size()), loops, content);
  return result;
}

} // namespace lathe::mlirreader
