#include "core/semantics/Interpreter.h"

#include "core/semantics/IndexRange.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"

#include <cmath>
#include <limits>

using namespace lathe;

namespace {

/// `integer` for integers, indices and conditions, `real` for floats.
struct Value {
  int64_t integer = 0;
  double real = 0;
};

using Failure = std::optional<std::string>;

bool isUnsigned(ElementType type) { return type.kind == ElementType::Kind::Unsigned; }

bool less(Value a, Value b, ElementType type) {
  if (type.isFloat())
    return a.real < b.real;
  return isUnsigned(type) ? uint64_t(a.integer) < uint64_t(b.integer) : a.integer < b.integer;
}

bool same(Value a, Value b, ElementType type) {
  return type.isFloat() ? a.real == b.real : a.integer == b.integer;
}

Value wrapped(uint64_t bits, ElementType type) {
  return {type.isIndex() ? int64_t(bits) : wrapInteger(int64_t(bits), type)};
}

/// Floats below 32 bits are computed as f32 and rounded again, which for + - * / sqrt is exact
/// rounding.
Value rounded(double value, ElementType type) {
  return {0, roundReal(static_cast<float>(value), type)};
}

/// Floored quotient or remainder; the divisor is not zero.
Value divideIntegers(Op op, int64_t a, int64_t b, ElementType type) {
  if (isUnsigned(type)) {
    uint64_t x = a, y = b;
    return {int64_t(op == Op::Div ? x / y : x % y)};
  }
  if (b == -1) // the smallest integer by -1 overflows the division
    return op == Op::Div ? wrapped(-uint64_t(a), type) : Value{0};
  int64_t quotient = a / b, rest = a % b;
  bool adjust = rest != 0 && (rest < 0) != (b < 0);
  return {op == Op::Div ? quotient - adjust : rest + (adjust ? b : 0)};
}

uint64_t shiftedLeft(uint64_t x, uint64_t amount) { return amount >= 64 ? 0 : x << amount; }

int64_t shiftedRight(int64_t x, uint64_t amount, ElementType type) {
  if (isUnsigned(type))
    return amount >= 64 ? 0 : int64_t(uint64_t(x) >> amount);
  return x >> std::min<uint64_t>(amount, 63);
}

Value shift(Op op, int64_t x, uint64_t amount, ElementType type) {
  switch (op) {
  case Op::Shl:
    return wrapped(shiftedLeft(x, amount), type);
  case Op::Shr:
    return {shiftedRight(x, amount, type)};
  case Op::Bit:
    return {shiftedRight(x, amount, type) & 1};
  default: // RoundShift
    if (amount == 0)
      return {x};
    int64_t half = wrapped(shiftedLeft(1, amount - 1), type).integer;
    int64_t sum = wrapped(uint64_t(x) + uint64_t(half), type).integer;
    return {shiftedRight(sum, amount, type)};
  }
}

Value floatBinary(Op op, double a, double b, ElementType type) {
  switch (op) {
  case Op::Add:
    return rounded(a + b, type);
  case Op::Sub:
    return rounded(a - b, type);
  case Op::Mul:
    return rounded(a * b, type);
  case Op::Div:
    return rounded(a / b, type);
  default: // Mod
    double quotient = std::floor(rounded(a / b, type).real);
    return rounded(a - rounded(quotient * b, type).real, type);
  }
}

Value integerBinary(Op op, int64_t a, int64_t b, ElementType type) {
  uint64_t x = a, y = b;
  switch (op) {
  case Op::Add:
    return wrapped(x + y, type);
  case Op::Sub:
    return wrapped(x - y, type);
  case Op::Mul:
    return wrapped(x * y, type);
  case Op::And:
    return {a & b};
  case Op::Or:
    return {a | b};
  case Op::Xor:
    return {a ^ b};
  default: // Div, Mod
    return divideIntegers(op, a, b, type);
  }
}

/// IEEE 754-2019 maximum and minimum: NaN of any operand, and -0 below +0.
double floatMinMax(Op op, double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? a : b;
  bool second = a == b ? std::signbit(a) != std::signbit(b) && std::signbit(a) == (op == Op::Max)
                       : (op == Op::Max) == (a < b);
  return second ? b : a;
}

Value minMax(Op op, Value a, Value b, ElementType type) {
  if (type.isFloat()) {
    Value result = a;
    result.real = floatMinMax(op, a.real, b.real);
    return result;
  }
  bool second = op == Op::Max ? less(a, b, type) : less(b, a, type);
  return second ? b : a;
}

/// By the C library in double precision.
double transcendental(Op op, double x) {
  switch (op) {
  case Op::Exp:
    return std::exp(x);
  case Op::Log:
    return std::log(x);
  case Op::Sqrt:
    return std::sqrt(x);
  case Op::Rsqrt:
    return 1 / std::sqrt(x);
  case Op::Tanh:
    return std::tanh(x);
  case Op::Erf:
    return std::erf(x);
  case Op::Recip:
    return 1 / x;
  case Op::Floor:
    return std::floor(x);
  default: // RoundEven
    return std::nearbyint(x);
  }
}

Value unary(Op op, Value x, ElementType type) {
  if (op == Op::Popcount)
    return wrapped(llvm::popcount(uint64_t(x.integer) & (~uint64_t(0) >> (64 - type.bits))), type);
  if (op == Op::Neg)
    return type.isFloat() ? Value{0, -x.real} : wrapped(-uint64_t(x.integer), type);
  if (op == Op::Not)
    return wrapped(~uint64_t(x.integer), type);
  if (op == Op::Abs && type.isFloat())
    return {0, std::fabs(x.real)};
  if (op == Op::Abs)
    return less(x, {0}, type) ? wrapped(-uint64_t(x.integer), type) : x;
  return rounded(transcendental(op, x.real), type);
}

Value convert(Value x, ElementType from, ElementType to) {
  if (from.isFloat() && to.isFloat())
    return {0, roundReal(x.real, to)};
  if (to.isFloat())
    return {0, roundInteger(x.integer, isUnsigned(from), to)};
  if (!from.isFloat())
    return wrapped(x.integer, to);
  bool isFullUnsigned = to == ElementType::integer(64, false);
  return wrapped(truncateReal(x.real, isFullUnsigned ? to : ElementType::integer(64)), to);
}

Value saturate(Value x, ElementType from, ElementType to) {
  if (from.isFloat())
    return {truncateReal(x.real, to)};
  auto wide = [](int64_t value, ElementType type) {
    return isUnsigned(type) ? __int128(uint64_t(value)) : __int128(value);
  };
  __int128 value = wide(x.integer, from);
  return {int64_t(std::clamp(value, wide(to.min(), to), wide(to.max(), to)))};
}

Value neutral(Reduction reduction, ElementType type) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  switch (reduction) {
  case Reduction::Product:
  case Reduction::All:
    return {1, 1};
  case Reduction::Max:
    return {type.isFloat() ? 0 : type.min(), -kInfinity};
  case Reduction::Min:
    return {type.isFloat() ? 0 : type.max(), kInfinity};
  default:
    return {};
  }
}

/// Runs one statement over arrays in the order of Semantics::tensors.
class Runner {
public:
  Runner(const Semantics &semantics, const Statement &statement, std::vector<Array *> arrays)
      : semantics(semantics), statement(statement), arrays(std::move(arrays)),
        counters(statement.loops.size()) {
    for (const Loop &loop : statement.loops)
      extents.push_back(evaluateSize(*loop.extent, semantics).value_or(0));
  }

  Failure run() {
    std::vector<unsigned> parallel;
    for (unsigned id = 0; id < statement.loops.size(); ++id)
      if (!statement.loops[id].reduction)
        parallel.push_back(id);
    forAll(parallel, [&] { runPoint(); });
    return failure;
  }

private:
  template <typename Body> void forAll(llvm::ArrayRef<unsigned> loops, Body body) {
    if (failure)
      return;
    if (loops.empty())
      return body();
    for (int64_t i = 0; i < extents[loops[0]]; ++i) {
      counters[loops[0]] = i;
      forAll(loops.drop_front(), body);
    }
  }

  void runPoint() {
    if (!holdsAll(statement.conditions))
      return;
    Value value = evaluate(*statement.value);
    auto at = position(statement.tensor, statement.subscripts);
    if (!at)
      return;
    ElementType type = semantics.tensors[statement.tensor].type;
    Value old = load(statement.tensor, *at);
    switch (statement.assign) {
    case Assign::Set:
      break;
    case Assign::Add:
      value = combine(Reduction::Sum, old, value, type);
      break;
    case Assign::Max:
      value = minMax(Op::Max, old, value, type);
      break;
    case Assign::Min:
      value = minMax(Op::Min, old, value, type);
      break;
    }
    Array &array = *arrays[statement.tensor];
    if (type.isFloat())
      array.setReal(*at, value.real);
    else
      array.setInteger(*at, value.integer);
  }

  bool holdsAll(llvm::ArrayRef<ExprRef> conditions) {
    return llvm::all_of(conditions,
                        [&](const ExprRef &condition) { return evaluate(*condition).integer; });
  }

  Value fail(std::string sentence) {
    if (!failure)
      failure = std::move(sentence);
    return {};
  }

  /// Row-major position of the element; nothing when a subscript is outside.
  std::optional<int64_t> position(unsigned tensor, llvm::ArrayRef<ExprRef> subscripts) {
    const Array &array = *arrays[tensor];
    int64_t at = 0;
    for (size_t i = 0; i < subscripts.size(); ++i) {
      int64_t subscript = evaluate(*subscripts[i]).integer;
      if (failure)
        return std::nullopt;
      if (subscript < 0 || subscript >= array.sizes[i]) {
        fail("subscript " + std::to_string(i + 1) + " of '" + semantics.tensors[tensor].name +
             "' is " + std::to_string(subscript) + ", the dimension has " +
             std::to_string(array.sizes[i]) + " elements");
        return std::nullopt;
      }
      at = at * array.sizes[i] + subscript;
    }
    return failure ? std::nullopt : std::optional(at);
  }

  Value load(unsigned tensor, int64_t at) const {
    const Array &array = *arrays[tensor];
    return array.type.isFloat() ? Value{0, array.realAt(at)} : Value{array.integerAt(at)};
  }

  Value access(unsigned tensor, llvm::ArrayRef<ExprRef> subscripts) {
    auto at = position(tensor, subscripts);
    return at ? load(tensor, *at) : Value();
  }

  Value evaluate(const Expr &expr) {
    if (failure)
      return {};
    switch (expr.op) {
    case Op::Constant:
      return {expr.integer, expr.real};
    case Op::Loop:
      return {counters[expr.id]};
    case Op::Size:
      return {semantics.sizes[expr.id].value.value_or(0)};
    case Op::Load:
      return access(expr.id, expr.operands);
    case Op::Lut:
      return access(expr.operands[0]->id, llvm::ArrayRef(expr.operands).drop_front());
    case Op::Reduce:
      return reduce(expr);
    case Op::Select:
      return evaluate(*expr.operands[evaluate(*expr.operands[0]).integer ? 1 : 2]);
    case Op::LogicalAnd:
      return {evaluate(*expr.operands[0]).integer && evaluate(*expr.operands[1]).integer};
    case Op::LogicalOr:
      return {evaluate(*expr.operands[0]).integer || evaluate(*expr.operands[1]).integer};
    default:
      return apply(expr);
    }
  }

  Value apply(const Expr &expr) {
    llvm::SmallVector<Value, 3> x;
    for (const ExprRef &operand : expr.operands)
      x.push_back(evaluate(*operand));
    if (failure)
      return {};
    ElementType from = expr.operands[0]->type;
    switch (expr.op) {
    case Op::Convert:
      return convert(x[0], from, expr.type);
    case Op::Saturate:
      return saturate(x[0], from, expr.type);
    case Op::Min:
    case Op::Max:
      return minMax(expr.op, x[0], x[1], from);
    case Op::Clamp:
      return minMax(Op::Min, minMax(Op::Max, x[0], x[1], from), x[2], from);
    case Op::Shl:
    case Op::Shr:
    case Op::RoundShift:
    case Op::Bit:
      return shift(expr.op, x[0].integer, x[1].integer, from);
    case Op::Less:
      return {less(x[0], x[1], from)};
    case Op::LessEqual:
      return {less(x[0], x[1], from) || same(x[0], x[1], from)};
    case Op::Equal:
      return {same(x[0], x[1], from)};
    case Op::NotEqual:
      return {!same(x[0], x[1], from)};
    default:
      return x.size() == 1 ? unary(expr.op, x[0], from) : binary(expr, x[0], x[1]);
    }
  }

  Value binary(const Expr &expr, Value a, Value b) {
    if (expr.type.isFloat())
      return floatBinary(expr.op, a.real, b.real, expr.type);
    bool divides = expr.op == Op::Div || expr.op == Op::Mod;
    if (divides && b.integer == 0)
      return fail("division by zero");
    return integerBinary(expr.op, a.integer, b.integer, expr.type);
  }

  static Value combine(Reduction reduction, Value sum, Value value, ElementType type) {
    switch (reduction) {
    case Reduction::Sum:
    case Reduction::Product: {
      Op op = reduction == Reduction::Sum ? Op::Add : Op::Mul;
      return type.isFloat() ? floatBinary(op, sum.real, value.real, type)
                            : integerBinary(op, sum.integer, value.integer, type);
    }
    case Reduction::Max:
      return minMax(Op::Max, sum, value, type);
    case Reduction::Min:
      return minMax(Op::Min, sum, value, type);
    case Reduction::Any:
      return {sum.integer | value.integer};
    default: // All
      return {sum.integer & value.integer};
    }
  }

  /// In the order of the loops, as written.
  Value reduce(const Expr &expr) {
    if (expr.reduction == Reduction::ArgMax || expr.reduction == Reduction::ArgMin)
      return reduceArgument(expr);
    Value sum = neutral(expr.reduction, expr.type);
    forAll(expr.loops, [&] {
      if (holdsAll(llvm::ArrayRef(expr.operands).drop_front()))
        sum = combine(expr.reduction, sum, evaluate(*expr.operands[0]), expr.type);
    });
    return sum;
  }

  static bool isFirstNaN(Value best, Value value, ElementType type) {
    return type.isFloat() && std::isnan(value.real) && !std::isnan(best.real);
  }

  /// The position of the first of the best values, NaN before all; several loops count as one, row
  /// major.
  Value reduceArgument(const Expr &expr) {
    ElementType type = expr.operands[0]->type;
    std::optional<Value> best;
    int64_t bestAt = 0;
    forAll(expr.loops, [&] {
      if (!holdsAll(llvm::ArrayRef(expr.operands).drop_front()))
        return;
      Value value = evaluate(*expr.operands[0]);
      bool isMax = expr.reduction == Reduction::ArgMax;
      if (best && !(isMax ? less(*best, value, type) : less(value, *best, type)) &&
          !isFirstNaN(*best, value, type))
        return;
      best = value;
      bestAt = 0;
      for (unsigned loop : expr.loops)
        bestAt = bestAt * extents[loop] + counters[loop];
    });
    return wrapped(bestAt, expr.type);
  }

  const Semantics &semantics;
  const Statement &statement;
  std::vector<Array *> arrays;
  std::vector<int64_t> counters, extents;
  Failure failure;
};

std::optional<std::vector<int64_t>> shapeOf(const Tensor &tensor, const Semantics &semantics) {
  std::vector<int64_t> sizes;
  for (const ExprRef &size : tensor.shape) {
    auto number = evaluateSize(*size, semantics);
    if (!number)
      return std::nullopt;
    sizes.push_back(*number);
  }
  return sizes;
}

/// The tensor's array: the given one when it fits, else zeros for what is written.
Failure prepare(const Tensor &tensor, const Semantics &semantics, bool written, Arrays &arrays) {
  auto sizes = shapeOf(tensor, semantics);
  if (!sizes)
    return "the shape of '" + tensor.name + "' is not known";
  auto found = arrays.find(tensor.name);
  if (found == arrays.end()) {
    if (!written)
      return "no array is given for '" + tensor.name + "'";
    arrays.emplace(tensor.name, Array::zeros(tensor.type, std::move(*sizes)));
    return std::nullopt;
  }
  if (found->second.sizes != *sizes || found->second.type != tensor.type)
    return "the array given for '" + tensor.name + "' has another shape or type";
  return std::nullopt;
}

} // namespace

std::optional<std::string> lathe::interpret(const Semantics &bound, Arrays &arrays) {
  std::vector<bool> written(bound.tensors.size());
  for (const Statement &statement : bound.statements)
    written[statement.tensor] = true;
  std::vector<Array *> pointers;
  for (unsigned id = 0; id < bound.tensors.size(); ++id) {
    if (Failure failure = prepare(bound.tensors[id], bound, written[id], arrays))
      return failure;
    pointers.push_back(&arrays[bound.tensors[id].name]);
  }
  for (const Statement &statement : bound.statements)
    if (Failure failure = Runner(bound, statement, pointers).run())
      return failure;
  return std::nullopt;
}
