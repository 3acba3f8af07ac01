// How to read the semantics: the part of the index notation that this target's instructions use.
#include "sdk/manual/Chapters.h"

#include <set>

using namespace lathe;
using namespace lathe::manual;

namespace {
struct Meaning {
  Op op;
  const char *form, *meaning;
};
} // namespace

static constexpr Meaning kMeanings[] = {
    {Op::Convert, "i32(x)",
     "conversion; an integer keeps its low bits, a float rounds to nearest even"},
    {Op::Saturate, "sat_i8(x)", "conversion to the nearest value that the type holds"},
    {Op::Add, "a + b", "sum; integers wrap at their width"},
    {Op::Sub, "a - b", "difference; integers wrap at their width"},
    {Op::Mul, "a * b", "product; integers wrap at their width"},
    {Op::Div, "a / b", "quotient; of integers rounded down"},
    {Op::Mod, "a % b", "remainder of the division that rounds down"},
    {Op::Neg, "-a", "negation"},
    {Op::Abs, "abs(a)", "absolute value"},
    {Op::Min, "min(a, b)", "the smaller one"},
    {Op::Max, "max(a, b)", "the larger one"},
    {Op::Clamp, "clamp(x, low, high)", "min(max(x, low), high)"},
    {Op::And, "a & b", "bits set in both"},
    {Op::Or, "a | b", "bits set in either"},
    {Op::Xor, "a ^ b", "bits set in one of the two"},
    {Op::Not, "~a", "all bits inverted"},
    {Op::Shl, "a << s", "bits moved up, zeros from below"},
    {Op::Shr, "a >> s", "bits moved down; the sign is kept"},
    {Op::RoundShift, "round_shift(x, s)",
     "(x + (1 << (s-1))) >> s: a shift that rounds half up; x for s = 0"},
    {Op::Bit, "bit(x, p)", "bit p of the two's complement"},
    {Op::Popcount, "popcount(x)", "number of bits that are set"},
    {Op::Less, "a < b", "1 when it holds, else 0"},
    {Op::LessEqual, "a <= b", "1 when it holds, else 0"},
    {Op::Equal, "a == b", "1 when it holds, else 0"},
    {Op::NotEqual, "a != b", "1 when it holds, else 0"},
    {Op::Select, "select(c, a, b)",
     "a where the condition c holds, else b; the other one is not read"},
    {Op::Lut, "lut(t, i)", "element i of table t"},
    {Op::Exp, "exp(x)", "exponential"},
    {Op::Log, "log(x)", "natural logarithm"},
    {Op::Sqrt, "sqrt(x)", "square root"},
    {Op::Rsqrt, "rsqrt(x)", "1 / sqrt(x)"},
    {Op::Tanh, "tanh(x)", "hyperbolic tangent"},
    {Op::Erf, "erf(x)", "error function"},
    {Op::Recip, "recip(x)", "1 / x"},
    {Op::Floor, "floor(x)", "rounded down"},
    {Op::RoundEven, "round_even(x)", "rounded to the nearest whole number, ties to even"},
};

static constexpr std::pair<Reduction, const char *> kReductions[] = {
    {Reduction::Sum, "sum"},       {Reduction::Product, "prod"},  {Reduction::Max, "max"},
    {Reduction::Min, "min"},       {Reduction::Any, "any"},       {Reduction::All, "all"},
    {Reduction::ArgMax, "argmax"}, {Reduction::ArgMin, "argmin"},
};

namespace {
struct Used {
  std::set<Op> ops;
  std::set<Reduction> reductions;
  bool accumulates = false;
};
} // namespace

static void collect(const Expr &expr, Used &used) {
  used.ops.insert(expr.op);
  if (expr.op == Op::Reduce)
    used.reductions.insert(expr.reduction);
  for (const ExprRef &operand : expr.operands)
    collect(*operand, used);
}

static Used usedBy(const Target &target) {
  Used used;
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const Statement &statement : intrinsic.semantics.statements) {
      used.accumulates |= statement.assign != Assign::Set;
      collect(*statement.value, used);
      for (const ExprRef &condition : statement.conditions)
        collect(*condition, used);
    }
  return used;
}

void lathe::manual::addNotation(Blocks &out, const ManualInput &input) {
  Used used = usedBy(input.target);
  out.push_back(Heading{1, "notation", "How operations are written", ""});
  out.push_back(
      Paragraph{"What an instruction does is one or more statements over its operands, in index "
                "notation. `dst[i,j] = src[i,j]` holds for every `i` and `j` of the operand's "
                "shape. All operands are read before a result is written. `;` separates "
                "statements, which run one after the other."});
  Grid grid{"Forms that the instructions use", {"form", "meaning"}, {}};
  grid.rows.push_back({code("x[i,j] = e"), "each element of x becomes e"});
  if (used.accumulates)
    grid.rows.push_back(
        {code("x[i,j] += e"), "e is combined with what x holds (`+=`, `max=`, `min=`)"});
  for (const auto &[reduction, name] : kReductions)
    if (used.reductions.count(reduction))
      grid.rows.push_back({code(std::string(name) + "(k) e"), "over all k, in ascending order"});
  for (const Meaning &it : kMeanings)
    if (used.ops.count(it.op))
      grid.rows.push_back({code(it.form), plain(it.meaning)});
  out.push_back(std::move(grid));
  out.push_back(Paragraph{
      "Element types: `iN` and `uN` are integers of N bits with and without sign, in two's "
      "complement; `f32`, `f16` and `bf16` are IEEE floats, rounded to nearest even."});
}
