#include "core/program/AssemblyExpression.h"

#include "core/semantics/Compare.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::StringRef;
using Kind = AssemblyExpr::Kind;

namespace {

// So many operators and brackets an expression has at most: recursion over its tree is bounded.
constexpr unsigned kDeepest = 200;
constexpr unsigned kComparison = 6;

struct Operator {
  StringRef text;
  unsigned level;
};
// Longest first, so that the first that fits is the right one.
constexpr Operator kOperators[] = {{"<<", 7},
                                   {">>", 7},
                                   {"<=", kComparison},
                                   {">=", kComparison},
                                   {"==", kComparison},
                                   {"!=", kComparison},
                                   {"<", kComparison},
                                   {">", kComparison},
                                   {"+", 8},
                                   {"-", 8},
                                   {"*", 9},
                                   {"/", 9},
                                   {"%", 9},
                                   {"|", 3},
                                   {"^", 4},
                                   {"&", 5}};
constexpr Operator kWords[] = {{"or", 1}, {"and", 2}};

class ExprParser {
public:
  ExprParser(TextCursor &cursor, Diagnostics &diagnostics)
      : cursor(cursor), diagnostics(diagnostics) {}

  AssemblyExprRef binary(unsigned minLevel) {
    AssemblyExprRef left = unary();
    while (left) {
      std::optional<Operator> found = peek();
      if (!found || found->level < minLevel)
        return left;
      AssemblyExprRef node = make(Kind::Binary, cursor.text().take_front(found->text.size()));
      cursor.consume(found->text);
      AssemblyExprRef right = binary(found->level + 1);
      if (!right)
        return nullptr;
      node->operands.push_back(std::move(left));
      node->operands.push_back(std::move(right));
      left = std::move(node);
      if (++depth > kDeepest)
        return tooDeep();
      if (std::optional<Operator> next = peek();
          found->level == kComparison && next && next->level == kComparison)
        return wanted("'and' between two comparisons");
    }
    return nullptr;
  }

private:
  std::optional<Operator> peek() const {
    for (const Operator &word : kWords)
      if (cursor.nextWord() == word.text)
        return word;
    for (const Operator &mark : kOperators)
      if (cursor.text().starts_with(mark.text))
        return mark;
    return std::nullopt;
  }

  AssemblyExprRef make(Kind kind, StringRef text) const {
    auto node = std::make_unique<AssemblyExpr>();
    node->kind = kind;
    node->loc = cursor.loc();
    node->text = text;
    return node;
  }

  AssemblyExprRef wanted(StringRef what) {
    diagnostics.report(Message::ProgramSyntax, cursor.loc(), what, cursor.shown());
    return nullptr;
  }
  AssemblyExprRef tooDeep() {
    diagnostics.report(Message::NestedTooDeep, cursor.loc(), kDeepest);
    return nullptr;
  }

  AssemblyExprRef unary() {
    if (++depth > kDeepest)
      return tooDeep();
    AssemblyExprRef node = make(Kind::Unary, cursor.text().take_front(1));
    bool isNumber = cursor.text().size() > 1 && llvm::isDigit(cursor.text()[1]);
    if (cursor.consumeWord("not"))
      node->text = "not";
    else if ((node->text == "-" && isNumber) || !(cursor.consume('-') || cursor.consume('~')))
      return primary();
    AssemblyExprRef operand = node->text == "not" ? binary(3) : unary();
    if (!operand)
      return nullptr;
    node->operands.push_back(std::move(operand));
    return node;
  }

  AssemblyExprRef primary() {
    if (cursor.consume('(')) {
      AssemblyExprRef inner = binary(1);
      return inner && close(')') ? std::move(inner) : nullptr;
    }
    AssemblyExprRef node = make(Kind::Number, "");
    if (std::optional<int64_t> number = cursor.number()) {
      node->number = *number;
      return node;
    }
    node->text = cursor.nextWord();
    if (node->text.empty() || llvm::isDigit(node->text[0]))
      return wanted("a number or a name");
    node->kind = Kind::Name;
    cursor.word();
    if (cursor.consume('(')) {
      node->kind = Kind::Call;
      return list(*node, ')') ? std::move(node) : nullptr;
    }
    if (cursor.consume('[')) {
      node->kind = Kind::Element;
      return list(*node, ']') ? std::move(node) : nullptr;
    }
    return node;
  }

  bool list(AssemblyExpr &node, char end) {
    do {
      AssemblyExprRef item = binary(1);
      if (!item)
        return false;
      node.operands.push_back(std::move(item));
    } while (cursor.consume(','));
    return close(end);
  }

  bool close(char c) {
    return cursor.consume(c) || wanted((llvm::Twine("'") + llvm::Twine(c) + "'").str());
  }

  TextCursor &cursor;
  Diagnostics &diagnostics;
  unsigned depth = 0;
};

} // namespace

AssemblyExprRef lathe::parseAssemblyExpr(TextCursor &cursor, Diagnostics &diagnostics) {
  return ExprParser(cursor, diagnostics).binary(1);
}

AssemblyNames::AssemblyNames(const Target &target, const Program &program) : program(program) {
  for (const auto &[name, value] : target.parameters)
    machine[name] = value;
  for (const Space &space : target.spaces) {
    if (space.isHost)
      continue;
    machine[space.name + ".addresses"] = space.addresses;
    machine[space.name + ".banks"] = space.banks;
    machine[space.name + ".row_bytes"] = space.rowBytes();
  }
}

bool AssemblyNames::declare(StringRef name, int64_t value) {
  if (symbols.contains(name) || !constants.try_emplace(name, value).second)
    return false;
  declared.push_back(name.str());
  return true;
}

bool AssemblyNames::declareSymbol() {
  const std::string &name = program.symbols.back().name;
  return !constants.contains(name) && symbols.try_emplace(name, program.symbols.size() - 1).second;
}

void AssemblyNames::leave(size_t scope) {
  for (; declared.size() > scope; declared.pop_back())
    constants.erase(declared.back());
}

const Symbol *AssemblyNames::findSymbol(StringRef name) const {
  auto found = symbols.find(name);
  return found == symbols.end() ? nullptr : &program.symbols[found->second];
}

std::optional<int64_t> AssemblyNames::find(StringRef name) const {
  if (auto constant = constants.find(name); constant != constants.end())
    return constant->second;
  if (const Symbol *symbol = findSymbol(name))
    return static_cast<int64_t>(symbol->address);
  if (auto number = machine.find(name); number != machine.end())
    return number->second;
  return std::nullopt;
}

std::vector<StringRef> AssemblyNames::all() const {
  std::vector<StringRef> names;
  for (const auto &known : constants)
    names.push_back(known.getKey());
  for (const auto &known : symbols)
    names.push_back(known.getKey());
  for (const auto &known : machine)
    names.push_back(known.getKey());
  llvm::sort(names);
  return names;
}

namespace {
class Evaluator {
public:
  Evaluator(const AssemblyNames &names, Diagnostics &diagnostics)
      : names(names), diagnostics(diagnostics) {}

  using Value = std::optional<int64_t>;

  Value of(const AssemblyExpr &expr) {
    switch (expr.kind) {
    case Kind::Number:
      return expr.number;
    case Kind::Name:
      return name(expr);
    case Kind::Element:
      return element(expr);
    case Kind::Call:
      return call(expr);
    case Kind::Unary:
      return unary(expr);
    case Kind::Binary:
      return binary(expr);
    }
    return std::nullopt;
  }

private:
  Value name(const AssemblyExpr &expr) {
    if (Value value = names.find(expr.text))
      return value;
    std::optional<StringRef> meant = nearest(expr.text, names.all());
    diagnostics.report(Message::ProgramUnknownSymbol, expr.loc, expr.text,
                       meant ? ("did you mean '" + *meant + "'?").str() : "");
    return std::nullopt;
  }

  bool values(const AssemblyExpr &expr, std::vector<int64_t> &all) {
    for (const AssemblyExprRef &operand : expr.operands)
      if (Value value = of(*operand))
        all.push_back(*value);
    return all.size() == expr.operands.size();
  }

  Value element(const AssemblyExpr &expr) {
    std::vector<int64_t> index;
    const Symbol *symbol = names.findSymbol(expr.text);
    if (!symbol)
      return notASymbol(expr);
    if (!values(expr, index))
      return std::nullopt;
    bool inside = index.size() <= symbol->sizes.size();
    int64_t flat = 0; // inside, it is below the symbol's bytes
    for (size_t d = 0; d < symbol->sizes.size() && inside; ++d) {
      int64_t at = d < index.size() ? index[d] : 0;
      inside = at >= 0 && at < symbol->sizes[d];
      flat = flat * symbol->sizes[d] + at;
    }
    if (inside)
      return static_cast<int64_t>(symbol->address) + flat * symbol->type.bytes();
    diagnostics.report(Message::ProgramElementOutside, expr.loc, expr.text, indexText(index),
                       indexText(symbol->sizes));
    return std::nullopt;
  }

  Value notASymbol(const AssemblyExpr &expr) {
    if (name(expr)) // else it is reported
      diagnostics.report(Message::ProgramSyntax, expr.loc, "the name of a symbol", expr.text);
    return std::nullopt;
  }

  Value call(const AssemblyExpr &expr) {
    std::vector<int64_t> all;
    if (expr.text != "min" && expr.text != "max") {
      diagnostics.report(Message::UnknownFunction, expr.loc, expr.text, "there are min and max");
      return std::nullopt;
    }
    if (!values(expr, all))
      return std::nullopt;
    return expr.text == "min" ? *llvm::min_element(all) : *llvm::max_element(all);
  }

  Value unary(const AssemblyExpr &expr) {
    Value value = of(*expr.operands[0]);
    if (!value)
      return std::nullopt;
    if (expr.text == "not")
      return *value == 0;
    if (expr.text == "~")
      return ~*value;
    int64_t result = 0;
    return llvm::SubOverflow<int64_t>(0, *value, result) ? overflow(expr) : Value(result);
  }

  Value overflow(const AssemblyExpr &expr) {
    diagnostics.report(Message::ExpressionOverflow, expr.loc, expr.text);
    return std::nullopt;
  }

  Value binary(const AssemblyExpr &expr) {
    Value a = of(*expr.operands[0]), b = of(*expr.operands[1]);
    return a && b ? apply(expr, *a, *b) : std::nullopt;
  }

  Value apply(const AssemblyExpr &expr, int64_t a, int64_t b) {
    StringRef op = expr.text;
    if (op == "and" || op == "or")
      return op == "and" ? a != 0 && b != 0 : a != 0 || b != 0;
    if (op == "<<" || op == ">>")
      return shift(expr, a, b);
    if (op == "/" || op == "%")
      return divide(expr, a, b);
    int64_t result = 0;
    switch (op[0]) {
    case '+':
      return llvm::AddOverflow(a, b, result) ? overflow(expr) : Value(result);
    case '-':
      return llvm::SubOverflow(a, b, result) ? overflow(expr) : Value(result);
    case '*':
      return llvm::MulOverflow(a, b, result) ? overflow(expr) : Value(result);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '=':
      return a == b;
    case '!':
      return a != b;
    case '<':
      return op == "<" ? a < b : a <= b;
    default:
      return op == ">" ? a > b : a >= b;
    }
  }

  Value shift(const AssemblyExpr &expr, int64_t a, int64_t b) {
    if (b < 0 || b > 62)
      return overflow(expr);
    if (expr.text == ">>")
      return a >> b;
    int64_t result = 0;
    return llvm::MulOverflow(a, int64_t(1) << b, result) ? overflow(expr) : Value(result);
  }

  Value divide(const AssemblyExpr &expr, int64_t a, int64_t b) {
    if (b == 0) {
      diagnostics.report(Message::ExpressionZeroDivisor, expr.loc, expr.text);
      return std::nullopt;
    }
    if (a == INT64_MIN && b == -1)
      return expr.text == "/" ? overflow(expr) : Value(0);
    int64_t quotient = llvm::divideFloorSigned(a, b);
    return expr.text == "/" ? quotient : a - quotient * b;
  }

  const AssemblyNames &names;
  Diagnostics &diagnostics;
};
} // namespace

std::optional<int64_t> lathe::evaluate(const AssemblyExpr &expr, const AssemblyNames &names,
                                       Diagnostics &diagnostics) {
  return Evaluator(names, diagnostics).of(expr);
}
