#include "core/semantics/Resolver.h"

#include "core/semantics/Accesses.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/StringSwitch.h"

using namespace lathe;
using llvm::StringRef;
using Kind = Syntax::Kind;

const unsigned *ExprResolver::findLoop(StringRef name) const {
  for (auto entry = scope.rbegin(); entry != scope.rend(); ++entry)
    if (entry->first == name)
      return &entry->second;
  return nullptr;
}

bool ExprResolver::enterLoop(const Word &word, bool isReduction) {
  auto tensor = names.tensor(word.text);
  auto size = names.size(word.text);
  if (tensor || size || (isReduction && findLoop(word.text))) {
    StringRef what = tensor ? "a tensor" : size ? "a size" : "a loop around it";
    names.reporter.error(Message::LoopNameTaken, word.loc, word.text, what);
    return false;
  }
  Loop loop;
  loop.name = word.text.str();
  loop.reduction = isReduction;
  loop.loc = word.loc;
  scope.push_back({word.text, unsigned(loops.size())});
  loops.push_back(std::move(loop));
  return true;
}

ExprRef ExprResolver::wrongType(llvm::SMLoc loc, StringRef what, StringRef needs,
                                const Expr &found) {
  names.reporter.error(Message::WrongOperandType, loc, what, needs, name(found.type));
  return nullptr;
}

bool ExprResolver::checkCount(const Syntax &node, size_t count) {
  if (node.operands.size() == count)
    return true;
  names.reporter.error(Message::ArgumentCount, node.loc, node.text, count, node.operands.size());
  return false;
}

bool ExprResolver::checkArithmetic(const Expr &value, StringRef what, llvm::SMLoc loc) {
  if (value.type != ElementType::condition())
    return true;
  wrongType(loc, what, "a number; convert it, as in 'i32(...)'", value);
  return false;
}

std::string lathe::conversionHelp(ElementType a, ElementType b) {
  auto around = [](ElementType to, ElementType from) {
    return "write '" + name(to) + "(...)' around the " + name(from);
  };
  if (a.isIndex() || b.isIndex())
    return a.isIndex() ? around(b, a) : around(a, b);
  if (a.isFloat() != b.isFloat())
    return a.isFloat() ? around(a, b) : around(b, a);
  if (a.isFloat())
    return a.bits >= b.bits ? around(a, b) : around(b, a);
  if (covers(a, b))
    return around(a, b);
  if (covers(b, a))
    return around(b, a);
  unsigned bits = std::max(a.bits, b.bits) < 8 ? 8 : std::max(a.bits, b.bits) * 2;
  if (bits > 64)
    return "convert one of them with 'wrap_" + name(a) + "(...)' or 'sat_" + name(a) + "(...)'";
  return "write '" + name(ElementType::integer(bits)) + "(...)' around both";
}

static ExprRef toIndex(const ExprRef &value) {
  return makeExpr(Op::Convert, ElementType::index(), {value}, value->loc);
}

ExprRef ExprResolver::resolve(const Syntax &node, Context context) {
  ExprRef value = resolveValue(node, context);
  if (!value || !context.subscript || value->type.isIndex())
    return value;
  if (value->type.isInteger())
    return toIndex(value);
  return wrongType(node.loc, "a subscript", "an integer", *value);
}

ExprRef ExprResolver::resolveValue(const Syntax &node, Context context) {
  if (isLiteral(node)) {
    if (context.hint)
      return literalConstant(node, *context.hint, names.reporter);
    names.reporter.error(Message::LiteralNeedsType, node.loc, node.text);
    return nullptr;
  }
  switch (node.kind) {
  case Kind::Integer:
  case Kind::Real:
    break; // literals: done above
  case Kind::Name:
    return resolveName(node);
  case Kind::Subscript:
    return resolveAccess(node);
  case Kind::Call:
    return resolveCall(node, context);
  case Kind::Unary:
    return resolveUnary(node, context);
  case Kind::Binary:
    return node.text == "and" || node.text == "or" ? resolveLogical(node)
                                                   : resolveBinary(node, context);
  case Kind::Not: {
    ExprRef operand = resolveCondition(*node.operands[0]);
    return operand ? makeExpr(Op::Not, operand->type, {operand}, node.loc) : nullptr;
  }
  case Kind::Chain:
    return resolveChain(node);
  case Kind::Reduce:
    return resolveReduce(node, context);
  }
  return nullptr;
}

ExprRef ExprResolver::resolveName(const Syntax &node) {
  if (const unsigned *loop = findLoop(node.text))
    return makeLoop(*loop, node.loc);
  if (auto size = names.size(node.text))
    return makeSize(*size, node.loc);
  if (names.tensor(node.text))
    return resolveAccess(node);
  std::vector<StringRef> visible;
  for (auto &entry : scope)
    visible.push_back(entry.first);
  names.reporter.error(Message::UnknownName, node.loc, node.text,
                       names.suggest(node.text, std::move(visible)));
  return nullptr;
}

/// A tensor's element, or a scalar's value.
ExprRef ExprResolver::resolveAccess(const Syntax &node) {
  auto id = names.tensor(node.text);
  if (!id) {
    if (findLoop(node.text) || names.size(node.text))
      names.reporter.error(Message::NotATensor, node.loc, node.text);
    else
      names.reporter.error(Message::UnknownName, node.loc, node.text, names.suggest(node.text));
    return nullptr;
  }
  if (names.state(*id) == Names::State::Broken)
    return nullptr;
  const Tensor &tensor = names.semantics.tensors[*id];
  if (names.state(*id) == Names::State::Declared) {
    names.reporter.error(Message::UsedBeforeDefined, node.loc, node.text);
    return nullptr;
  }
  if (tensor.shape.size() != node.operands.size()) {
    names.reporter.note(names.reporter.error(Message::SubscriptCount, node.loc, node.text,
                                             tensor.shape.size(), node.operands.size()),
                        tensor.loc, "'" + tensor.name + "' is declared here");
    return nullptr;
  }
  std::vector<ExprRef> subscripts;
  for (const SyntaxRef &operand : node.operands)
    if (ExprRef subscript = resolveSubscript(*operand))
      subscripts.push_back(std::move(subscript));
  if (subscripts.size() != node.operands.size())
    return nullptr;
  return makeLoad(*id, tensor.type, std::move(subscripts), node.loc);
}

ExprRef ExprResolver::resolveUnary(const Syntax &node, Context context) {
  context.subscript &= node.text == "-";
  if (!context.subscript && context.hint && context.hint->isIndex())
    context.hint.reset();
  ExprRef operand = resolve(*node.operands[0], context);
  if (!operand)
    return nullptr;
  if (node.text == "-")
    return checkArithmetic(*operand, "'-'", node.loc)
               ? makeExpr(Op::Neg, operand->type, {operand}, node.loc)
               : nullptr;
  if (!operand->type.isInteger())
    return wrongType(node.loc, "'~'", "an integer", *operand);
  return makeExpr(Op::Not, operand->type, {operand}, node.loc);
}

bool ExprResolver::resolveSame(llvm::ArrayRef<SyntaxRef> nodes, Context context,
                               std::vector<ExprRef> &values, llvm::SMLoc loc, StringRef what) {
  size_t leader = 0;
  while (leader < nodes.size() && isLiteralish(*nodes[leader]))
    ++leader;
  leader = leader == nodes.size() ? 0 : leader;
  values.assign(nodes.size(), nullptr);
  values[leader] = resolve(*nodes[leader], context);
  Context others = context;
  if (values[leader])
    others.hint = values[leader]->type;
  bool complete = true;
  for (size_t i = 0; i < nodes.size(); ++i) {
    // Without the leader's type a literal's own complaint would be noise.
    if (i != leader && (values[leader] || !isLiteralish(*nodes[i])))
      values[i] = resolve(*nodes[i], others);
    complete &= values[i] != nullptr;
  }
  for (size_t i = 1; complete && i < values.size(); ++i)
    if (values[i]->type != values[0]->type) {
      names.reporter.error(Message::TypeMismatch, loc, what, name(values[0]->type),
                           name(values[i]->type), conversionHelp(values[0]->type, values[i]->type));
      return false;
    }
  return complete;
}

static Op binaryOp(StringRef text) {
  return llvm::StringSwitch<Op>(text)
      .Case("+", Op::Add)
      .Case("-", Op::Sub)
      .Case("*", Op::Mul)
      .Case("/", Op::Div)
      .Case("%", Op::Mod)
      .Case("&", Op::And)
      .Case("|", Op::Or)
      .Case("^", Op::Xor)
      .Case("<<", Op::Shl)
      .Default(Op::Shr);
}

ExprRef ExprResolver::resolveBinary(const Syntax &node, Context context) {
  Op op = binaryOp(node.text);
  std::string quoted = "'" + node.text.str() + "'";
  bool isArithmetic = op <= Op::Mod;
  // Bits of an index make no sense; inside a subscript they are bits of the integers there.
  if (!isArithmetic && context.subscript)
    context = {};
  if (op == Op::Shl || op == Op::Shr)
    return resolveShift(op, node, context);
  std::vector<ExprRef> values;
  if (!resolveSame(node.operands, context, values, node.loc, quoted))
    return nullptr;
  ElementType type = values[0]->type;
  if (isArithmetic ? !checkArithmetic(*values[0], quoted, node.loc) : false)
    return nullptr;
  if (!isArithmetic && !type.isInteger())
    return wrongType(node.loc, quoted, "integers", *values[0]);
  if (op == Op::Mod && type.isFloat())
    return wrongType(node.loc, quoted, "integers", *values[0]);
  bool divides = op == Op::Div || op == Op::Mod;
  const Expr &divisor = *values[1];
  bool isSizeExpression = !hasLoad(divisor) && llvm::none_of(scope, [&](auto &entry) {
    return mentionsLoop(divisor, entry.second);
  });
  bool isZero = divisor.op == Op::Constant && !type.isFloat() && divisor.integer == 0;
  bool isNegative = type.isIndex() && divisor.op == Op::Constant && divisor.integer < 0;
  if (divides && (isZero || isNegative || (type.isIndex() && !isSizeExpression))) {
    names.reporter.error(Message::DivisorNotConstant, divisor.loc, node.text);
    return nullptr;
  }
  return makeExpr(op, type, std::move(values), node.loc);
}

/// A shift's amount or a bit's position: any integer or index; a literal has the value's own type.
ExprRef ExprResolver::resolveAmount(const Syntax &node, const Expr &value) {
  ExprRef amount = resolve(node, {value.type, false});
  if (!amount)
    return nullptr;
  if (!amount->type.isInteger() && !amount->type.isIndex())
    return wrongType(node.loc, "an amount", "an integer", *amount);
  bool isConstant = amount->op == Op::Constant;
  if (isConstant && (amount->integer < 0 || amount->integer >= value.type.bits)) {
    names.reporter.error(Message::ShiftTooFar, node.loc, amount->integer, name(value.type),
                         value.type.bits - 1);
    return nullptr;
  }
  return amount;
}

ExprRef ExprResolver::resolveShift(Op op, const Syntax &node, Context context) {
  ExprRef value = resolve(*node.operands[0], context);
  if (!value)
    return nullptr;
  if (!value->type.isInteger())
    return wrongType(node.loc, "'" + node.text.str() + "'", "an integer", *value);
  ExprRef amount = resolveAmount(*node.operands[1], *value);
  return amount ? makeExpr(op, value->type, {value, amount}, node.loc) : nullptr;
}

ExprRef ExprResolver::resolveCondition(const Syntax &node) {
  ExprRef value = resolve(node, {ElementType::condition(), false});
  if (value && value->type != ElementType::condition())
    return wrongType(node.loc, "a condition", "a comparison", *value);
  return value;
}

ExprRef ExprResolver::resolveLogical(const Syntax &node) {
  ExprRef left = resolveCondition(*node.operands[0]);
  ExprRef right = resolveCondition(*node.operands[1]);
  if (!left || !right)
    return nullptr;
  Op op = node.text == "and" ? Op::LogicalAnd : Op::LogicalOr;
  return makeExpr(op, ElementType::condition(), {left, right}, node.loc);
}

ExprRef ExprResolver::compare(const Word &word, ExprRef left, ExprRef right) {
  Op op = llvm::StringSwitch<Op>(word.text)
              .Case("==", Op::Equal)
              .Case("!=", Op::NotEqual)
              .Cases({"<", ">"}, Op::Less)
              .Default(Op::LessEqual);
  if (word.text.starts_with(">"))
    std::swap(left, right);
  return makeExpr(op, ElementType::condition(), {left, right}, word.loc);
}

ExprRef ExprResolver::resolveChain(const Syntax &node) {
  bool onlyLiterals =
      llvm::all_of(node.operands, [](const SyntaxRef &operand) { return isLiteralish(*operand); });
  Context context;
  if (onlyLiterals)
    context.hint = ElementType::index();
  std::vector<ExprRef> values;
  if (!resolveSame(node.operands, context, values, node.loc, "'" + node.words[0].text.str() + "'"))
    return nullptr;
  ExprRef all;
  for (size_t i = 0; i < node.words.size(); ++i) {
    ExprRef one = compare(node.words[i], values[i], values[i + 1]);
    all = all ? makeExpr(Op::LogicalAnd, ElementType::condition(), {all, one}, node.loc) : one;
  }
  return all;
}

static void flatten(const ExprRef &condition, std::vector<ExprRef> &conditions) {
  if (condition->op != Op::LogicalAnd) {
    conditions.push_back(condition);
    return;
  }
  flatten(condition->operands[0], conditions);
  flatten(condition->operands[1], conditions);
}

bool ExprResolver::resolveConditions(llvm::ArrayRef<SyntaxRef> nodes,
                                     std::vector<ExprRef> &conditions) {
  bool complete = true;
  for (const SyntaxRef &node : nodes) {
    if (ExprRef condition = resolveCondition(*node))
      flatten(condition, conditions);
    else
      complete = false;
  }
  return complete;
}

static Reduction reductionOf(StringRef text) {
  return llvm::StringSwitch<Reduction>(text)
      .Case("sum", Reduction::Sum)
      .Case("prod", Reduction::Product)
      .Case("max", Reduction::Max)
      .Case("min", Reduction::Min)
      .Case("any", Reduction::Any)
      .Case("all", Reduction::All)
      .Case("argmax", Reduction::ArgMax)
      .Default(Reduction::ArgMin);
}

/// The number that a loop stays below: like a shape, but of known sizes only.
static ExprRef resolveLimit(const Syntax &node, Names &names) {
  if (node.kind == Kind::Name && !names.size(node.text)) {
    names.reporter.error(Message::UnknownName, node.loc, node.text, names.suggest(node.text));
    return nullptr;
  }
  for (const SyntaxRef &operand : node.operands)
    if (!resolveLimit(*operand, names))
      return nullptr;
  return resolveShape(node, names);
}

ExprRef ExprResolver::resolveReduce(const Syntax &node, Context context) {
  auto expr = std::make_shared<Expr>();
  expr->op = Op::Reduce;
  expr->loc = node.loc;
  expr->reduction = reductionOf(node.text);
  bool isLogical = expr->reduction == Reduction::Any || expr->reduction == Reduction::All;
  bool isArg = expr->reduction == Reduction::ArgMax || expr->reduction == Reduction::ArgMin;
  if (isArg && node.words.size() != 1) {
    names.reporter.error(Message::ArgumentReductionLoops, node.words[1].loc, node.text,
                         node.words.size());
    return nullptr;
  }
  size_t before = visibleLoops();
  for (auto [word, limit] : llvm::zip(node.words, node.limits)) {
    expr->loops.push_back(loops.size());
    ExprRef extent = limit ? resolveLimit(*limit, names) : nullptr;
    if (!enterLoop(word, /*isReduction=*/true) || (limit && !extent)) {
      leaveLoops(before);
      return nullptr;
    }
    loops.back().extent = extent;
    loops.back().extentIsWritten = extent != nullptr;
  }
  std::vector<ExprRef> conditions;
  bool complete = resolveConditions(llvm::ArrayRef(node.operands).drop_front(), conditions);
  ExprRef body = isLogical
                     ? resolveCondition(*node.operands[0])
                     : resolve(*node.operands[0], {isArg ? std::nullopt : context.hint, false});
  leaveLoops(before);
  if (!body || !complete)
    return nullptr;
  if (!isLogical && (body->type.isIndex() || body->type == ElementType::condition()))
    return wrongType(node.operands[0]->loc, "'" + node.text.str() + "'",
                     "a number; convert it, as in 'i32(...)'", *body);
  expr->type = isArg ? ElementType::integer(32) : body->type;
  expr->operands.push_back(std::move(body));
  llvm::append_range(expr->operands, conditions);
  return expr;
}
