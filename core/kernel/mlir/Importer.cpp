#include "core/kernel/mlir/Importer.h"

#include "core/kernel/mlir/Index.h"
#include "core/kernel/mlir/Lowering.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/SymbolTable.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace lathe::mlirreader {
using Kind = TensorValue::Kind;

std::optional<ImportedKernel> importFunction(func::FuncOp function, Reports &reports) {
  return Importer(function, reports).run();
}

TensorRef Importer::unsupported(Operation *op, llvm::StringRef why) {
  reports.add("unsupported", positionOf(op->getLoc()),
              {op->getName().getStringRef().str(), why.str()});
  return nullptr;
}

static std::string typeText(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

TensorRef Importer::emptyOf(Type type, Location location, ValueRange sizes) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  auto element = tensor ? elementTypeOf(tensor.getElementType()) : std::nullopt;
  if (!element || element->isIndex() || (tensor && tensor.getEncoding())) {
    reports.add("type", positionOf(location), {typeText(type)});
    return nullptr;
  }
  auto value = std::make_shared<TensorValue>();
  value->type = *element;
  size_t next = 0;
  for (int64_t size : tensor.getShape()) {
    if (!ShapedType::isDynamic(size)) {
      value->shape.push_back(indexConstant(size));
      continue;
    }
    ExprRef given = next < sizes.size() ? scalars.of(sizes[next++]) : nullptr;
    if (!given && sizes.empty())
      reports.add("dynamic", positionOf(location), {typeText(type)});
    if (!given)
      return nullptr;
    value->shape.push_back(given);
  }
  return value;
}

ExprRef Importer::element(Value tensor, std::vector<ExprRef> subscripts, Location location) {
  TensorRef value = tensorOf(tensor);
  return value ? read(value, std::move(subscripts), location) : nullptr;
}

ExprRef Importer::dimension(Value tensor, unsigned dimension) {
  TensorRef value = tensorOf(tensor);
  return value && dimension < value->shape.size() ? value->shape[dimension] : nullptr;
}

ExprRef Importer::read(const TensorRef &value, std::vector<ExprRef> subscripts, Location location) {
  if (value->kind == Kind::Padded && !store(value, location))
    return nullptr;
  switch (value->kind) {
  case Kind::Stored:
    return makeLoad(value->tensor, value->type, std::move(subscripts));
  case Kind::Uniform:
    return value->scalar;
  case Kind::View: {
    std::vector<ExprRef> inner;
    for (const ExprRef &subscript : value->subscripts)
      inner.push_back(substituteLoops(subscript, subscripts));
    return read(value->source, std::move(inner), location);
  }
  default:
    reports.add("undefined", positionOf(location), {});
    return nullptr;
  }
}

void Importer::write(Location location, unsigned tensor, std::vector<ExprRef> extents,
                     std::vector<bool> isReduction, std::vector<ExprRef> subscripts,
                     ExprRef value) {
  constexpr size_t kLargest = 2000;
  if (treeSize(*value, kLargest) == kLargest) {
    reports.add("unsupported", positionOf(location),
                {"an expression", "it has more than 2000 operations"});
    return;
  }
  // A tensor holds signed integers; only parameters may be unsigned.
  ElementType type = state.kernel.semantics.tensors[tensor].type;
  value = type.kind == ElementType::Kind::Unsigned ? asUnsigned(value) : asSigned(value);
  state.addStatement(positionOf(location), tensor, std::move(extents), std::move(isReduction),
                     std::move(subscripts), std::move(value));
}

static std::vector<ExprRef> loopsOf(size_t rank) {
  std::vector<ExprRef> loops;
  for (unsigned i = 0; i < rank; ++i)
    loops.push_back(makeLoop(i));
  return loops;
}

static std::vector<bool> allParallel(size_t loops) { return std::vector<bool>(loops, false); }

TensorRef Importer::temporary(llvm::StringRef name, ElementType type, std::vector<ExprRef> shape) {
  auto value = std::make_shared<TensorValue>();
  value->kind = Kind::Stored;
  value->type = type;
  value->shape = shape;
  value->tensor = state.addTensor(state.names.fresh(name.empty() ? "t" : name), type,
                                  std::move(shape), Role::Temporary);
  return value;
}

TensorRef Importer::destination(Value result, ElementType type, std::vector<ExprRef> shape) {
  auto found = returned.find(result);
  if (found == returned.end())
    return temporary(nameOf(result.getLoc()), type, std::move(shape));
  auto value = std::make_shared<TensorValue>();
  value->kind = Kind::Stored;
  value->type = type;
  value->shape = shape;
  value->tensor = state.addTensor(resultNames[found->second], type, std::move(shape), Role::Output);
  return value;
}

void Importer::writePart(Location location, const TensorRef &whole, const TensorRef &part,
                         std::vector<ExprRef> subscripts) {
  size_t rank = part->shape.size();
  std::vector<ExprRef> conditions;
  // A loop that stands alone on the left runs through the whole dimension.
  for (auto [subscript, size] : llvm::zip(subscripts, whole->shape))
    if (subscript->op == Op::Loop && !state.sameShape(part->shape[subscript->id], size))
      conditions.push_back(
          makeExpr(Op::Less, ElementType::condition(), {subscript, part->shape[subscript->id]}));
  write(location, whole->tensor, part->shape, allParallel(rank), std::move(subscripts),
        makeLoad(part->tensor, part->type, loopsOf(rank)));
  state.kernel.semantics.statements.back().conditions = std::move(conditions);
}

bool Importer::store(const TensorRef &value, Location location, const TensorRef &place) {
  if (value->kind == Kind::Stored)
    return true;
  size_t rank = value->shape.size();
  if (value->kind != Kind::Padded) {
    ExprRef content = read(value, loopsOf(rank), location);
    if (!content)
      return false;
    TensorRef stored = place ? place : temporary(value->name, value->type, value->shape);
    write(location, stored->tensor, value->shape, allParallel(rank), loopsOf(rank), content);
    *value = *stored;
    return true;
  }
  // The padding everywhere, then the source over it. Its loops' ranges come from the source's
  // shape, so it must stand alone there.
  TensorRef source = value->source;
  if (!store(source, location))
    return false;
  TensorRef stored = place ? place : temporary(value->name, value->type, value->shape);
  write(location, stored->tensor, value->shape, allParallel(rank), loopsOf(rank), value->scalar);
  std::vector<ExprRef> moved;
  for (unsigned i = 0; i < rank; ++i)
    moved.push_back(indexOp(Op::Add, makeLoop(i), value->low[i]));
  writePart(location, stored, source, std::move(moved));
  *value = *stored;
  return true;
}

// An integer parameter is unsigned when every operation that reads an element of it says so.
static bool isReadUnsigned(Value tensor) {
  bool any = false;
  for (OpOperand &use : tensor.getUses()) {
    auto generic = dyn_cast<linalg::GenericOp>(use.getOwner());
    if (isa<tensor::DimOp>(use.getOwner()))
      continue;
    if (!generic || !generic.isDpsInput(&use))
      return false;
    for (Operation *user : generic.getMatchingBlockArgument(&use).getUsers()) {
      any = true;
      bool isUnsigned = isa<arith::ExtUIOp, arith::UIToFPOp, arith::MaxUIOp, arith::MinUIOp,
                            arith::DivUIOp, arith::RemUIOp, arith::IndexCastUIOp>(user);
      auto compare = dyn_cast<arith::CmpIOp>(user);
      if (!isUnsigned && !(compare && compare.getPredicate() >= arith::CmpIPredicate::ult))
        return false;
    }
  }
  return any;
}

bool Importer::declareArgument(BlockArgument argument) {
  llvm::StringRef given = nameOf(argument.getLoc());
  std::string name =
      state.names.fresh(given.empty() ? "arg" + std::to_string(argument.getArgNumber()) : given);
  if (argument.getType().isIndex()) {
    scalars.set(argument, state.addSize(name));
    return true;
  }
  if (auto scalar = elementTypeOf(argument.getType())) {
    unsigned tensor = state.addTensor(name, *scalar, {}, Role::Input);
    scalars.set(argument, makeLoad(tensor, *scalar, {}));
    return true;
  }
  auto type = dyn_cast<RankedTensorType>(argument.getType());
  auto element = type ? elementTypeOf(type.getElementType()) : std::nullopt;
  if (!element || element->isIndex() || type.getEncoding()) {
    reports.add("type", positionOf(argument.getLoc()), {typeText(argument.getType())});
    return false;
  }
  auto value = std::make_shared<TensorValue>();
  value->kind = Kind::Stored;
  value->type = *element;
  if (element->isSigned() && isReadUnsigned(argument))
    value->type = ElementType::integer(element->bits, false);
  for (auto [i, size] : llvm::enumerate(type.getShape()))
    value->shape.push_back(ShapedType::isDynamic(size)
                               ? state.addSize(name + "_" + std::to_string(i))
                               : indexConstant(size));
  value->tensor = state.addTensor(name, value->type, value->shape, Role::Input);
  tensors[argument] = value;
  return true;
}

bool Importer::declareArguments() {
  bool fine = true;
  for (BlockArgument argument : function.getArguments())
    fine &= declareArgument(argument);
  size_t results = function.getNumResults();
  for (size_t i = 0; i < results; ++i)
    resultNames.push_back(state.names.fresh(results == 1 ? "y" : "y" + std::to_string(i)));
  return fine;
}

static void appendElement(std::string &bytes, uint64_t value, unsigned count) {
  for (unsigned i = 0; i < count; ++i)
    bytes += static_cast<char>(value >> (8 * i));
}

TensorRef Importer::constant(Operation *op, ElementsAttr values, llvm::StringRef name) {
  TensorRef result = emptyOf(values.getType(), op->getLoc());
  if (!result)
    return nullptr;
  ElementType type = result->type;
  std::string bytes;
  if (auto resource = dyn_cast<DenseResourceElementsAttr>(values)) {
    AsmResourceBlob *blob = resource.getRawHandle().getBlob();
    uint64_t wanted = values.getNumElements() * type.bytes();
    if (!blob || blob->getData().size() != wanted)
      return unsupported(op, "its resource has no data of its size");
    bytes.assign(blob->getData().begin(), blob->getData().end());
  } else if (auto dense = dyn_cast<DenseElementsAttr>(values)) {
    if (dense.isSplat()) {
      result->kind = Kind::Uniform;
      result->scalar =
          type.isFloat()
              ? makeReal(cast<FloatAttr>(dense.getSplatValue<Attribute>()).getValueAsDouble(), type)
              : makeConstant(type.isSigned() ? dense.getSplatValue<APInt>().getSExtValue()
                                             : dense.getSplatValue<APInt>().getZExtValue(),
                             type);
      return result;
    }
    bytes.reserve(dense.getNumElements() * type.bytes());
    if (type.isFloat())
      for (const APFloat &value : dense.getValues<APFloat>())
        appendElement(bytes, value.bitcastToAPInt().getZExtValue(), type.bytes());
    else
      for (const APInt &value : dense.getValues<APInt>())
        appendElement(bytes, type.isSigned() ? value.getSExtValue() : value.getZExtValue(),
                      type.bytes());
  } else {
    return unsupported(op, "its values are not dense");
  }
  result->kind = Kind::Stored;
  std::string fresh = state.names.fresh(name.empty() ? "w" : name);
  result->tensor = state.addTensor(fresh, type, result->shape, Role::Input);
  Constant data{fresh, {}, std::move(bytes)};
  for (const ExprRef &size : result->shape)
    data.sizes.push_back(size->integer);
  state.kernel.constants.push_back(std::move(data));
  return result;
}

TensorRef Importer::global(Operation *op, SymbolRefAttr symbol) {
  std::string name = symbol.getLeafReference().str();
  if (TensorRef known = globals[name])
    return known;
  auto global = SymbolTable::lookupNearestSymbolFrom<ml_program::GlobalOp>(op, symbol);
  if (!global)
    return unsupported(op, "there is no such global");
  bool isStored =
      function->getParentOfType<ModuleOp>()
          ->walk([&](ml_program::GlobalStoreOp store) {
            return store.getGlobal() == symbol ? WalkResult::interrupt() : WalkResult::advance();
          })
          .wasInterrupted();
  if (isStored)
    return unsupported(op, "the global is stored to, a kernel keeps no state");
  if (auto values = dyn_cast_or_null<ElementsAttr>(global.getValueAttr()))
    return globals[name] = constant(op, values, name);
  // Its values come from outside: a parameter.
  TensorRef result = emptyOf(global.getType(), op->getLoc());
  if (result) {
    result->kind = Kind::Stored;
    result->tensor =
        state.addTensor(state.names.fresh(name), result->type, result->shape, Role::Input);
  }
  return globals[name] = result;
}

TensorRef Importer::build(Operation *op) {
  return llvm::TypeSwitch<Operation *, TensorRef>(op)
      .Case<arith::ConstantOp>([&](arith::ConstantOp constantOp) {
        return constant(op, cast<ElementsAttr>(constantOp.getValue()), nameOf(op->getLoc()));
      })
      .Case<tensor::EmptyOp>([&](tensor::EmptyOp empty) {
        return emptyOf(empty.getType(), op->getLoc(), empty.getDynamicSizes());
      })
      .Case<tensor::SplatOp>([&](tensor::SplatOp splat) -> TensorRef {
        TensorRef value = emptyOf(splat.getType(), op->getLoc(), splat.getDynamicSizes());
        ExprRef scalar = value ? scalars.of(splat.getInput()) : nullptr;
        if (!scalar)
          return nullptr;
        value->kind = Kind::Uniform;
        value->scalar = scalar;
        return value;
      })
      .Case<tensor::FromElementsOp>([&](tensor::FromElementsOp from) -> TensorRef {
        if (from.getElements().size() != 1)
          return unsupported(op, "it has more than one element");
        TensorRef value = emptyOf(from.getType(), op->getLoc());
        ExprRef scalar = value ? scalars.of(from.getElements()[0]) : nullptr;
        if (!scalar)
          return nullptr;
        value->kind = Kind::Uniform;
        value->scalar = scalar;
        return value;
      })
      .Case<ml_program::GlobalLoadConstOp, ml_program::GlobalLoadOp>(
          [&](auto load) { return global(op, load.getGlobal()); })
      .Case<tensor::ExpandShapeOp>([&](auto reshape) { return expandShape(reshape); })
      .Case<tensor::CollapseShapeOp>([&](auto reshape) { return collapseShape(reshape); })
      .Case<tensor::ExtractSliceOp>([&](auto slice) { return extractSlice(slice); })
      .Case<tensor::InsertSliceOp>([&](auto slice) { return insertSlice(slice); })
      .Case<tensor::ConcatOp>([&](auto parts) { return concat(parts); })
      .Case<tensor::PadOp>([&](auto padding) { return pad(padding); })
      .Case<tensor::CastOp>([&](auto other) { return castShape(other); })
      .Case<tensor::GenerateOp>([&](auto body) { return generate(body); })
      .Default([&](Operation *) { return unsupported(op, "it has no form in index notation"); });
}

void Importer::visit(Operation *op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(op))
    return visitGeneric(generic);
  if (auto back = dyn_cast<func::ReturnOp>(op))
    return finishReturn(back);
  bool isTensor = op->getNumResults() == 1 && isa<ShapedType>(op->getResult(0).getType());
  // Scalars are built where they are used.
  bool isScalar = op->getNumResults() != 0 && op->getNumRegions() == 0 &&
                  llvm::none_of(op->getResultTypes(), llvm::IsaPred<ShapedType>);
  if (isScalar)
    return;
  if (!isTensor) {
    unsupported(op, "it has no form in index notation");
    return;
  }
  // After a mistake its uses are not reported again.
  bool complete = llvm::all_of(op->getOperands(), [&](Value operand) {
    return !isa<ShapedType>(operand.getType()) || tensorOf(operand);
  });
  if (!complete)
    return;
  TensorRef value = build(op);
  if (value && value->name.empty())
    value->name = nameOf(op->getLoc());
  tensors[op->getResult(0)] = value;
}

void Importer::finishReturn(func::ReturnOp op) {
  for (auto [i, value] : llvm::enumerate(op.getOperands())) {
    if (auto scalar = elementTypeOf(value.getType())) {
      ExprRef content = scalars.of(value);
      if (!content)
        continue;
      if (scalar->isIndex()) {
        unsupported(op, "a result of type index");
        continue;
      }
      unsigned tensor = state.addTensor(resultNames[i], *scalar, {}, Role::Output);
      write(op.getLoc(), tensor, {}, {}, {}, content);
      continue;
    }
    TensorRef tensor = tensorOf(value);
    if (!tensor)
      continue;
    bool isDone = tensor->kind == Kind::Stored &&
                  state.kernel.semantics.tensors[tensor->tensor].name == resultNames[i];
    if (isDone)
      continue;
    auto result = std::make_shared<TensorValue>();
    result->kind = Kind::Stored;
    result->type = tensor->type;
    result->shape = tensor->shape;
    result->tensor = state.addTensor(resultNames[i], tensor->type, tensor->shape, Role::Output);
    // A copy of the value: what is returned may be read by a later result.
    auto copied = std::make_shared<TensorValue>(*tensor);
    if (copied->kind == Kind::Stored) {
      copied->kind = Kind::View;
      copied->source = tensor;
      copied->subscripts = loopsOf(tensor->shape.size());
    }
    store(copied, op.getLoc(), result);
  }
}

std::optional<ImportedKernel> Importer::run() {
  state.kernel.semantics.name = NameSet().fresh(function.getName());
  state.kernel.at = positionOf(function.getLoc());
  state.names.fresh(state.kernel.semantics.name);
  if (!llvm::hasSingleElement(function.getBody())) {
    unsupported(function, "it has several blocks");
    return std::nullopt;
  }
  if (!declareArguments())
    return std::nullopt;
  if (function.getNumResults() == 0) {
    unsupported(function, "it has no result");
    return std::nullopt;
  }
  auto back = llvm::cast<func::ReturnOp>(function.getBody().front().getTerminator());
  for (auto [i, value] : llvm::enumerate(back.getOperands()))
    if (value.getDefiningOp())
      returned.try_emplace(value, i);
  for (Operation &op : function.getBody().front())
    visit(&op);
  if (reports.hasErrors())
    return std::nullopt;
  state.finish();
  return std::move(state.kernel);
}

} // namespace lathe::mlirreader
