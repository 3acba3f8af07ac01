#include "core/mapping/Reason.h"

#include "core/semantics/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::formatv;

namespace {

/// Words for one mismatch.
class Teller {
public:
  Teller(const Mismatch &mismatch, const Intrinsic &intrinsic, const Semantics &kernel,
         const Statement &statement)
      : mismatch(mismatch), pattern(*mismatch.pattern), expr(*mismatch.expr), intrinsic(intrinsic),
        kernel(kernel), statement(statement) {}

  Reason tell() const {
    switch (mismatch.kind) {
    case Mismatch::Kind::Operation:
      return operation();
    case Mismatch::Kind::ResultType:
      return resultType();
    case Mismatch::Kind::ElementType:
      return elementType(pattern);
    case Mismatch::Kind::Twice:
      return {formatv("'{0}' would be two things, one of them '{1}'", operandName(), ours()), ""};
    case Mismatch::Kind::NotANumber:
      return {formatv("'{0}' is a number in the instruction; '{1}' is known only when the kernel "
                      "runs",
                      operandName(), ours()),
              "write the number into the kernel"};
    case Mismatch::Kind::Range:
      return {formatv("'{0}' holds {1} to {2}; the kernel has {3}", operandName(),
                      pattern.type.min(), pattern.type.max(), expr.integer),
              ""};
    case Mismatch::Kind::Number:
      return {formatv("it has the number {0} where the kernel has '{1}'", theirs(), ours()), ""};
    default:
      return {formatv("it computes '{0}', the kernel '{1}'", theirs(), ours()), ""};
    }
  }

private:
  std::string ours() const { return print(expr, statement, kernel); }
  std::string theirs() const {
    return print(pattern, intrinsic.semantics.statements[0], intrinsic.semantics);
  }
  const std::string &operandName() const { return intrinsic.semantics.tensors[pattern.id].name; }

  /// The tile that `pattern` reads, when it does nothing else but convert it.
  const Expr *tile() const {
    const Expr *leaf = pattern.op == Op::Convert ? pattern.operands[0].get() : &pattern;
    return leaf->op == Op::Load && intrinsic.tileOfTensor(leaf->id) ? leaf : nullptr;
  }

  Reason operation() const {
    const Expr *leaf = tile();
    if (leaf && expr.op == Op::Load)
      return elementType(*leaf);
    if (leaf)
      return computedOperand(*intrinsic.tileOfTensor(leaf->id), expr, kernel, statement);
    return {formatv("it computes '{0}' where the kernel has '{1}'", theirs(), ours()), ""};
  }

  Reason elementType(const Expr &leaf) const {
    std::string wanted = name(leaf.type);
    Reason reason{formatv("operand '{0}' is {1}; '{2}' is {3}",
                          intrinsic.semantics.tensors[leaf.id].name, wanted, ours(),
                          name(expr.type)),
                  ""};
    if (expr.op == Op::Load && expr.type.isInteger() && leaf.type.isInteger())
      reason.help = formatv("make '{0}' {1} if its values are {2} to {3}",
                            kernel.tensors[expr.id].name, wanted, leaf.type.min(), leaf.type.max());
    return reason;
  }

  Reason resultType() const {
    std::string wanted = name(pattern.type);
    Reason reason{formatv("it computes '{0}' in {1}; the kernel computes '{2}' in {3}", theirs(),
                          wanted, ours(), name(expr.type)),
                  ""};
    if (expr.type.isInteger() && pattern.type.isInteger())
      reason.help =
          formatv("compute it in {0}, and convert the result to {1}", wanted, name(expr.type));
    return reason;
  }

  const Mismatch &mismatch;
  const Expr &pattern, &expr;
  const Intrinsic &intrinsic;
  const Semantics &kernel;
  const Statement &statement;
};

bool readsTensor(const Expr &expr) {
  return expr.op == Op::Load ||
         llvm::any_of(expr.operands, [](const ExprRef &operand) { return readsTensor(*operand); });
}

} // namespace

Reason lathe::whyNot(const Mismatch &mismatch, const Intrinsic &intrinsic, const Semantics &kernel,
                     const Statement &statement) {
  if (mismatch.kind == Mismatch::Kind::None)
    return {"it computes something else", ""};
  return Teller(mismatch, intrinsic, kernel, statement).tell();
}

Reason lathe::otherReduction(Reduction wanted, const Expr &reduction, const Statement &statement) {
  std::string loops;
  for (unsigned loop : reduction.loops)
    loops += (loops.empty() ? "" : ", ") + statement.loops[loop].name;
  return {formatv("it reduces by '{0}'; the kernel reduces by '{1}' over {2}", spelling(wanted),
                  spelling(reduction.reduction), loops),
          ""};
}

Reason lathe::notAffine(const Expr &load, const Semantics &kernel, const Statement &statement) {
  std::string text = print(load, statement, kernel);
  for (const ExprRef &subscript : load.operands)
    if (readsTensor(*subscript))
      return {formatv("'{0}' is a gather: '{1}' is known only when the kernel runs", text,
                      print(*subscript, statement, kernel)),
              formatv("copy '{0}' to a temporary in a statement of its own, which runs on the host",
                      text)};
  return {
      formatv("a subscript of '{0}' is not a sum of loops times constants", text),
      formatv("copy '{0}' to a temporary in a statement of its own, which runs on the host", text)};
}

Reason lathe::computedOperand(const TileOperand &operand, const Expr &expr, const Semantics &kernel,
                              const Statement &statement) {
  std::string text = print(expr, statement, kernel);
  return {formatv("operand '{0}' is read from memory; '{1}' is computed", operand.name, text),
          formatv("give '{0}' a statement of its own, with an {1} result if its values fit", text,
                  name(operand.element))};
}

Reason lathe::notABound(const Expr &condition, const Semantics &kernel,
                        const Statement &statement) {
  return {formatv("'{0}' restricts the reduction and is not the border of an operand",
                  print(condition, statement, kernel)),
          ""};
}

Reason lathe::restricted(const Semantics &kernel, const Statement &statement) {
  std::string text;
  for (const ExprRef &condition : statement.conditions)
    text += (text.empty() ? "" : ", ") + print(*condition, statement, kernel);
  return {formatv("only elements where '{0}' are computed", text),
          "compute all elements in a temporary, and restrict a statement that copies them"};
}
