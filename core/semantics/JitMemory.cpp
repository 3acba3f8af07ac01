// Addresses, loads, stores, and the checks before them.
#include "core/semantics/JitGenerator.h"

#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/MDBuilder.h"

using namespace lathe;
using namespace lathe::jit;
using llvm::Value;

/// Operands do not overlap: whatever touches one tensor leaves the others alone.
void Generator::nameScopes() {
  llvm::LLVMContext &context = b.getContext();
  llvm::MDBuilder builder(context);
  llvm::MDNode *domain = builder.createAnonymousAliasScopeDomain("operands");
  llvm::SmallVector<llvm::Metadata *> scopes;
  for (const Tensor &tensor : semantics.tensors)
    scopes.push_back(builder.createAnonymousAliasScope(domain, tensor.name));
  for (unsigned t = 0; t < scopes.size(); ++t) {
    llvm::SmallVector<llvm::Metadata *> others = scopes;
    others.erase(others.begin() + t);
    aliasScope.push_back(llvm::MDNode::get(context, {scopes[t]}));
    noAlias.push_back(llvm::MDNode::get(context, others));
  }
}

llvm::Instruction *Generator::annotate(Value *access, unsigned tensor) {
  auto *instruction = llvm::cast<llvm::Instruction>(access);
  instruction->setMetadata(llvm::LLVMContext::MD_alias_scope, aliasScope[tensor]);
  instruction->setMetadata(llvm::LLVMContext::MD_noalias, noAlias[tensor]);
  return instruction;
}

Value *Generator::address(unsigned tensor, Value *offset) {
  return b.CreatePtrAdd(bases[tensor], offset);
}

Lanes Generator::offset(unsigned tensor, llvm::ArrayRef<Lanes> subscripts) {
  Lanes total = uniform(b.getInt64(0));
  for (unsigned d = 0; d < subscripts.size(); ++d)
    total = plus(total, times(subscripts[d], strides[tensor][d]));
  return total;
}

Lanes Generator::loadAt(unsigned tensor, llvm::ArrayRef<Lanes> subscripts, const Point &point,
                        bool guardNeeded) {
  Lanes where = offset(tensor, subscripts);
  if (where.form == Lanes::Form::Uniform)
    return loadScalar(tensor, where.value, point, guardNeeded);
  int64_t bytes = semantics.tensors[tensor].type.bytes();
  if (where.form == Lanes::Form::Strided && where.stride == bytes)
    return loadVector(tensor, where.value, mask(point, guardNeeded));
  return loadScattered(tensor, vector(where), mask(point, guardNeeded));
}

/// Where no lane takes part, a zero is read instead.
Lanes Generator::loadScalar(unsigned tensor, Value *offset, const Point &point, bool guardNeeded) {
  ElementType type = semantics.tensors[tensor].type;
  Value *from = address(tensor, offset);
  if (guardNeeded && point.guard.value) {
    bool scalar = point.guard.form == Lanes::Form::Uniform;
    from = b.CreateSelect(anyLane(scalar ? point.guard.value : mask(point)), from, zeros);
  }
  auto *load = b.CreateAlignedLoad(arithmetic.memoryType(type), from, llvm::Align(1));
  return uniform(arithmetic.fromMemory(annotate(load, tensor), type));
}

Lanes Generator::loadVector(unsigned tensor, Value *offset, Value *mask) {
  ElementType type = semantics.tensors[tensor].type;
  auto *memory = llvm::FixedVectorType::get(arithmetic.memoryType(type), plan.lanes);
  Value *from = address(tensor, offset);
  Value *load = mask
                    ? static_cast<Value *>(b.CreateMaskedLoad(memory, from, llvm::Align(1), mask,
                                                              llvm::Constant::getNullValue(memory)))
                    : b.CreateAlignedLoad(memory, from, llvm::Align(1));
  return varying(arithmetic.fromMemory(annotate(load, tensor), type));
}

Lanes Generator::loadScattered(unsigned tensor, Value *offsets, Value *mask) {
  ElementType type = semantics.tensors[tensor].type;
  auto *memory = llvm::FixedVectorType::get(arithmetic.memoryType(type), plan.lanes);
  Value *addresses = b.CreatePtrAdd(bases[tensor], offsets);
  Value *load = b.CreateMaskedGather(memory, addresses, llvm::Align(1), mask,
                                     mask ? llvm::Constant::getNullValue(memory) : nullptr);
  return varying(arithmetic.fromMemory(annotate(load, tensor), type));
}

static Op operatorOf(Assign assign) {
  return assign == Assign::Add ? Op::Add : assign == Assign::Max ? Op::Max : Op::Min;
}

/// tensor[subscripts] op= value, in the lanes that take part.
void Generator::store(const Statement &statement, const Point &point, Lanes value) {
  ElementType type = semantics.tensors[statement.tensor].type;
  Values subscripts;
  for (const ExprRef &subscript : statement.subscripts)
    subscripts.push_back(evaluate(*subscript, {point}).front());
  subscripts =
      checkedSubscripts(statement, statement.tensor, statement.subscripts, point, subscripts);
  if (statement.assign != Assign::Set) {
    Lanes old = loadAt(statement.tensor, subscripts, point, /*guardNeeded=*/true);
    bool scalar = old.form == Lanes::Form::Uniform && value.form == Lanes::Form::Uniform;
    Value *result =
        arithmetic.binary(operatorOf(statement.assign), scalar ? old.value : vector(old),
                          scalar ? value.value : vector(value), type);
    value = scalar ? uniform(result) : varying(result);
  }
  Lanes where = offset(statement.tensor, subscripts);
  if (where.form == Lanes::Form::Uniform)
    return storeScalar(statement.tensor, where.value, point, value);
  Value *stored = arithmetic.toMemory(vector(value), type);
  Value *lanes = mask(point);
  Value *access;
  if (where.form == Lanes::Form::Strided && where.stride == type.bytes()) {
    Value *to = address(statement.tensor, where.value);
    access = lanes ? static_cast<Value *>(b.CreateMaskedStore(stored, to, llvm::Align(1), lanes))
                   : b.CreateAlignedStore(stored, to, llvm::Align(1));
  } else {
    Value *to = b.CreatePtrAdd(bases[statement.tensor], vector(where));
    access = b.CreateMaskedScatter(stored, to, llvm::Align(1), lanes);
  }
  annotate(access, statement.tensor);
}

/// Without lanes, a guard that is false keeps the old element.
void Generator::storeScalar(unsigned tensor, Value *offset, const Point &point, Lanes value) {
  assert(value.form == Lanes::Form::Uniform && "lanes differ, but one element is written");
  ElementType type = semantics.tensors[tensor].type;
  Value *stored = arithmetic.toMemory(value.value, type);
  Value *to = address(tensor, offset);
  auto write = [&] { annotate(b.CreateAlignedStore(stored, to, llvm::Align(1)), tensor); };
  if (!point.guard.value)
    return write();
  auto *yes = llvm::BasicBlock::Create(b.getContext(), "write", function);
  auto *after = llvm::BasicBlock::Create(b.getContext(), "written", function);
  b.CreateCondBr(point.guard.value, yes, after);
  b.SetInsertPoint(yes);
  write();
  b.CreateBr(after);
  b.SetInsertPoint(after);
}

/// The first bad lane's value is reported.
void Generator::check(const Lanes &ok, const Lanes &value, const Point &point,
                      std::string sentence) {
  bool scalarGuard = !point.guard.value || point.guard.form == Lanes::Form::Uniform;
  bool scalar = ok.form == Lanes::Form::Uniform && scalarGuard;
  Value *bad = b.CreateNot(scalar ? ok.value : vector(ok));
  if (scalar && point.guard.value)
    bad = b.CreateAnd(bad, point.guard.value);
  if (!scalar)
    if (Value *lanes = mask(point))
      bad = b.CreateAnd(bad, lanes);
  if (auto *known = llvm::dyn_cast<llvm::Constant>(bad))
    if (known->isNullValue())
      return;
  auto *fails = llvm::BasicBlock::Create(b.getContext(), "fault", function);
  auto *holds = llvm::BasicBlock::Create(b.getContext(), "checked", function);
  auto *weights = llvm::MDBuilder(b.getContext()).createUnlikelyBranchWeights();
  b.CreateCondBr(anyLane(bad), fails, holds, weights);
  b.SetInsertPoint(fails);
  Value *shown = value.value;
  if (!scalar && value.form != Lanes::Form::Uniform) {
    Value *bits = b.CreateBitCast(bad, b.getIntNTy(plan.lanes));
    Value *lane = b.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, bits, b.getTrue());
    shown = b.CreateExtractElement(vector(value), b.CreateZExtOrTrunc(lane, b.getInt64Ty()));
  }
  faultTexts.push_back(std::move(sentence));
  Value *site = b.getInt64(faultTexts.size());
  b.CreateStore(site, faultSlot);
  b.CreateStore(shown, b.CreateConstGEP1_64(b.getInt64Ty(), faultSlot, 1));
  b.CreateRet(site);
  b.SetInsertPoint(holds);
}
