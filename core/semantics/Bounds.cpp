#include "core/semantics/Bounds.h"

#include "core/semantics/IndexRange.h"
#include "core/semantics/LinearSystem.h"
#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::ArrayRef;

namespace {

using Conjunction = std::vector<LinearRow>;

/// What is known at one access: loop ranges, run-time sizes, guards.
class Facts {
public:
  Facts(const Statement &statement, const Semantics &semantics, ArrayRef<Guard> guards)
      : statement(statement), semantics(semantics) {
    variables = statement.loops.size() + semantics.sizes.size();
    for (unsigned loop = 0; loop < statement.loops.size(); ++loop)
      addLoop(loop);
    for (unsigned size = 0; size < semantics.sizes.size(); ++size)
      addSize(semantics.sizes[size], sizeVariable(size));
    for (const Guard &guard : guards)
      addChoice(alternatives(*guard.condition, guard.holds));
  }

  /// 0 <= subscript < dimension.
  bool contain(const Expr &subscript, const Expr &dimension) {
    auto value = linear(subscript), end = linear(dimension);
    if (!value || !end)
      return false;
    LinearRow room = combine(*end, *value, -1);
    --room.constant;
    return proves(*value, 0) && proves(room, 0);
  }

private:
  unsigned sizeVariable(unsigned size) const { return statement.loops.size() + size; }

  static LinearRow variable(unsigned id) {
    LinearRow row;
    row.coefficients.resize(id + 1, 0);
    row.coefficients[id] = 1;
    return row;
  }

  static LinearRow number(int64_t value) {
    LinearRow row;
    row.constant = value;
    return row;
  }

  /// a + factor * b. Shapes and coefficients are far below the limits of 64 bits: see `isSmall`.
  static LinearRow combine(LinearRow a, const LinearRow &b, int64_t factor) {
    if (a.coefficients.size() < b.coefficients.size())
      a.coefficients.resize(b.coefficients.size(), 0);
    for (size_t v = 0; v < b.coefficients.size(); ++v)
      a.coefficients[v] += factor * b.coefficients[v];
    a.constant += factor * b.constant;
    return a;
  }

  static bool isSmall(const LinearRow &row) {
    constexpr int64_t kLimit = int64_t(1) << 40;
    auto small = [](int64_t value) { return value < kLimit && value > -kLimit; };
    return small(row.constant) && llvm::all_of(row.coefficients, small);
  }

  void addLoop(unsigned loop) {
    system.add(variable(loop));
    if (auto extent = linear(*statement.loops[loop].extent))
      system.add(combine(combine(*extent, variable(loop), -1), number(1), -1));
  }

  void addSize(const Size &size, unsigned id) {
    if (size.value)
      return;
    constexpr int64_t kLimit = int64_t(1) << 40;
    if (size.min > -kLimit)
      system.add(combine(variable(id), number(std::min(size.min, kLimit)), -1));
    if (size.max < kLimit)
      system.add(combine(number(size.max), variable(id), -1));
  }

  /// The linear form; `/`, `%`, min, max and clamp become new variables with facts about them.
  std::optional<LinearRow> linear(const Expr &expr) {
    auto row = linearUnchecked(expr);
    return row && isSmall(*row) ? row : std::nullopt;
  }

  std::optional<LinearRow> linearUnchecked(const Expr &expr) {
    if (!expr.type.isIndex())
      return std::nullopt;
    if (expr.op == Op::Constant)
      return number(expr.integer);
    if (expr.op == Op::Loop)
      return variable(expr.id);
    if (expr.op == Op::Size) {
      auto value = semantics.sizes[expr.id].value;
      return value ? number(*value) : variable(sizeVariable(expr.id));
    }
    std::vector<LinearRow> operands;
    for (const ExprRef &operand : expr.operands) {
      auto row = linear(*operand);
      if (!row)
        return std::nullopt;
      operands.push_back(std::move(*row));
    }
    return linearOperator(expr.op, operands);
  }

  static std::optional<int64_t> constantOf(const LinearRow &row) {
    bool constant = llvm::all_of(row.coefficients, [](int64_t c) { return c == 0; });
    return constant ? std::optional(row.constant) : std::nullopt;
  }

  std::optional<LinearRow> linearOperator(Op op, ArrayRef<LinearRow> operands) {
    switch (op) {
    case Op::Neg:
      return combine(number(0), operands[0], -1);
    case Op::Add:
      return combine(operands[0], operands[1], 1);
    case Op::Sub:
      return combine(operands[0], operands[1], -1);
    case Op::Mul:
      return multiply(operands[0], operands[1]);
    case Op::Div:
    case Op::Mod:
      return divide(op, operands[0], operands[1]);
    case Op::Min:
      return extreme(operands[0], operands[1], 1);
    case Op::Max:
      return extreme(operands[0], operands[1], -1);
    case Op::Clamp:
      return extreme(extreme(operands[0], operands[1], -1), operands[2], 1);
    default:
      return std::nullopt;
    }
  }

  static std::optional<LinearRow> multiply(const LinearRow &a, const LinearRow &b) {
    constexpr int64_t kLimit = 1 << 20; // times 2^40 stays inside 64 bits
    auto left = constantOf(a), right = constantOf(b);
    if (!left && !right)
      return std::nullopt;
    int64_t factor = right ? *right : *left;
    if (factor > kLimit || factor < -kLimit)
      return std::nullopt;
    return combine(number(0), right ? a : b, factor);
  }

  /// q = floor(a / b): b*q <= a <= b*q + b-1.
  std::optional<LinearRow> divide(Op op, const LinearRow &a, const LinearRow &b) {
    auto divisor = constantOf(b);
    if (!divisor || *divisor <= 0 || *divisor > (1 << 20))
      return std::nullopt;
    LinearRow quotient = variable(variables++);
    LinearRow rest = combine(a, quotient, -*divisor);
    system.add(rest);
    system.add(combine(number(*divisor - 1), rest, -1));
    return op == Op::Div ? quotient : rest;
  }

  /// min(a, b) for sign 1, max(a, b) for sign -1: a bound for both, and equal to one of them.
  LinearRow extreme(const LinearRow &a, const LinearRow &b, int64_t sign) {
    LinearRow value = variable(variables++);
    auto above = [&](const LinearRow &operand) {
      return combine(combine(number(0), operand, sign), value, -sign);
    };
    auto below = [&](const LinearRow &operand) {
      return combine(combine(number(0), value, sign), operand, -sign);
    };
    system.add(above(a));
    system.add(above(b));
    choices.push_back({{below(a)}, {below(b)}});
    return value;
  }

  void addChoice(std::vector<Conjunction> choice) {
    if (choice.size() > 1) {
      choices.push_back(std::move(choice));
      return;
    }
    for (LinearRow &row : choice[0])
      system.add(std::move(row));
  }

  /// The condition (or its opposite) as alternatives, at least one. What is not affine says
  /// nothing.
  std::vector<Conjunction> alternatives(const Expr &condition, bool holds) {
    if (condition.op == Op::Not)
      return alternatives(*condition.operands[0], !holds);
    if (condition.op == Op::LogicalAnd || condition.op == Op::LogicalOr) {
      auto a = alternatives(*condition.operands[0], holds);
      auto b = alternatives(*condition.operands[1], holds);
      return (condition.op == Op::LogicalAnd) == holds ? both(a, b) : either(a, b);
    }
    if (condition.operands.size() != 2)
      return {{}};
    auto a = linear(*condition.operands[0]), b = linear(*condition.operands[1]);
    if (!a || !b)
      return {{}};
    return comparison(condition.op, *a, *b, holds);
  }

  static std::vector<Conjunction> comparison(Op op, const LinearRow &a, const LinearRow &b,
                                             bool holds) {
    auto atMost = [](const LinearRow &x, const LinearRow &y) { return combine(y, x, -1); };
    auto less = [&](const LinearRow &x, const LinearRow &y) {
      return combine(atMost(x, y), number(1), -1);
    };
    switch (op) {
    case Op::Less:
      return {{holds ? less(a, b) : atMost(b, a)}};
    case Op::LessEqual:
      return {{holds ? atMost(a, b) : less(b, a)}};
    case Op::Equal:
    case Op::NotEqual:
      if ((op == Op::Equal) == holds)
        return {{atMost(a, b), atMost(b, a)}};
      return {{less(a, b)}, {less(b, a)}};
    default:
      return {{}};
    }
  }

  static std::vector<Conjunction> both(const std::vector<Conjunction> &a,
                                       const std::vector<Conjunction> &b) {
    constexpr size_t kMost = 16;
    if (a.size() * b.size() > kMost)
      return {{}};
    std::vector<Conjunction> all;
    for (const Conjunction &x : a)
      for (const Conjunction &y : b) {
        all.push_back(x);
        llvm::append_range(all.back(), y);
      }
    return all;
  }

  static std::vector<Conjunction> either(std::vector<Conjunction> a,
                                         const std::vector<Conjunction> &b) {
    llvm::append_range(a, b);
    return a;
  }

  /// Splits the cases of choices from `first` on, only as far as needed.
  bool proves(const LinearRow &goal, size_t first) {
    constexpr size_t kMostSplits = 5;
    if (system.implies(goal))
      return true;
    if (first == choices.size() || first == kMostSplits)
      return false;
    for (const Conjunction &option : choices[first]) {
      size_t before = system.size();
      for (const LinearRow &row : option)
        system.add(row);
      bool proved = proves(goal, first + 1);
      system.truncate(before);
      if (!proved)
        return false;
    }
    return true;
  }

  const Statement &statement;
  const Semantics &semantics;
  LinearSystem system;
  std::vector<std::vector<Conjunction>> choices;
  unsigned variables = 0;
};

class BoundsCheck {
public:
  BoundsCheck(const Semantics &semantics, Reporter &reporter)
      : semantics(semantics), reporter(reporter) {}

  bool run() {
    for (const Statement &statement : semantics.statements)
      forEachAccess(statement, [&](const Access &access, ArrayRef<Guard> guards) {
        const Tensor &tensor = semantics.tensors[access.tensor];
        for (size_t i = 0; i < access.subscripts.size(); ++i)
          check(*access.subscripts[i], *tensor.shape[i], statement, tensor, i, guards);
      });
    return fine;
  }

private:
  void check(const Expr &subscript, const Expr &dimension, const Statement &statement,
             const Tensor &tensor, size_t position, ArrayRef<Guard> guards) {
    if (subscript.op == Op::Loop && equal(*statement.loops[subscript.id].extent, dimension))
      return;
    if (hasLoad(subscript))
      return;
    auto range = indexRange(subscript, &statement, semantics);
    auto size = indexRange(dimension, nullptr, semantics);
    if (range && size && range->low >= 0 && range->high < size->low)
      return;
    if (Facts(statement, semantics, guards).contain(subscript, dimension))
      return;
    fine = false;
    std::string text = print(subscript, statement, semantics);
    std::string has = print(dimension, statement, semantics);
    if (size && size->low == size->high)
      has = std::to_string(size->low);
    if (!range) {
      reporter.error(Message::BoundsUnproved, subscript.loc, text, tensor.name, position + 1, has);
      return;
    }
    int64_t reached = range->low < 0 ? range->low : range->high;
    Message message = guards.empty() ? Message::OutOfBounds : Message::GuardTooWeak;
    reporter.error(message, subscript.loc, text, tensor.name, position + 1, has, reached);
  }

  const Semantics &semantics;
  Reporter &reporter;
  bool fine = true;
};

} // namespace

bool lathe::checkBounds(const Semantics &semantics, Reporter &reporter) {
  return BoundsCheck(semantics, reporter).run();
}
