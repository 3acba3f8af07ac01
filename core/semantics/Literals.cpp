#include "core/semantics/Literals.h"

#include "core/semantics/Numbers.h"

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace lathe;
using Kind = Syntax::Kind;

static bool isLogical(const Syntax &node) { return node.text == "and" || node.text == "or"; }

bool lathe::isLiteral(const Syntax &node) {
  switch (node.kind) {
  case Kind::Integer:
  case Kind::Real:
    return true;
  case Kind::Unary:
  case Kind::Binary:
    return !isLogical(node) && llvm::all_of(node.operands, [](const SyntaxRef &operand) {
      return isLiteral(*operand);
    });
  default:
    return false;
  }
}

static bool isLiteralishCall(const Syntax &node) {
  llvm::ArrayRef<SyntaxRef> arguments = node.operands;
  auto literalish = [](const SyntaxRef &argument) { return isLiteralish(*argument); };
  if (node.text == "select")
    return llvm::all_of(arguments.drop_front(1), literalish);
  if (node.text == "round_shift")
    return literalish(arguments[0]);
  if (node.text == "min" || node.text == "max" || node.text == "clamp" || node.text == "abs")
    return llvm::all_of(arguments, literalish);
  return false;
}

bool lathe::isLiteralish(const Syntax &node) {
  switch (node.kind) {
  case Kind::Integer:
  case Kind::Real:
    return true;
  case Kind::Binary:
    if (node.text == "<<" || node.text == ">>")
      return isLiteralish(*node.operands[0]);
    return !isLogical(node) && isLiteralish(*node.operands[0]) && isLiteralish(*node.operands[1]);
  case Kind::Unary:
    return isLiteralish(*node.operands[0]);
  case Kind::Reduce:
    return (node.text == "sum" || node.text == "prod" || node.text == "max" ||
            node.text == "min") &&
           isLiteralish(*node.operands[0]);
  case Kind::Call:
    return isLiteralishCall(node);
  default:
    return false;
  }
}

namespace {

struct Literal {
  bool isReal = false;
  __int128 integer = 0;
  double real = 0;
  double asReal() const { return isReal ? real : static_cast<double>(integer); }
};

// Anything beyond is no 64-bit literal any more.
constexpr __int128 kLimit = __int128(1) << 64;

class Evaluator {
public:
  explicit Evaluator(Reporter &reporter) : reporter(reporter) {}

  std::optional<Literal> evaluate(const Syntax &node) {
    auto value = evaluateUnchecked(node);
    if (!value || value->isReal || (value->integer < kLimit && value->integer >= -kLimit))
      return value;
    reporter.error(Message::BadNumber, node.loc, node.text);
    return std::nullopt;
  }

private:
  std::optional<Literal> evaluateUnchecked(const Syntax &node) {
    if (node.kind == Kind::Real)
      return Literal{true, 0, node.real};
    if (node.kind == Kind::Integer)
      return Literal{false, node.negative ? -__int128(node.integer) : __int128(node.integer), 0};
    auto left = evaluate(*node.operands[0]);
    if (!left)
      return std::nullopt;
    if (node.kind == Kind::Unary)
      return unary(node, *left);
    auto right = evaluate(*node.operands[1]);
    if (!right)
      return std::nullopt;
    if (left->isReal || right->isReal)
      return realBinary(node, left->asReal(), right->asReal());
    return integerBinary(node, left->integer, right->integer);
  }

  std::optional<Literal> unary(const Syntax &node, Literal operand) {
    if (node.text == "-")
      return Literal{operand.isReal, -operand.integer, -operand.real};
    return operand.isReal ? bad(node) : Literal{false, ~operand.integer, 0};
  }

  std::optional<Literal> realBinary(const Syntax &node, double a, double b) {
    char op = node.text.size() == 1 ? node.text[0] : 0;
    if (op == '+' || op == '-')
      return Literal{true, 0, op == '+' ? a + b : a - b};
    if (op == '*' || op == '/')
      return Literal{true, 0, op == '*' ? a * b : a / b};
    return bad(node);
  }

  std::optional<Literal> integerBinary(const Syntax &node, __int128 a, __int128 b) {
    auto whole = [](__int128 value) { return Literal{false, value, 0}; };
    if (node.text == "<<" || node.text == ">>") {
      if (b < 0 || b > 62)
        return bad(node);
      return whole(node.text == "<<" ? a * (__int128(1) << int(b)) : a >> int(b));
    }
    switch (node.text[0]) {
    case '+':
      return whole(a + b);
    case '-':
      return whole(a - b);
    case '*': {
      __int128 product;
      return __builtin_mul_overflow(a, b, &product) ? bad(node) : whole(product);
    }
    case '&':
      return whole(a & b);
    case '|':
      return whole(a | b);
    case '^':
      return whole(a ^ b);
    default:
      return divide(node, a, b);
    }
  }

  /// `1/3` would be 0 where a float is meant, so only exact divisions are literals.
  std::optional<Literal> divide(const Syntax &node, __int128 a, __int128 b) {
    if (b == 0 || (node.text == "/" && a % b != 0))
      return bad(node);
    __int128 rest = a % b;
    if (rest != 0 && (rest < 0) != (b < 0))
      rest += b;
    return Literal{false, node.text == "/" ? a / b : rest, 0};
  }

  std::optional<Literal> bad(const Syntax &node) {
    reporter.error(Message::BadLiteralArithmetic, node.loc, node.text);
    return std::nullopt;
  }

  Reporter &reporter;
};

} // namespace

static std::string digits(__int128 value) {
  if (value >= kLimit || value < INT64_MIN)
    return "a number over 64 bits";
  return value < 0 ? std::to_string(int64_t(value)) : std::to_string(uint64_t(value));
}

static __int128 largest(ElementType type) {
  bool isFullUnsigned = type.kind == ElementType::Kind::Unsigned && type.bits == 64;
  return isFullUnsigned ? __int128(UINT64_MAX) : __int128(type.max());
}

static ExprRef doesNotFit(const Syntax &node, const std::string &value, ElementType type,
                          Reporter &reporter) {
  std::string range = type.isFloat() ? "the values of " + name(type)
                                     : digits(type.min()) + " to " + digits(largest(type));
  reporter.error(Message::LiteralDoesNotFit, node.loc, value, name(type), range);
  return nullptr;
}

ExprRef lathe::literalConstant(const Syntax &node, ElementType type, Reporter &reporter) {
  auto value = Evaluator(reporter).evaluate(node);
  if (!value)
    return nullptr;
  if (type.isFloat()) {
    double exact = value->asReal();
    double rounded = roundReal(exact, type);
    bool lost = value->isReal ? std::isinf(rounded) && !std::isinf(exact)
                              : std::isinf(rounded) || __int128(rounded) != value->integer;
    if (lost)
      return doesNotFit(node, value->isReal ? node.text.str() : digits(value->integer), type,
                        reporter);
    return makeReal(rounded, type, node.loc);
  }
  if (value->isReal)
    return doesNotFit(node, node.text.str(), type, reporter);
  if (value->integer < type.min() || value->integer > largest(type))
    return doesNotFit(node, digits(value->integer), type, reporter);
  return makeConstant(static_cast<int64_t>(value->integer), type, node.loc);
}
