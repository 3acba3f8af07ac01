#include "tests/random/Reduce.h"

#include "core/semantics/Parser.h"
#include "simulators/reference/Reference.h"
#include "tests/random/RandomBlock.h"
#include "tests/unit/DescribedTarget.h"

using namespace lathe;
using namespace lathe::test;

namespace {

/// A compiler that takes every argmax for an argmin.
ExprRef wrong(const ExprRef &expr) {
  auto copy = std::make_shared<Expr>(*expr);
  if (copy->op == Op::Reduce && copy->reduction == Reduction::ArgMax)
    copy->reduction = Reduction::ArgMin;
  for (ExprRef &operand : copy->operands)
    operand = wrong(operand);
  return copy;
}

/// True when the wrong compiler shows in the results.
bool fails(const std::string &text) {
  auto sized = readSized(text);
  REQUIRE(sized);
  auto kernel = bindSized(*sized);
  REQUIRE(kernel);
  Semantics other = *kernel;
  for (Statement &statement : other.statements)
    statement.value = wrong(statement.value);
  Arrays expected = cornerInputs(*kernel, 3), got = expected;
  if (interpret(*kernel, expected) || interpret(other, got))
    return false;
  return llvm::any_of(kernel->tensors, [&](const Tensor &tensor) {
    return tensor.role == Role::Output &&
           expected.at(tensor.name).bytes != got.at(tensor.name).bytes;
  });
}

} // namespace

TEST_CASE("reduce: what has nothing to do with the failure goes") {
  std::string text = "// sizes: A=9 B=7\n"
                     "kernel f(x: i8[A,B], w: i8[B,B], c: i32[A]) -> (y: i32[A], z: i32[A,B]) {\n"
                     "  t[i,j] = sum(k) i32(x[i,k]) * i32(w[k,j])\n"
                     "  u[i,j] = max(t[i,j] + 3, 0)\n"
                     "  z[i,j] = u[i,j] * 2\n"
                     "  p[i] = argmax(j) (u[i,j] + t[i,j])\n"
                     "  y[i] = p[i] * 5 + c[i]\n"
                     "}\n";
  REQUIRE(fails(text));
  std::string reduced = reduceKernel(text, fails);
  CHECK(fails(reduced));
  auto sized = readSized(reduced);
  REQUIRE(sized);
  CHECK(sized->kernel.statements.size() == 1);
  CHECK(sized->kernel.tensors.size() == 2);
  for (const auto &[name, value] : sized->sizes)
    CHECK(value <= 2);
  // A row of one element has one position: two are the least that can differ.
  CHECK_MESSAGE(print(sized->kernel.statements[0], sized->kernel).find("argmax(j)") !=
                    std::string::npos,
                reduced);
}

TEST_CASE("reduce: a kernel without a failure is left as it is") {
  std::string text = "// sizes: A=3\nkernel f(x: i8[A]) -> y: i8[A] {\n  y[i] = x[i]\n}\n";
  CHECK(reduceKernel(text, [](const std::string &) { return false; }) == text);
}

TEST_CASE("random blocks: every text parses, binds and runs, and comes back from its seed") {
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    std::string text = randomBlock(seed, 6, {.dim = 4, .largest = 6, .mostWork = 2000});
    CHECK(text == randomBlock(seed, 6, {.dim = 4, .largest = 6, .mostWork = 2000}));
    auto sized = readSized(text);
    REQUIRE_MESSAGE(sized, text);
    auto kernel = bindSized(*sized);
    REQUIRE_MESSAGE(kernel, text);
    CHECK(kernel->statements.size() >= 5);
    CHECK(print(readSized(printSized(*sized))->kernel) == print(sized->kernel));
  }
}
