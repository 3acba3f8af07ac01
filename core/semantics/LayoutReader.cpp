// Layouts from text, and what is checked of them.
#include "core/semantics/Layout.h"

#include "core/semantics/Reporter.h"
#include "core/semantics/SyntaxParser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace lathe;
using llvm::StringRef;

namespace {
constexpr ElementType kIndex = ElementType::index();

/// floor(a / b) and the rest that goes with it, for positive b.
int64_t floorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

std::optional<int64_t> numberOf(const Expr &expr) {
  return expr.op == Op::Constant ? std::optional(expr.integer) : std::nullopt;
}

ExprRef number(int64_t value, llvm::SMLoc loc = {}) { return makeConstant(value, kIndex, loc); }

/// What `expr` changes by when `loop` advances, if that is the same everywhere.
std::optional<int64_t> stepIn(const Expr &expr, unsigned loop) {
  if (expr.op == Op::Constant)
    return 0;
  if (expr.op == Op::Loop)
    return expr.id == loop ? 1 : 0;
  auto a = stepIn(*expr.operands[0], loop), b = stepIn(*expr.operands[1], loop);
  if (!a || !b)
    return std::nullopt;
  switch (expr.op) {
  case Op::Add:
    return evaluateIndex(*makeExpr(Op::Add, kIndex, {number(*a), number(*b)}), {});
  case Op::Sub:
    return evaluateIndex(*makeExpr(Op::Sub, kIndex, {number(*a), number(*b)}), {});
  case Op::Mul: { // one factor is a constant, which does not move
    auto factor = numberOf(*expr.operands[0]);
    int64_t moves = factor ? *b : *a, by = factor ? *factor : *numberOf(*expr.operands[1]);
    return evaluateIndex(*makeExpr(Op::Mul, kIndex, {number(moves), number(by)}), {});
  }
  default: { // a whole number of divisors moves the quotient, and not the remainder
    int64_t divisor = *numberOf(*expr.operands[1]);
    if (*a % divisor != 0)
      return std::nullopt;
    return expr.op == Op::Div ? *a / divisor : 0;
  }
  }
}

class LayoutReader {
public:
  LayoutReader(StringRef text, const LayoutScope &scope, Reporter &reporter)
      : scope(scope), reporter(reporter), whole(text) {
    layout.text = text.trim().str();
    layout.element = scope.element;
    layout.sizes = scope.sizes;
    layout.stepped = scope.stepped;
  }

  std::optional<Layout> read() {
    SyntaxParser parser(lex(whole, reporter), reporter);
    auto syntax = parser.parseLayout();
    if (!syntax || reporter.hasErrors() || !readElement(*syntax->element) || !readPlaces(*syntax) ||
        !readSize(*syntax) || !readRest(*syntax))
      return std::nullopt;
    findRows();
    return checkPlaces() ? std::optional(std::move(layout)) : std::nullopt;
  }

private:
  llvm::SMLoc start() const { return llvm::SMLoc::getFromPointer(whole.data()); }

  bool notElement(llvm::SMLoc loc) {
    reporter.error(Message::LayoutElement, loc, scope.name, scope.sizes.size());
    return false;
  }

  /// `name[i, j]`, or `bit(name[i, j], b)`.
  bool readElement(const Syntax &syntax) {
    const Syntax *element = &syntax;
    bool bits = syntax.kind == Syntax::Kind::Call && syntax.text == "bit" &&
                syntax.operands.size() == 2 && syntax.operands[1]->kind == Syntax::Kind::Name;
    if (bits)
      element = syntax.operands[0].get();
    bool scalar = element->kind == Syntax::Kind::Name && scope.sizes.empty();
    if ((element->kind != Syntax::Kind::Subscript && !scalar) || element->text != scope.name ||
        element->operands.size() != scope.sizes.size())
      return notElement(syntax.loc);
    for (const SyntaxRef &index : element->operands)
      if (index->kind != Syntax::Kind::Name || llvm::is_contained(layout.indices, index->text))
        return notElement(index->loc);
      else
        layout.indices.push_back(index->text.str());
    if (!bits)
      return true;
    layout.bitIndex = syntax.operands[1]->text.str();
    return !llvm::is_contained(layout.indices, layout.bitIndex) ||
           notElement(syntax.operands[1]->loc);
  }

  // ---- expressions

  ExprRef notPlace(llvm::SMLoc loc) {
    reporter.error(Message::LayoutTerm, loc);
    return nullptr;
  }

  ExprRef readName(const Syntax &node) {
    for (auto [d, name] : llvm::enumerate(layout.indices))
      if (name == node.text)
        return makeLoop(d, node.loc);
    if (!layout.bitIndex.empty() && node.text == layout.bitIndex)
      return makeLoop(layout.indices.size(), node.loc);
    std::vector<StringRef> known;
    for (const auto &[name, value] : scope.parameters) {
      if (name == node.text)
        return number(value, node.loc);
      known.push_back(name);
    }
    auto near = nearest(node.text, known);
    reporter.error(Message::LayoutName, node.loc, node.text,
                   near ? "did you mean '" + near->str() + "'?" : std::string());
    return nullptr;
  }

  ExprRef readExpression(const Syntax &node) {
    switch (node.kind) {
    case Syntax::Kind::Integer:
      if (node.integer > uint64_t(kMostLayoutBits))
        return notPlace(node.loc);
      return number(node.negative ? -int64_t(node.integer) : int64_t(node.integer), node.loc);
    case Syntax::Kind::Name:
      return readName(node);
    case Syntax::Kind::Unary:
      if (node.text == "-")
        if (ExprRef operand = readExpression(*node.operands[0]))
          return combine(Op::Sub, number(0, node.loc), operand, node);
      return node.text == "-" ? nullptr : notPlace(node.loc);
    case Syntax::Kind::Binary:
      return readBinary(node);
    default:
      return notPlace(node.loc);
    }
  }

  ExprRef readBinary(const Syntax &node) {
    static const std::pair<StringRef, Op> operators[] = {
        {"+", Op::Add}, {"-", Op::Sub}, {"*", Op::Mul}, {"/", Op::Div}, {"%", Op::Mod}};
    auto found = llvm::find_if(operators, [&](auto &one) { return one.first == node.text; });
    if (found == std::end(operators))
      return notPlace(node.loc);
    ExprRef a = readExpression(*node.operands[0]);
    ExprRef b = a ? readExpression(*node.operands[1]) : nullptr;
    return b ? combine(found->second, a, b, node) : nullptr;
  }

  ExprRef combine(Op op, const ExprRef &a, const ExprRef &b, const Syntax &node) {
    auto x = numberOf(*a), y = numberOf(*b);
    if ((op == Op::Div || op == Op::Mod) && (!y || *y <= 0)) {
      reporter.error(Message::LayoutDivisor, node.loc, node.text);
      return nullptr;
    }
    if (op == Op::Mul && !x && !y)
      return notPlace(node.loc);
    ExprRef result = makeExpr(op, kIndex, {a, b}, node.loc);
    if (!x || !y)
      return result;
    int64_t folded = evaluateIndex(*result, {});
    return std::abs(folded) > kMostLayoutBits ? notPlace(node.loc) : number(folded, node.loc);
  }

  // ---- parts

  bool readPlaces(const LayoutSyntax &syntax) {
    if (!syntax.byte && !syntax.bit) {
      reporter.error(Message::LayoutPlace, start(), scope.name);
      return false;
    }
    ExprRef byte = syntax.byte ? readExpression(*syntax.byte) : number(0, start());
    ExprRef bit = syntax.bit ? readExpression(*syntax.bit) : number(0, start());
    if (!byte || !bit)
      return false;
    ExprRef bits = makeExpr(Op::Mul, kIndex, {number(8, start()), byte});
    layout.position = syntax.byte && syntax.bit ? makeExpr(Op::Add, kIndex, {bits, bit})
                      : syntax.byte             ? bits
                                                : bit;
    // Stepped rows all have the places of the first one.
    if (layout.stepped && stepIn(*layout.position, 0) != 0) {
      reporter.error(Message::LayoutStepped, start(), scope.name, layout.indices[0]);
      return false;
    }
    return true;
  }

  bool readSize(const LayoutSyntax &syntax) {
    if (scope.bits)
      layout.bits = *scope.bits;
    if (!syntax.bytes)
      return true;
    ExprRef bytes = readExpression(*syntax.bytes);
    if (!bytes)
      return false;
    layout.bits = 8 * numberOf(*bytes).value_or(0);
    if (layout.bits >= 1 && layout.bits <= kMostLayoutBits)
      return true;
    reporter.error(Message::LayoutSize, syntax.bytes->loc, layout.bits, kMostLayoutBits);
    return false;
  }

  bool readRest(const LayoutSyntax &syntax) {
    if (!syntax.rest)
      return true;
    ExprRef rest = readExpression(*syntax.rest);
    auto value = rest ? numberOf(*rest) : std::nullopt;
    if (value && (*value == 0 || *value == 1) && scope.written) {
      layout.rest = *value == 1;
      return true;
    }
    if (rest)
      reporter.error(Message::LayoutRest, syntax.rest->loc, scope.name);
    return false;
  }

  // ---- checks

  /// Rows are whole bytes apart, and none reaches into the next.
  void findRows() {
    if (layout.stepped || layout.sizes.size() < 2)
      return;
    auto step = stepIn(*layout.position, 0);
    if (step && *step > 0 && *step % 8 == 0 && rowSpan() <= *step)
      layout.rowBytes = *step / 8;
  }

  /// Bits from the block's beginning to the end of the first row.
  int64_t rowSpan() const {
    int64_t end = 0;
    forEachBit(1, [&](llvm::ArrayRef<int64_t>, int64_t, int64_t place) {
      end = std::max(end, place + 1);
      return true;
    });
    return end;
  }

  /// Calls function(index, bit, place) for every bit of the first `rows` rows until it is false.
  template <typename Function> bool forEachBit(int64_t rows, Function function) const {
    std::vector<int64_t> index(layout.sizes.size(), 0);
    int64_t count = 1;
    for (size_t d = 0; d < layout.sizes.size(); ++d)
      count *= d == 0 ? std::min(rows, layout.sizes[d]) : layout.sizes[d];
    for (int64_t element = 0; element < count; ++element) {
      for (int64_t bit = 0; bit < layout.element.bits; ++bit)
        if (!function(index, bit, layout.positionOf(index, bit)))
          return false;
      for (size_t d = index.size(); d-- > 0;) {
        if (++index[d] < layout.sizes[d])
          break;
        index[d] = 0;
      }
    }
    return true;
  }

  int64_t elements() const {
    int64_t count = 1;
    for (int64_t size : layout.sizes)
      if (llvm::MulOverflow(count, size, count))
        return INT64_MAX / 64;
    return count;
  }

  bool checkPlaces() {
    if (elements() > kMostLayoutBits / layout.element.bits) {
      reporter.error(Message::LayoutSize, start(), elements() * layout.element.bits,
                     kMostLayoutBits);
      return false;
    }
    // Rows that are apart lie alike, and one of them stands for all.
    int64_t rows = layout.hasRows() ? 1 : INT64_MAX, used = 0, bits = rowLimit();
    std::vector<int64_t> seen;
    bool good = forEachBit(rows, [&](llvm::ArrayRef<int64_t> index, int64_t bit, int64_t place) {
      if (place < 0 || place >= (bits ? bits : kMostLayoutBits))
        return outside(index, bit, place, bits);
      used = std::max(used, place + 1);
      if (static_cast<size_t>(place) >= seen.size())
        seen.resize(std::max<size_t>(place + 1, 2 * seen.size()), -1);
      if (seen[place] >= 0)
        return overlap(index, bit, place, seen[place]);
      seen[place] = flat(index) * layout.element.bits + bit;
      return true;
    });
    if (!good)
      return false;
    layout.bits = bits ? bits : static_cast<int64_t>(llvm::alignTo(used, 8));
    if (layout.rowBytes)
      layout.bits = 8 * *layout.rowBytes;
    return !layout.rowBytes || !given || checkRows();
  }

  /// Bits that a row may take, or 0: as many as it needs.
  int64_t rowLimit() {
    given = layout.bits;
    return layout.rowBytes ? std::min(8 * *layout.rowBytes, given ? given : INT64_MAX)
                           : layout.bits;
  }

  /// The last row lies inside of what `in` gives.
  bool checkRows() {
    std::vector<int64_t> index(layout.sizes.size(), 0);
    return forEachBit(1, [&](llvm::ArrayRef<int64_t> of, int64_t bit, int64_t place) {
      index.assign(of.begin(), of.end());
      index[0] = layout.sizes[0] - 1;
      place += index[0] * 8 * *layout.rowBytes;
      return place < given || outside(index, bit, place, given);
    });
  }

  int64_t flat(llvm::ArrayRef<int64_t> index) const {
    int64_t element = 0;
    for (size_t d = 0; d < index.size(); ++d)
      element = element * layout.sizes[d] + index[d];
    return element;
  }

  std::string elementText(llvm::ArrayRef<int64_t> index) const {
    std::vector<std::string> numbers;
    for (int64_t i : index)
      numbers.push_back(std::to_string(i));
    return scope.name + (index.empty() ? "" : "[" + llvm::join(numbers, ",") + "]");
  }

  bool outside(llvm::ArrayRef<int64_t> index, int64_t bit, int64_t place, int64_t bits) {
    reporter.error(Message::LayoutOutside, start(), elementText(index), bit, floorDivide(place, 8),
                   place - 8 * floorDivide(place, 8), bits ? bits : kMostLayoutBits);
    return false;
  }

  bool overlap(llvm::ArrayRef<int64_t> index, int64_t bit, int64_t place, int64_t other) {
    std::vector<int64_t> first(layout.sizes.size());
    int64_t element = other / layout.element.bits;
    for (size_t d = first.size(); d-- > 0; element /= layout.sizes[d])
      first[d] = element % layout.sizes[d];
    reporter.error(Message::LayoutOverlap, start(), elementText(first), other % layout.element.bits,
                   elementText(index), bit, place / 8, place % 8);
    return false;
  }

  const LayoutScope &scope;
  Reporter &reporter;
  StringRef whole;
  Layout layout;
  int64_t given = 0; ///< bits of the block as written, or 0
};

} // namespace

std::optional<Layout> lathe::readLayout(StringRef text, const LayoutScope &scope,
                                        Reporter &reporter) {
  return LayoutReader(text, scope, reporter).read();
}
