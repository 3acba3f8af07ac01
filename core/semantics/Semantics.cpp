#include "core/semantics/Semantics.h"

#include "llvm/ADT/bit.h"

using namespace lathe;

template <typename Range>
static std::optional<unsigned> findByName(const Range &range, llvm::StringRef name) {
  for (unsigned i = 0; i < range.size(); ++i)
    if (range[i].name == name)
      return i;
  return std::nullopt;
}

std::optional<unsigned> Semantics::findTensor(llvm::StringRef name) const {
  return findByName(tensors, name);
}

std::optional<unsigned> Semantics::findSize(llvm::StringRef name) const {
  return findByName(sizes, name);
}

ExprRef lathe::makeConstant(int64_t value, ElementType type, llvm::SMLoc loc) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Constant;
  expr->type = type;
  expr->loc = loc;
  if (type.isFloat())
    expr->real = static_cast<double>(value);
  else
    expr->integer = value;
  return expr;
}

ExprRef lathe::makeReal(double value, ElementType type, llvm::SMLoc loc) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Constant;
  expr->type = type;
  expr->loc = loc;
  expr->real = value;
  return expr;
}

static ExprRef makeLeaf(Op op, unsigned id, llvm::SMLoc loc) {
  auto expr = std::make_shared<Expr>();
  expr->op = op;
  expr->type = ElementType::index();
  expr->loc = loc;
  expr->id = id;
  return expr;
}

ExprRef lathe::makeLoop(unsigned loop, llvm::SMLoc loc) { return makeLeaf(Op::Loop, loop, loc); }

ExprRef lathe::makeSize(unsigned size, llvm::SMLoc loc) { return makeLeaf(Op::Size, size, loc); }

ExprRef lathe::makeLoad(unsigned tensor, ElementType type, std::vector<ExprRef> subscripts,
                        llvm::SMLoc loc) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Load;
  expr->type = type;
  expr->loc = loc;
  expr->id = tensor;
  expr->operands = std::move(subscripts);
  return expr;
}

ExprRef lathe::makeExpr(Op op, ElementType type, std::vector<ExprRef> operands, llvm::SMLoc loc) {
  auto expr = std::make_shared<Expr>();
  expr->op = op;
  expr->type = type;
  expr->loc = loc;
  expr->operands = std::move(operands);
  return expr;
}

static bool equalLists(const std::vector<ExprRef> &a, const std::vector<ExprRef> &b) {
  if (a.size() != b.size())
    return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (!equal(*a[i], *b[i]))
      return false;
  return true;
}

bool lathe::equal(const Expr &a, const Expr &b) {
  if (&a == &b)
    return true;
  if (a.op != b.op || a.type != b.type || a.integer != b.integer || a.id != b.id ||
      a.loops != b.loops || llvm::bit_cast<uint64_t>(a.real) != llvm::bit_cast<uint64_t>(b.real))
    return false;
  if (a.op == Op::Reduce && a.reduction != b.reduction)
    return false;
  return equalLists(a.operands, b.operands);
}

static bool equalLoops(const Loop &a, const Loop &b) {
  return a.name == b.name && a.reduction == b.reduction && a.size == b.size &&
         equal(*a.extent, *b.extent);
}

static bool equalStatements(const Statement &a, const Statement &b) {
  return a.tensor == b.tensor && a.assign == b.assign && equalLists(a.subscripts, b.subscripts) &&
         equal(*a.value, *b.value) && equalLists(a.conditions, b.conditions) &&
         std::equal(a.loops.begin(), a.loops.end(), b.loops.begin(), b.loops.end(), equalLoops);
}

static bool equalTensors(const Tensor &a, const Tensor &b) {
  auto equalLevels = [](const LevelFormat &x, const LevelFormat &y) {
    return x.dimension == y.dimension && x.level == y.level;
  };
  return a.name == b.name && a.type == b.type && a.role == b.role && a.sizes == b.sizes &&
         equalLists(a.shape, b.shape) &&
         std::equal(a.sparse.begin(), a.sparse.end(), b.sparse.begin(), b.sparse.end(),
                    equalLevels);
}

bool lathe::equal(const Semantics &a, const Semantics &b) {
  auto equalSizes = [](const Size &x, const Size &y) {
    return x.name == y.name && x.value == y.value && x.min == y.min && x.max == y.max;
  };
  return a.name == b.name && a.bound == b.bound && a.reassociate == b.reassociate &&
         std::equal(a.sizes.begin(), a.sizes.end(), b.sizes.begin(), b.sizes.end(), equalSizes) &&
         std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), b.tensors.end(),
                    equalTensors) &&
         std::equal(a.statements.begin(), a.statements.end(), b.statements.begin(),
                    b.statements.end(), equalStatements);
}

llvm::StringRef lathe::spelling(Op op) {
  switch (op) {
  case Op::Constant:
    return "constant";
  case Op::Loop:
    return "loop";
  case Op::Size:
    return "size";
  case Op::Load:
    return "load";
  case Op::Reduce:
    return "reduce";
  case Op::Convert:
    return "convert";
  case Op::Saturate:
    return "sat";
  case Op::Add:
    return "+";
  case Op::Sub:
  case Op::Neg:
    return "-";
  case Op::Mul:
    return "*";
  case Op::Div:
    return "/";
  case Op::Mod:
    return "%";
  case Op::Abs:
    return "abs";
  case Op::Min:
    return "min";
  case Op::Max:
    return "max";
  case Op::Clamp:
    return "clamp";
  case Op::And:
    return "&";
  case Op::Or:
    return "|";
  case Op::Xor:
    return "^";
  case Op::Not:
    return "~";
  case Op::Shl:
    return "<<";
  case Op::Shr:
    return ">>";
  case Op::RoundShift:
    return "round_shift";
  case Op::Bit:
    return "bit";
  case Op::Popcount:
    return "popcount";
  case Op::Less:
    return "<";
  case Op::LessEqual:
    return "<=";
  case Op::Equal:
    return "==";
  case Op::NotEqual:
    return "!=";
  case Op::LogicalAnd:
    return "and";
  case Op::LogicalOr:
    return "or";
  case Op::Select:
    return "select";
  case Op::Lut:
    return "lut";
  case Op::Exp:
    return "exp";
  case Op::Log:
    return "log";
  case Op::Sqrt:
    return "sqrt";
  case Op::Rsqrt:
    return "rsqrt";
  case Op::Tanh:
    return "tanh";
  case Op::Erf:
    return "erf";
  case Op::Recip:
    return "recip";
  case Op::Floor:
    return "floor";
  case Op::RoundEven:
    return "round_even";
  }
  return "";
}

llvm::StringRef lathe::spelling(Reduction reduction) {
  switch (reduction) {
  case Reduction::Sum:
    return "sum";
  case Reduction::Product:
    return "prod";
  case Reduction::Max:
    return "max";
  case Reduction::Min:
    return "min";
  case Reduction::Any:
    return "any";
  case Reduction::All:
    return "all";
  case Reduction::ArgMax:
    return "argmax";
  case Reduction::ArgMin:
    return "argmin";
  }
  return "";
}
