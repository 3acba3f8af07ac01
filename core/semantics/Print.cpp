#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace lathe;
using llvm::ArrayRef;

namespace {

// How tightly an operator binds, as the parser has it.
enum Level : unsigned {
  Lowest = 0,
  LogicalOrLevel,
  LogicalAndLevel,
  NotLevel,
  OrLevel,
  XorLevel,
  AndLevel,
  CompareLevel,
  ShiftLevel,
  SumLevel,
  ReduceLevel,
  ProductLevel,
  UnaryLevel,
  Highest
};

Level levelOf(const Expr &expr) {
  switch (expr.op) {
  case Op::LogicalOr:
    return LogicalOrLevel;
  case Op::LogicalAnd:
    return LogicalAndLevel;
  case Op::Or:
    return OrLevel;
  case Op::Xor:
    return XorLevel;
  case Op::And:
    return AndLevel;
  case Op::Less:
  case Op::LessEqual:
  case Op::Equal:
  case Op::NotEqual:
    return CompareLevel;
  case Op::Shl:
  case Op::Shr:
    return ShiftLevel;
  case Op::Add:
  case Op::Sub:
    return SumLevel;
  case Op::Reduce:
    return ReduceLevel;
  case Op::Mul:
  case Op::Div:
  case Op::Mod:
    return ProductLevel;
  case Op::Not:
    return expr.type == ElementType::condition() ? NotLevel : UnaryLevel;
  case Op::Neg:
    return UnaryLevel;
  default:
    return Highest;
  }
}

bool isInfix(Op op) {
  return (op >= Op::Add && op <= Op::Mod) || op == Op::And || op == Op::Or || op == Op::Xor ||
         op == Op::Shl || op == Op::Shr || (op >= Op::Less && op <= Op::LogicalOr);
}

/// Whether the text of `expr` is made of literals only, so that its type must come from outside.
bool needsType(const Expr &expr) {
  auto operandNeeds = [&](size_t i) { return needsType(*expr.operands[i]); };
  switch (expr.op) {
  case Op::Constant:
    return true;
  case Op::Select:
    return operandNeeds(1) && operandNeeds(2);
  case Op::Reduce:
    return expr.reduction <= Reduction::Min && operandNeeds(0);
  case Op::Neg:
  case Op::Not:
  case Op::Shl:
  case Op::Shr:
  case Op::RoundShift:
    return operandNeeds(0);
  case Op::Add:
  case Op::Sub:
  case Op::Mul:
  case Op::Div:
  case Op::Mod:
  case Op::And:
  case Op::Or:
  case Op::Xor:
  case Op::Min:
  case Op::Max:
  case Op::Clamp:
  case Op::Abs:
    return llvm::all_of(expr.operands, [](const ExprRef &operand) { return needsType(*operand); });
  default:
    return false;
  }
}

class Printer {
public:
  Printer(const Semantics &semantics, ArrayRef<Loop> loops) : semantics(semantics), loops(loops) {}

  std::string text;

  /// `typed`: what stands around it gives a literal's type.
  void print(const Expr &expr, unsigned minLevel = Lowest, bool typed = false) {
    bool parentheses = levelOf(expr) < minLevel;
    text += parentheses ? "(" : "";
    printBare(expr, typed || expr.type.isIndex());
    text += parentheses ? ")" : "";
  }

  void printList(ArrayRef<ExprRef> list, bool typed = false) {
    for (size_t i = 0; i < list.size(); ++i) {
      text += i == 0 ? "" : ", ";
      print(*list[i], Lowest, typed);
    }
  }

  void printConditions(ArrayRef<ExprRef> conditions) {
    if (conditions.empty())
      return;
    text += " where ";
    printList(conditions, /*typed=*/true);
  }

  void printSubscripts(ArrayRef<ExprRef> subscripts) {
    if (subscripts.empty())
      return;
    text += "[";
    for (size_t i = 0; i < subscripts.size(); ++i) {
      text += i == 0 ? "" : ", ";
      printSubscript(*subscripts[i]);
    }
    text += "]";
  }

private:
  /// Inside a subscript the conversion to index is not written.
  void printSubscript(const Expr &expr) { print(expr); }

  void printBare(const Expr &expr, bool typed) {
    if (expr.op == Op::Constant)
      return printConstant(expr, typed);
    if (expr.op == Op::Loop)
      text += loops[expr.id].name;
    else if (expr.op == Op::Size)
      text += semantics.sizes[expr.id].name;
    else if (expr.op == Op::Load)
      printLoad(expr);
    else if (expr.op == Op::Reduce)
      printReduce(expr, typed);
    else if (expr.op == Op::Convert || expr.op == Op::Saturate)
      printConversion(expr);
    else if (isInfix(expr.op))
      printInfix(expr, typed);
    else if (expr.op == Op::Neg || expr.op == Op::Not)
      printPrefix(expr, typed);
    else
      printCall(expr, typed);
  }

  void printLoad(const Expr &expr) {
    text += semantics.tensors[expr.id].name;
    printSubscripts(expr.operands);
  }

  static std::string realText(double value) {
    if (std::isnan(value))
      return "nan";
    if (std::isinf(value))
      return value < 0 ? "-inf" : "inf";
    char buffer[40];
    for (int digits = 1; digits <= 17; ++digits) {
      snprintf(buffer, sizeof(buffer), "%.*g", digits, value);
      if (std::strtod(buffer, nullptr) == value)
        break;
    }
    std::string result = buffer;
    return result.find_first_of(".e") == std::string::npos ? result + ".0" : result;
  }

  static std::string number(const Expr &expr) {
    if (expr.type.isFloat())
      return realText(expr.real);
    if (expr.type.kind == ElementType::Kind::Unsigned)
      return std::to_string(static_cast<uint64_t>(expr.integer));
    return std::to_string(expr.integer);
  }

  void printConstant(const Expr &expr, bool typed) {
    text += typed ? number(expr) : name(expr.type) + "(" + number(expr) + ")";
  }

  void printReduce(const Expr &expr, bool typed) {
    text += spelling(expr.reduction).str() + "(";
    for (size_t i = 0; i < expr.loops.size(); ++i) {
      const Loop &loop = loops[expr.loops[i]];
      text += (i == 0 ? "" : ", ") + loop.name;
      if (!loop.extentIsWritten)
        continue;
      text += " < ";
      print(*loop.extent, SumLevel);
    }
    printConditions(ArrayRef(expr.operands).drop_front());
    text += ") ";
    bool isLogical = expr.reduction == Reduction::Any || expr.reduction == Reduction::All;
    bool isNumber = expr.reduction <= Reduction::Min;
    print(*expr.operands[0], ReduceLevel, isLogical || (isNumber && typed));
  }

  void printConversion(const Expr &expr) {
    const Expr &from = *expr.operands[0];
    if (expr.type.isIndex())
      return print(from);
    bool narrows = expr.op == Op::Convert && from.type.isInteger() && expr.type.isInteger() &&
                   !(from.type.isSigned() == expr.type.isSigned()
                         ? expr.type.bits >= from.type.bits
                         : expr.type.isSigned() && expr.type.bits > from.type.bits);
    text += expr.op == Op::Saturate ? "sat_" : narrows ? "wrap_" : "";
    text += name(expr.type) + "(";
    print(from);
    text += ")";
  }

  /// The operands of an operator that wants equal types: the first of several literals carries the
  /// type.
  void printSame(ArrayRef<ExprRef> operands, bool typed, unsigned leftLevel, unsigned rightLevel,
                 llvm::StringRef separator) {
    bool onlyLiterals =
        llvm::all_of(operands, [](const ExprRef &operand) { return needsType(*operand); });
    for (size_t i = 0; i < operands.size(); ++i) {
      text += i == 0 ? "" : separator;
      bool bare = onlyLiterals ? typed || i != 0 : needsType(*operands[i]);
      print(*operands[i], i == 0 ? leftLevel : rightLevel, bare);
    }
  }

  void printInfix(const Expr &expr, bool typed) {
    Level level = levelOf(expr);
    std::string separator = " " + spelling(expr.op).str() + " ";
    if (expr.op == Op::Shl || expr.op == Op::Shr) {
      // A literal shifted by a literal would be folded when read back.
      print(*expr.operands[0], level, typed && expr.operands[0]->op != Op::Constant);
      text += separator;
      printAmount(*expr.operands[1], *expr.operands[0], level + 1);
      return;
    }
    // Comparisons chain, so a comparison in a comparison always needs its parentheses.
    unsigned left = level == CompareLevel ? level + 1 : level;
    bool isLogical = expr.op == Op::LogicalAnd || expr.op == Op::LogicalOr;
    bool isComparison = level == CompareLevel;
    // Arithmetic on literals alone would be folded when read back: one of them shows its type.
    printSame(expr.operands, isLogical || (typed && !isComparison && !isPureLiteral(expr)), left,
              level + 1, separator);
  }

  static bool isPureLiteral(const Expr &expr) {
    return expr.op == Op::Constant ||
           (isInfix(expr.op) && llvm::all_of(expr.operands, [](const ExprRef &operand) {
              return isPureLiteral(*operand);
            }));
  }

  void printAmount(const Expr &amount, const Expr &value, unsigned level) {
    print(amount, level, amount.type == value.type);
  }

  void printPrefix(const Expr &expr, bool typed) {
    const Expr &operand = *expr.operands[0];
    if (levelOf(expr) == NotLevel) {
      text += "not ";
      return print(operand, OrLevel, /*typed=*/true);
    }
    text += spelling(expr.op);
    bool isConstant = operand.op == Op::Constant;
    print(operand, UnaryLevel, typed && !isConstant && !isPureLiteral(operand));
  }

  void printCall(const Expr &expr, bool typed) {
    text += spelling(expr.op).str() + "(";
    if (expr.op == Op::Select) {
      print(*expr.operands[0], Lowest, /*typed=*/true);
      text += ", ";
      printSame(ArrayRef(expr.operands).drop_front(), typed, Lowest, Lowest, ", ");
    } else if (expr.op == Op::RoundShift || expr.op == Op::Bit) {
      print(*expr.operands[0], Lowest, typed && expr.op == Op::RoundShift);
      text += ", ";
      printAmount(*expr.operands[1], *expr.operands[0], Lowest);
    } else if (expr.op == Op::Lut) {
      print(*expr.operands[0]);
      text += ", ";
      printSubscript(*expr.operands[1]);
    } else {
      printSame(expr.operands, typed, Lowest, Lowest, ", ");
    }
    text += ")";
  }

  const Semantics &semantics;
  ArrayRef<Loop> loops;
};

std::string declaration(const Tensor &tensor, const Semantics &semantics) {
  Printer printer(semantics, {});
  printer.text = tensor.name + ": " + name(tensor.type);
  printer.printSubscripts(tensor.shape);
  if (tensor.sparse.empty())
    return printer.text;
  printer.text += " sparse(";
  for (size_t i = 0; i < tensor.sparse.size(); ++i)
    printer.text +=
        (i == 0 ? "" : ", ") + tensor.sparse[i].dimension + ": " + tensor.sparse[i].level;
  return printer.text + ")";
}

std::string declarations(const Semantics &semantics, Role role) {
  std::string text;
  for (const Tensor &tensor : semantics.tensors)
    if (tensor.role == role)
      text += (text.empty() ? "" : ", ") + declaration(tensor, semantics);
  return text;
}

llvm::StringRef spelling(Assign assign) {
  switch (assign) {
  case Assign::Set:
    return " = ";
  case Assign::Add:
    return " += ";
  case Assign::Max:
    return " max= ";
  case Assign::Min:
    return " min= ";
  }
  return "";
}

} // namespace

std::string lathe::print(const Semantics &semantics) {
  std::string results = declarations(semantics, Role::Output);
  bool several = llvm::count_if(semantics.tensors, [](const Tensor &tensor) {
                   return tensor.role == Role::Output;
                 }) > 1;
  std::string text = "kernel " + semantics.name + "(" + declarations(semantics, Role::Input) +
                     ") -> " + (several ? "(" + results + ")" : results) +
                     (semantics.reassociate ? " reassociate {\n" : " {\n");
  for (const Tensor &tensor : semantics.tensors)
    if (tensor.role == Role::Temporary)
      text += "  " + declaration(tensor, semantics) + "\n";
  for (const Statement &statement : semantics.statements)
    text += "  " + print(statement, semantics) + "\n";
  return text + "}\n";
}

std::string lathe::print(const Statement &statement, const Semantics &semantics) {
  Printer printer(semantics, statement.loops);
  printer.text = semantics.tensors[statement.tensor].name;
  printer.printSubscripts(statement.subscripts);
  printer.text += ::spelling(statement.assign);
  printer.print(*statement.value, Lowest, /*typed=*/true);
  printer.printConditions(statement.conditions);
  return std::move(printer.text);
}

std::string lathe::print(const Expr &expr, const Statement &statement, const Semantics &semantics) {
  Printer printer(semantics, statement.loops);
  printer.print(expr);
  return std::move(printer.text);
}
