#include "core/semantics/Resolver.h"

#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;
using llvm::StringRef;

/// Functions of one value that keep its type.
struct UnaryFunction {
  StringRef name;
  Op op;
  enum class Domain : uint8_t { Numbers, Integers, Floats } domain;
};

static constexpr UnaryFunction kUnaryFunctions[] = {
    {"abs", Op::Abs, UnaryFunction::Domain::Numbers},
    {"popcount", Op::Popcount, UnaryFunction::Domain::Integers},
    {"exp", Op::Exp, UnaryFunction::Domain::Floats},
    {"log", Op::Log, UnaryFunction::Domain::Floats},
    {"sqrt", Op::Sqrt, UnaryFunction::Domain::Floats},
    {"rsqrt", Op::Rsqrt, UnaryFunction::Domain::Floats},
    {"tanh", Op::Tanh, UnaryFunction::Domain::Floats},
    {"erf", Op::Erf, UnaryFunction::Domain::Floats},
    {"recip", Op::Recip, UnaryFunction::Domain::Floats},
    {"floor", Op::Floor, UnaryFunction::Domain::Floats},
    {"round_even", Op::RoundEven, UnaryFunction::Domain::Floats},
};

static constexpr StringRef kOtherFunctions[] = {"min", "max", "clamp",      "select",
                                                "lut", "bit", "round_shift"};

static std::string suggestFunction(StringRef name) {
  std::vector<StringRef> all(std::begin(kOtherFunctions), std::end(kOtherFunctions));
  for (const UnaryFunction &function : kUnaryFunctions)
    all.push_back(function.name);
  for (StringRef word : {"sum", "prod", "any", "all", "argmax", "argmin"})
    all.push_back(word);
  auto near = nearest(name, all);
  return near ? "did you mean '" + near->str() + "'?" : "";
}

ExprRef ExprResolver::resolveCall(const Syntax &node, Context context) {
  StringRef target = node.text;
  StringRef how = target.consume_front("wrap_")  ? "wrap"
                  : target.consume_front("sat_") ? "sat"
                                                 : "";
  if (auto type = parseElementType(target))
    return resolveConversion(node, how, *type);
  if (names.tensor(node.text)) {
    names.reporter.error(Message::TensorCalled, node.loc, node.text);
    return nullptr;
  }
  return resolveFunction(node, context);
}

ExprRef ExprResolver::resolveFunction(const Syntax &node, Context context) {
  if (node.text == "min" || node.text == "max")
    return resolveMinMax(node, node.text == "min" ? Op::Min : Op::Max, context);
  if (node.text == "select")
    return resolveSelect(node, context);
  if (node.text == "lut")
    return resolveLut(node);
  if (node.text == "bit")
    return resolveBit(node);
  if (node.text == "round_shift")
    return checkCount(node, 2)
               ? resolveShift(Op::RoundShift, node, context.subscript ? Context() : context)
               : nullptr;
  if (node.text == "clamp") {
    std::vector<ExprRef> values;
    if (!checkCount(node, 3) || !resolveSame(node.operands, context, values, node.loc, "'clamp'") ||
        !checkArithmetic(*values[0], "'clamp'", node.loc))
      return nullptr;
    ElementType type = values[0]->type;
    return makeExpr(Op::Clamp, type, std::move(values), node.loc);
  }
  const auto *function = llvm::find_if(
      kUnaryFunctions, [&](const UnaryFunction &entry) { return entry.name == node.text; });
  if (function == std::end(kUnaryFunctions)) {
    names.reporter.error(Message::UnknownFunction, node.loc, node.text, suggestFunction(node.text));
    return nullptr;
  }
  if (!checkCount(node, 1))
    return nullptr;
  using Domain = UnaryFunction::Domain;
  context.subscript &= function->op == Op::Abs;
  ExprRef value = resolve(*node.operands[0], context);
  if (!value)
    return nullptr;
  std::string quoted = "'" + node.text.str() + "'";
  if (function->domain == Domain::Integers && !value->type.isInteger())
    return wrongType(node.operands[0]->loc, quoted, "an integer", *value);
  if (function->domain == Domain::Floats && !value->type.isFloat())
    return wrongType(node.operands[0]->loc, quoted, "a float", *value);
  if (function->domain == Domain::Numbers &&
      !checkArithmetic(*value, quoted, node.operands[0]->loc))
    return nullptr;
  return makeExpr(function->op, value->type, {value}, node.loc);
}

/// max(a, b, c) is max(max(a, b), c).
ExprRef ExprResolver::resolveMinMax(const Syntax &node, Op op, Context context) {
  std::string quoted = "'" + node.text.str() + "'";
  if (node.operands.size() < 2) {
    names.reporter.error(Message::ArgumentCount, node.loc, node.text, "two or more",
                         node.operands.size());
    return nullptr;
  }
  std::vector<ExprRef> values;
  if (!resolveSame(node.operands, context, values, node.loc, quoted) ||
      !checkArithmetic(*values[0], quoted, node.loc))
    return nullptr;
  ExprRef result = values[0];
  for (const ExprRef &value : llvm::ArrayRef(values).drop_front())
    result = makeExpr(op, value->type, {result, value}, node.loc);
  return result;
}

ExprRef ExprResolver::resolveSelect(const Syntax &node, Context context) {
  if (!checkCount(node, 3))
    return nullptr;
  ExprRef condition = resolveCondition(*node.operands[0]);
  std::vector<ExprRef> values;
  bool same = resolveSame(llvm::ArrayRef(node.operands).drop_front(), context, values, node.loc,
                          "'select'");
  if (!condition || !same)
    return nullptr;
  ElementType type = values[0]->type;
  return makeExpr(Op::Select, type, {condition, values[0], values[1]}, node.loc);
}

/// lut(table, i): the table is a vector, i any integer.
ExprRef ExprResolver::resolveLut(const Syntax &node) {
  if (!checkCount(node, 2))
    return nullptr;
  const Syntax &table = *node.operands[0];
  auto id = table.kind == Syntax::Kind::Name ? names.tensor(table.text) : std::nullopt;
  if (id && names.state(*id) == Names::State::Broken)
    return nullptr;
  if (!id || names.semantics.tensors[*id].shape.size() != 1) {
    names.reporter.error(Message::LutTable, table.loc);
    return nullptr;
  }
  if (names.state(*id) == Names::State::Declared) {
    names.reporter.error(Message::UsedBeforeDefined, table.loc, table.text);
    return nullptr;
  }
  ExprRef index = resolveSubscript(*node.operands[1]);
  if (!index)
    return nullptr;
  ElementType type = names.semantics.tensors[*id].type;
  return makeExpr(Op::Lut, type, {makeLoad(*id, type, {}, table.loc), index}, node.loc);
}

ExprRef ExprResolver::resolveBit(const Syntax &node) {
  if (!checkCount(node, 2))
    return nullptr;
  ExprRef value = resolve(*node.operands[0], {});
  if (!value)
    return nullptr;
  if (!value->type.isInteger())
    return wrongType(node.operands[0]->loc, "'bit'", "an integer", *value);
  ExprRef position = resolveAmount(*node.operands[1], *value);
  if (!position)
    return nullptr;
  return makeExpr(Op::Bit, ElementType::condition(), {value, position}, node.loc);
}

ExprRef ExprResolver::resolveConversion(const Syntax &node, StringRef how, ElementType to) {
  if (!checkCount(node, 1))
    return nullptr;
  const Syntax &argument = *node.operands[0];
  bool isPlain = how.empty();
  Context context;
  if (isPlain && isLiteralish(argument))
    context.hint = to;
  ExprRef value = resolve(argument, context);
  if (!value || value->type == to)
    return value;
  ElementType from = value->type;
  std::string quoted = "'" + node.text.str() + "'";
  if (!isPlain && !to.isInteger())
    return wrongType(node.loc, quoted, "an integer type after '" + how.str() + "_'", *value);
  if (how == "wrap" && from.isFloat())
    return wrongType(argument.loc, quoted, "an integer; write 'sat_" + name(to) + "(...)'", *value);
  if (how == "sat")
    return makeExpr(Op::Saturate, to, {value}, node.loc);
  if (isPlain && from.isInteger() && to.isInteger() && !covers(to, from)) {
    names.reporter.error(Message::LossyConversion, node.loc, name(from), name(to));
    return nullptr;
  }
  return makeExpr(Op::Convert, to, {value}, node.loc);
}
