#include "core/mapping/Validate.h"

#include "core/mapping/Band.h"
#include "core/mapping/Padding.h"
#include "core/mapping/Planes.h"
#include "core/mapping/View.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;

namespace {

using Fault = std::optional<std::string>;

/// constant + sum of coefficient * kernel loop, dense in the loops.
struct Form {
  int64_t constant = 0;
  std::vector<int64_t> coefficients;

  explicit Form(size_t loops, int64_t constant = 0) : constant(constant), coefficients(loops) {}
  Form(const Affine &affine, size_t loops) : Form(loops, affine.constant) {
    for (auto [loop, coefficient] : affine.loops)
      coefficients[loop] = coefficient;
  }
  void add(int64_t factor, const Form &other) {
    constant += factor * other.constant;
    for (size_t l = 0; l < coefficients.size(); ++l)
      coefficients[l] += factor * other.coefficients[l];
  }
};

int64_t elementsOf(llvm::ArrayRef<int64_t> sizes) {
  int64_t n = 1;
  for (int64_t size : sizes)
    n *= size;
  return n;
}

class NestCheck {
public:
  NestCheck(const Semantics &kernel, const Statement &statement, const Nest &nest)
      : kernel(kernel), statement(statement), nest(nest), loops(statement.loops.size()) {}

  Fault run() {
    if (Fault fault = coverage())
      return fault;
    for (const StagedInput &input : nest.inputs)
      if (Fault fault = inputFault(input))
        return fault;
    auto access = accessOf(statement, kernel);
    if (!access)
      return "the result's subscripts are not affine";
    if (Fault fault = accessFault(nest.result, *access))
      return fault;
    return injectivity(*access);
  }

private:
  /// Every kernel loop of several iterations is in one nest loop, and a nest loop has as many
  /// iterations as its kernel loops together, counted in the order they are fused.
  Fault coverage() {
    std::vector<unsigned> seen(loops, 0);
    for (const NestLoop &loop : nest.loops) {
      Form value(loops);
      int64_t radix = 1;
      for (unsigned l : llvm::reverse(loop.kernelLoops)) {
        ++seen[l];
        value.coefficients[l] = radix;
        radix *= statement.loops[l].size;
        if (statement.loops[l].reduction != loop.reduction)
          return llvm::formatv("loop '{0}' changes its kind", statement.loops[l].name).str();
      }
      if (!isCut(loop) && radix != loop.extent)
        return llvm::formatv("a loop of {0} iterations walks {1} points", loop.extent, radix).str();
      values.push_back(std::move(value));
    }
    for (unsigned l = 0; l < loops; ++l)
      if (seen[l] > 1 || (seen[l] == 0 && statement.loops[l].size > 1))
        return llvm::formatv("loop '{0}' is walked {1} times", statement.loops[l].name, seen[l])
            .str();
    return std::nullopt;
  }

  /// Loops of nests that share one long row between them: checked by cutFault.
  bool isCut(const NestLoop &loop) const {
    return nest.firstLane &&
           (&loop == &nest.loops[nest.rowLoop] || &loop == &nest.loops[nest.laneLoop]);
  }

  Fault inputFault(const StagedInput &input) const {
    if (input.view.splat)
      return std::nullopt;
    auto access = input.source ? accessOf(*input.source, kernel) : std::nullopt;
    if (!access)
      return llvm::formatv("'{0}' stands for no element of the kernel", input.view.tensor).str();
    return accessFault(input.view, *access);
  }

  /// The address as the nest's loops move it, over the kernel's loops.
  Form addressOf(const HostView &view) const {
    Form address(loops, view.offset);
    for (const Coordinate &coordinate : view.coordinates)
      for (auto [loop, coefficient] : coordinate.terms)
        if (!(nest.firstLane && loop == nest.rowLoop)) // a cut row goes on where the lanes end
          address.add(coordinate.stride * coefficient, values[loop]);
    if (view.laneLoop)
      address.add(1, values[*view.laneLoop]);
    if (nest.firstLane)
      address.constant -= *nest.firstLane;
    return address;
  }

  Fault accessFault(const HostView &view, const TensorAccess &access) const {
    const Tensor &tensor = kernel.tensors[access.tensor];
    std::vector<Form> subscripts;
    for (const Affine &subscript : access.subscripts)
      subscripts.emplace_back(subscript, loops);
    if (Fault fault = cutFault(view))
      return fault;
    if (!view.packing)
      return digitsFault(addressOf(view), tensor.sizes, subscripts, tensor.name);
    const Semantics &copy = view.packing->semantics;
    bool isResult = copy.tensors[1].name == tensor.name;
    const Tensor &packed = copy.tensors[isResult ? 0 : 1];
    auto digits = digitsOf(addressOf(view), packed.sizes);
    if (!digits)
      return llvm::formatv("'{0}' is walked outside of its copy", tensor.name).str();
    return copyFault(copy, isResult, *digits, subscripts, tensor);
  }

  /// The address is that of the subscripts, and each subscript stays in its dimension.
  Fault digitsFault(const Form &address, llvm::ArrayRef<int64_t> sizes,
                    llvm::ArrayRef<Form> subscripts, llvm::StringRef name) const {
    Form expected(loops);
    int64_t stride = 1;
    for (size_t d = sizes.size(); d-- > 0; stride *= sizes[d]) {
      expected.add(stride, subscripts[d]);
      if (!inside(subscripts[d], sizes[d]))
        return llvm::formatv("dimension {0} of '{1}' is left", d, name).str();
    }
    if (!agree(address, expected))
      return llvm::formatv("'{0}' is not where its subscripts say", name).str();
    return std::nullopt;
  }

  /// Equal at every point: loops of one iteration do not matter.
  bool agree(const Form &a, const Form &b) const {
    if (a.constant != b.constant)
      return false;
    for (unsigned l = 0; l < loops; ++l)
      if (statement.loops[l].size > 1 && a.coefficients[l] != b.coefficients[l])
        return false;
    return true;
  }

  std::pair<int64_t, int64_t> rangeOf(const Form &form) const {
    int64_t low = form.constant, high = form.constant;
    for (unsigned l = 0; l < loops; ++l)
      (form.coefficients[l] < 0 ? low : high) +=
          form.coefficients[l] * (statement.loops[l].size - 1);
    return {low, high};
  }

  bool inside(const Form &form, int64_t size) const {
    auto [low, high] = rangeOf(form);
    return low >= 0 && high < size;
  }

  /// The row-major digits of an address, when each stays below its radix: then they are unique.
  std::optional<std::vector<Form>> digitsOf(const Form &address,
                                            llvm::ArrayRef<int64_t> sizes) const {
    std::vector<Form> digits;
    Form rest = address;
    int64_t stride = elementsOf(sizes);
    for (int64_t size : sizes) {
      stride /= size;
      Form digit(loops, rest.constant / stride);
      for (unsigned l = 0; l < loops; ++l)
        if (statement.loops[l].size > 1)
          digit.coefficients[l] = rest.coefficients[l] / stride;
      rest.add(-stride, digit);
      if (!inside(digit, size))
        return std::nullopt;
      digits.push_back(std::move(digit));
    }
    return agree(rest, Form(loops)) ? std::optional(std::move(digits)) : std::nullopt;
  }

  /// The copy puts at these digits the element that the kernel's subscripts name.
  Fault copyFault(const Semantics &copy, bool isResult, llvm::ArrayRef<Form> digits,
                  llvm::ArrayRef<Form> subscripts, const Tensor &tensor) const {
    const Statement &moves = copy.statements.front();
    std::vector<ExprRef> guards;
    const Expr *load = moves.value.get();
    for (; load->op == Op::Select; load = load->operands[1].get())
      guards.push_back(load->operands[0]);
    llvm::ArrayRef<ExprRef> plain = isResult ? moves.subscripts : load->operands;
    llvm::ArrayRef<ExprRef> own = isResult ? load->operands : moves.subscripts;
    std::vector<std::optional<Form>> loopValues(moves.loops.size());
    for (size_t d = 0; d < own.size(); ++d) {
      if (own[d]->op != Op::Loop)
        return llvm::formatv("the copy of '{0}' is not walked loop by loop", tensor.name).str();
      loopValues[own[d]->id] = digits[d];
    }
    for (size_t d = 0; d < plain.size(); ++d) {
      std::optional<Form> element = valueOf(*plain[d], loopValues);
      if (!element)
        return llvm::formatv("the copy of '{0}' is not affine", tensor.name).str();
      if (!agree(*element, subscripts[d]))
        return llvm::formatv("the copy of '{0}' takes other elements", tensor.name).str();
      if (!guarded(rangeOf(*element), plain[d], tensor.sizes[d], guards, copy))
        return llvm::formatv("the copy of '{0}' leaves dimension {1}", tensor.name, d).str();
    }
    return std::nullopt;
  }

  /// An index expression of a copy whose loops have these values, when it is affine in the kernel's
  /// loops at every point: quotients and remainders are where the remainder is seen to stay below
  /// the divisor.
  std::optional<Form> valueOf(const Expr &expr,
                              llvm::ArrayRef<std::optional<Form>> loopValues) const {
    if (expr.op == Op::Constant)
      return Form(loops, expr.integer);
    if (expr.op == Op::Loop)
      return loopValues[expr.id];
    if (expr.operands.size() != 2)
      return std::nullopt;
    auto a = valueOf(*expr.operands[0], loopValues), b = valueOf(*expr.operands[1], loopValues);
    if (!a || !b)
      return std::nullopt;
    switch (expr.op) {
    case Op::Add:
      a->add(1, *b);
      return a;
    case Op::Sub:
      a->add(-1, *b);
      return a;
    case Op::Mul:
      return isNumber(*a)   ? scaled(*b, a->constant)
             : isNumber(*b) ? scaled(*a, b->constant)
                            : std::nullopt;
    case Op::Div:
      return isNumber(*b) ? quotient(*a, b->constant) : std::nullopt;
    case Op::Mod:
      if (auto floor = isNumber(*b) ? quotient(*a, b->constant) : std::nullopt) {
        a->add(-b->constant, *floor);
        return a;
      }
      return std::nullopt;
    case Op::Min:
      return rangeOf(*a).second <= rangeOf(*b).first ? a : std::nullopt;
    default:
      return std::nullopt;
    }
  }

  bool isNumber(const Form &form) const { return agree(form, Form(loops, form.constant)); }

  std::optional<Form> scaled(const Form &form, int64_t factor) const {
    Form result(loops);
    result.add(factor, form);
    return result;
  }

  /// form / by, rounded down.
  std::optional<Form> quotient(const Form &form, int64_t by) const {
    if (by <= 0)
      return std::nullopt;
    Form result(loops, form.constant / by), rest = form;
    for (unsigned l = 0; l < loops; ++l)
      result.coefficients[l] = form.coefficients[l] / by;
    rest.add(-by, result);
    return inside(rest, by) ? std::optional(std::move(result)) : std::nullopt;
  }

  static bool guarded(std::pair<int64_t, int64_t> range, const ExprRef &subscript, int64_t size,
                      llvm::ArrayRef<ExprRef> guards, const Semantics &copy) {
    auto has = [&](Op op, unsigned side, int64_t bound) {
      return llvm::any_of(guards, [&](const ExprRef &guard) {
        auto limit = affineForm(*guard->operands[1 - side], copy);
        return guard->op == op && equal(*guard->operands[side], *subscript) && limit &&
               limit->loops.empty() && limit->constant == bound;
      });
    };
    return (range.first >= 0 || has(Op::LessEqual, 1, 0)) &&
           (range.second < size || has(Op::Less, 0, size));
  }

  /// A nest that takes a part of one long row: its rows follow each other without a gap.
  Fault cutFault(const HostView &view) const {
    if (!nest.firstLane)
      return std::nullopt;
    int64_t rows = nest.loops[nest.rowLoop].extent, lanes = nest.loops[nest.laneLoop].extent;
    for (const Coordinate &coordinate : view.coordinates)
      for (auto [loop, coefficient] : coordinate.terms)
        if (loop == nest.rowLoop && rows > 1 && coordinate.stride * coefficient != lanes)
          return llvm::formatv("rows of '{0}' do not follow each other", view.tensor).str();
    return std::nullopt;
  }

  /// Each parallel loop moves the result further than all that move it less can together.
  Fault injectivity(const TensorAccess &access) const {
    std::vector<std::pair<int64_t, int64_t>> moves; // by, iterations
    for (unsigned l = 0; l < loops; ++l)
      if (!statement.loops[l].reduction && statement.loops[l].size > 1)
        moves.push_back({std::abs(loopStride(access, l, kernel)), statement.loops[l].size});
    llvm::sort(moves);
    int64_t reach = 0;
    for (auto [by, times] : moves) {
      if (by <= reach)
        return "two points write the same element";
      reach += by * (times - 1);
    }
    return std::nullopt;
  }

  const Semantics &kernel;
  const Statement &statement;
  const Nest &nest;
  size_t loops;
  std::vector<Form> values; ///< of the nest's loops
};

/// Nests that share one long row take it whole, one after the other.
Fault partsFault(const Mapping &mapping) {
  int64_t next = 0, whole = 0;
  for (const Nest &nest : mapping.nests) {
    if (nest.firstLane != next)
      return "a part of the row is left out or done twice";
    next += nest.loops[nest.rowLoop].extent * nest.loops[nest.laneLoop].extent;
    whole = nest.lanesInAll;
  }
  return next == whole ? Fault() : "a part of the row is left out or done twice";
}

/// A copy's zeros behind the tensor's edge add nothing.
Fault guardFault(const Mapping &mapping, const Rules &rules, const Target &target) {
  for (const Nest &nest : mapping.nests)
    for (size_t i = 0; i < nest.inputs.size(); ++i) {
      const auto &packing = nest.inputs[i].view.packing;
      if (!packing || packing->semantics.statements.front().value->op != Op::Select)
        continue;
      if (!nest.contraction)
        return "elements outside of a tensor are read";
      const Rule &rule = rules.rules[*nest.contraction->accumulate];
      auto source = llvm::find(nest.contraction->inputs, i);
      if (source == nest.contraction->inputs.end())
        return "elements outside of a tensor are read";
      const RuleTile &tile = rule.sources[source - nest.contraction->inputs.begin()];
      unsigned tensor = target.intrinsics[rule.intrinsic].tiles[tile.operand].tensor;
      if (constantUnder(*rule.body, {{tensor, 0}}) != neutralOf(rule.reduction, rule.body->type))
        return "zeros outside of a tensor are not neutral";
    }
  return std::nullopt;
}

/// The blocks of a laid-out copy are rows of the space that they are moved to or from.
Fault blockFault(const Nest &nest, const Rules &rules, const Target &target) {
  auto differs = [&](const HostView &view, const Rule &rule, const RuleTile &onChip) {
    const TileOperand &tile = target.intrinsics[rule.intrinsic].tiles[onChip.operand];
    return view.encoding && view.encoding->lanes != target.spaces[tile.space].rowElements();
  };
  for (const StagedInput &input : nest.inputs)
    if (const Rule &load = rules.rules[input.load]; differs(input.view, load, load.destination))
      return llvm::formatv("blocks of '{0}' are no rows on chip", input.view.tensor).str();
  const Rule &store = rules.rules[nest.store.rule];
  if (nest.place == ResultPlace::Host && differs(nest.result, store, store.sources[0]))
    return llvm::formatv("blocks of '{0}' are no rows on chip", nest.result.tensor).str();
  return std::nullopt;
}

} // namespace

std::optional<std::string> lathe::mappingFault(const Semantics &kernel, const Group &group,
                                               const Mapping &mapping, const Rules &rules,
                                               const Target &target) {
  if (mapping.rest)
    return "it is not finished";
  if (mapping.band)
    if (Fault fault = bandFault(kernel, group, *mapping.band))
      return fault;
  for (const Nest &nest : mapping.nests) {
    if (Fault fault = NestCheck(kernel, mapping.mapped(group).statement, nest).run())
      return fault;
    if (Fault fault = paddingFault(nest, rules, target))
      return fault;
    if (Fault fault = blockFault(nest, rules, target))
      return fault;
    if (Fault fault = callsFault(kernel, mapping.mapped(group).statement, nest, rules, target))
      return fault;
  }
  if (mapping.nests.front().firstLane)
    if (Fault fault = partsFault(mapping))
      return fault;
  return guardFault(mapping, rules, target);
}
