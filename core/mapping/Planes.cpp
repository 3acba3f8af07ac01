#include "core/mapping/Planes.h"

#include "core/semantics/Accesses.h"
#include "core/semantics/Numbers.h"

#include "llvm/ADT/STLExtras.h"

using namespace lathe;

namespace {

const ElementType kIndex = ElementType::index();

/// Bits of an operand that a call takes together: their place, how many, and what they count.
struct Part {
  int64_t at = 0, bits = 1, weight = 1;
};

/// How a machine's operand has a kernel's.
struct Source {
  ElementType type;  ///< of the tile
  bool bits = false; ///< single bits of it are read
};

/// Unsigned parts of at most `bits` bits whose weighted sum is a number of `type`.
std::vector<Part> partsOf(ElementType type, int64_t bits) {
  std::vector<Part> parts;
  int64_t unsignedBits = type.isSigned() ? type.bits - 1 : type.bits;
  for (int64_t at = 0; at < unsignedBits; at += bits)
    parts.push_back({at, std::min(bits, unsignedBits - at), int64_t(1) << at});
  if (type.isSigned())
    parts.push_back({unsignedBits, 1, -(int64_t(1) << unsignedBits)});
  return parts;
}

ExprRef stripped(ExprRef expr) {
  while (expr->op == Op::Convert)
    expr = expr->operands[0];
  return expr;
}

/// The operands of `i32(bit(a, plane)) * i32(g)`, or of one of them without `bit`.
std::optional<std::vector<Source>> sourcesOf(const Rule &rule, const Intrinsic &intrinsic) {
  std::vector<Source> sources;
  for (const ExprRef &factor : factorsOf(rule.body)) {
    ExprRef part = stripped(factor);
    const Expr *inner = part.get();
    Source source;
    if (inner->op == Op::Bit) {
      source.bits = true;
      inner = inner->operands[0].get();
    }
    if (inner->op != Op::Load || !intrinsic.tileOfTensor(inner->id))
      return std::nullopt;
    source.type = inner->type;
    sources.push_back(source);
  }
  return sources.size() == 2 ? std::optional(sources) : std::nullopt;
}

/// Builds the form for one rule and one order of the kernel's factors.
class PlaneBuilder {
public:
  PlaneBuilder(const Semantics &kernel, const Group &group, const Expr &reduction)
      : kernel(kernel), statement(group.statement), reduction(reduction) {}

  /// Nothing when an operand has no such parts, or needs none.
  std::optional<Form> build(llvm::ArrayRef<Source> sources, llvm::ArrayRef<ExprRef> factors,
                            const Rule &rule, bool canSubtract) {
    std::vector<ExprRef> product, weights;
    for (auto [source, factor] : llvm::zip(sources, factors))
      if (!take(source, factor, product, weights))
        return std::nullopt;
    bool scales = llvm::any_of(all, [](const Part &part) { return std::abs(part.weight) > 1; });
    bool negates = llvm::any_of(all, [](const Part &part) { return part.weight < 0; });
    if (all.empty() || (scales && !rule.shift) || (negates && !canSubtract))
      return std::nullopt;
    llvm::append_range(product, weights);
    auto sum = std::make_shared<Expr>(reduction);
    sum->operands[0] = productOf(product);
    for (unsigned l = reductionsBefore; l < statement.loops.size(); ++l)
      sum->loops.push_back(l);
    statement.value = replaced(statement.value, sum);
    form.packs = form.statements.size();
    form.statements.push_back(std::move(statement));
    form.rules = {"bit planes and digits"};
    return std::move(form);
  }

private:
  bool take(const Source &source, const ExprRef &factor, std::vector<ExprRef> &product,
            std::vector<ExprRef> &weights) {
    ExprRef load = stripped(factor);
    ElementType type = load->type;
    if (load->op != Op::Load || load->operands.empty() || !type.isInteger())
      return false;
    if (!source.bits && source.type == type) {
      product.push_back(factor);
      return true;
    }
    bool isDigit = !source.bits && !source.type.isSigned();
    if (source.bits ? !covers(source.type, type) : !isDigit)
      return false;
    std::vector<Part> parts = partsOf(type, source.bits ? 1 : source.type.bits);
    unsigned loop = addLoop(source.bits ? "plane" : "digit", parts.size());
    ExprRef part;
    if (source.bits) {
      ExprRef wide =
          type == source.type ? load : makeExpr(Op::Convert, source.type, {load}, load->loc);
      part = makeExpr(Op::Bit, ElementType::integer(1, false), {wide, makeLoop(loop)}, load->loc);
    } else {
      part = digitOf(*load, source.type, parts, loop);
    }
    ElementType wide = reduction.type;
    product.push_back(makeExpr(Op::Convert, wide, {part}, load->loc));
    if (parts.size() > 1 || parts.front().weight != 1)
      weights.push_back(chosen(loop, parts, wide, [](const Part &one) { return one.weight; }));
    llvm::append_range(all, parts);
    return true;
  }

  unsigned addLoop(std::string name, size_t size) {
    while (kernel.findTensor(name) || kernel.findSize(name) ||
           llvm::any_of(statement.loops, [&](const Loop &loop) { return loop.name == name; }))
      name += "_";
    Loop loop;
    loop.name = std::move(name);
    loop.size = static_cast<int64_t>(size);
    loop.extent = makeConstant(loop.size, kIndex);
    loop.reduction = true;
    statement.loops.push_back(std::move(loop));
    return statement.loops.size() - 1;
  }

  /// select(loop == 0, value of the first part, select(loop == 1, ...)).
  template <typename Value>
  static ExprRef chosen(unsigned loop, llvm::ArrayRef<Part> parts, ElementType type, Value value) {
    ExprRef expr = makeConstant(value(parts.back()), type);
    for (size_t i = parts.size() - 1; i-- > 0;)
      expr = makeExpr(Op::Select, type,
                      {makeExpr(Op::Equal, ElementType::condition(),
                                {makeLoop(loop), makeConstant(static_cast<int64_t>(i), kIndex)}),
                       makeConstant(value(parts[i]), type), expr});
    return expr;
  }

  /// A temporary that has the tensor's digits in front of its own dimensions, and an element of it.
  ExprRef digitOf(const Expr &load, ElementType type, llvm::ArrayRef<Part> parts, unsigned loop) {
    const Tensor &tensor = kernel.tensors[load.id];
    Tensor digits;
    digits.name = tensor.name + "_digit";
    while (kernel.findTensor(digits.name) || kernel.findSize(digits.name))
      digits.name += "_";
    digits.type = type;
    digits.sizes.push_back(static_cast<int64_t>(parts.size()));
    llvm::append_range(digits.sizes, tensor.sizes);
    Statement splits;
    for (size_t d = 0; d < digits.sizes.size(); ++d) {
      digits.shape.push_back(makeConstant(digits.sizes[d], kIndex));
      Loop walk;
      walk.name = "d" + std::to_string(d);
      walk.size = digits.sizes[d];
      walk.extent = digits.shape.back();
      splits.loops.push_back(std::move(walk));
      splits.subscripts.push_back(makeLoop(d));
    }
    splits.tensor = kernel.tensors.size() + form.tensors.size();
    std::vector<ExprRef> own(splits.subscripts.begin() + 1, splits.subscripts.end());
    ExprRef element = makeLoad(load.id, load.type, own);
    // What lies above the digit is cut off by the conversion, but for short digits.
    ExprRef at = chosen(0, parts, kIndex, [](const Part &part) { return part.at; });
    ExprRef moved = makeExpr(Op::Shr, load.type, {element, at});
    ExprRef mask = chosen(0, parts, load.type, [&](const Part &part) {
      return wrapInteger((int64_t(1) << part.bits) - 1, load.type);
    });
    splits.value = makeExpr(Op::Convert, type, {makeExpr(Op::And, load.type, {moved, mask})});
    form.tensors.push_back(std::move(digits));
    unsigned id = splits.tensor;
    form.statements.push_back(std::move(splits));
    std::vector<ExprRef> subscripts{makeLoop(loop)};
    llvm::append_range(subscripts, load.operands);
    return makeLoad(id, type, std::move(subscripts), load.loc);
  }

  /// `expr` with its only reduction replaced.
  static ExprRef replaced(const ExprRef &expr, const ExprRef &sum) {
    if (expr->op == Op::Reduce)
      return sum;
    auto copy = std::make_shared<Expr>(*expr);
    for (ExprRef &operand : copy->operands)
      operand = replaced(operand, sum);
    return copy;
  }

  const Semantics &kernel;
  Statement statement;
  const Expr &reduction;
  size_t reductionsBefore = statement.loops.size();
  Form form;
  std::vector<Part> all;
};

} // namespace

static bool hasSubtraction(const Rules &rules, const Rule &rule) {
  return llvm::any_of(rules.rules, [&](const Rule &other) {
    return other.subtracts && equal(*other.body, *rule.body);
  });
}

std::vector<Form> lathe::planeForms(const Semantics &kernel, const Group &group,
                                    const Target &target, const Rules &rules) {
  std::vector<Form> forms;
  bool several = false;
  const Expr *reduction = findReduction(*group.statement.value, several);
  if (!reduction || several || reduction->reduction != Reduction::Sum ||
      !reduction->type.isInteger() || !group.statement.conditions.empty())
    return forms;
  std::vector<ExprRef> factors = factorsOf(reduction->operands[0]);
  if (factors.size() != 2)
    return forms;
  for (const Rule &rule : rules.rules) {
    if (rule.kind != Rule::Kind::Contract || !rule.accumulates || rule.subtracts ||
        rule.body->type != reduction->type)
      continue;
    auto sources = sourcesOf(rule, target.intrinsics[rule.intrinsic]);
    for (int turn = 0; sources && turn < 2; ++turn) {
      PlaneBuilder builder(kernel, group, *reduction);
      if (auto form = builder.build(*sources, factors, rule, hasSubtraction(rules, rule)))
        forms.push_back(std::move(*form));
      std::reverse(factors.begin(), factors.end());
    }
  }
  return forms;
}

std::optional<int64_t>
lathe::valueAt(const Expr &expr, llvm::ArrayRef<int64_t> loops,
               llvm::function_ref<std::optional<int64_t>(const Expr &load)> loadValue) {
  if (expr.op == Op::Load)
    return loadValue ? loadValue(expr) : std::nullopt;
  if (expr.op == Op::Constant)
    return expr.integer;
  if (expr.op == Op::Loop)
    return expr.id < loops.size() ? std::optional(loops[expr.id]) : std::nullopt;
  std::vector<int64_t> of;
  for (const ExprRef &operand : expr.operands) {
    auto value = valueAt(*operand, loops, loadValue);
    if (!value)
      return std::nullopt;
    of.push_back(*value);
  }
  auto wrapped = [&](uint64_t value) {
    bool isNumber = expr.type.isInteger() && !expr.type.isIndex();
    auto number = static_cast<int64_t>(value);
    return isNumber ? wrapInteger(number, expr.type) : number;
  };
  auto bits = [&](size_t i) { return static_cast<uint64_t>(of[i]); };
  switch (expr.op) {
  case Op::Convert:
    return wrapped(bits(0));
  case Op::Add:
    return wrapped(bits(0) + bits(1));
  case Op::Sub:
    return wrapped(bits(0) - bits(1));
  case Op::Mul:
    return wrapped(bits(0) * bits(1));
  case Op::Shl:
    return wrapped(of[1] < 0 || of[1] > 63 ? 0 : bits(0) << of[1]);
  case Op::Bit:
    return of[1] < 0 || of[1] > 63 ? 0 : bits(0) >> of[1] & 1;
  case Op::Select:
    return of[0] ? of[1] : of[2];
  case Op::Equal:
    return of[0] == of[1];
  case Op::Less:
    return of[0] < of[1];
  default:
    return std::nullopt;
  }
}

std::pair<ExprRef, ExprRef> lathe::withoutCoefficient(const ExprRef &expr) {
  std::vector<ExprRef> reading, others;
  for (const ExprRef &factor : factorsOf(expr))
    (hasLoad(*factor) ? reading : others).push_back(factor);
  if (others.empty() || reading.empty())
    return {expr, nullptr};
  return {productOf(reading), productOf(others)};
}
