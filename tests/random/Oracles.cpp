#include "tests/random/Oracles.h"

#include "core/Compiler.h"
#include "core/semantics/Parser.h"
#include "sdk/run/Execution.h"
#include "tests/random/Reduce.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>
#include <limits>
#include <random>

using namespace lathe;

// ---- data

static int64_t randomInteger(ElementType type, std::mt19937_64 &random) {
  static const int64_t corners[] = {-128, -127, -1, 0, 1, 126, 127};
  uint64_t draw = random();
  int64_t value = draw % 3 ? corners[draw / 3 % 7] : int64_t(random());
  if (type.bits > 8 && draw % 11 == 0)
    value = draw % 2 ? type.min() : type.max();
  if (type.bits <= 8 && draw % 3 == 0)
    value = static_cast<int8_t>(value);
  return type.bits >= 32 ? static_cast<int32_t>(value) : value;
}

static double randomReal(std::mt19937_64 &random) {
  static const double corners[] = {0.0, -0.0, 1, -1, 1e-40, 65504, 3e38, INFINITY, -INFINITY, NAN};
  uint64_t draw = random();
  if (draw % 16 == 0)
    return corners[draw / 16 % 10];
  return (double(random() >> 11) / double(1ull << 53) - 0.5) * (draw % 3 ? 8 : 1000);
}

static Array randomArray(const Tensor &tensor, uint64_t seed) {
  for (char letter : tensor.name)
    seed = seed * 0x100000001b3ull + uint8_t(letter);
  std::mt19937_64 random(seed);
  Array array = Array::zeros(tensor.type, tensor.sizes);
  for (int64_t i = 0; i < array.elements(); ++i)
    if (tensor.type.isFloat())
      array.setReal(i, randomReal(random));
    else
      array.setInteger(i, randomInteger(tensor.type, random));
  return array;
}

// ---- a compiler that is wrong on purpose

static ExprRef withArgMin(const ExprRef &expr) {
  auto copy = std::make_shared<Expr>(*expr);
  if (copy->op == Op::Reduce && copy->reduction == Reduction::ArgMax)
    copy->reduction = Reduction::ArgMin;
  for (ExprRef &operand : copy->operands)
    operand = withArgMin(operand);
  return copy;
}

static Semantics sabotaged(Semantics kernel, const std::string &how) {
  if (how == "argmax")
    for (Statement &statement : kernel.statements)
      statement.value = withArgMin(statement.value);
  return kernel;
}

namespace {

/// The steps of one check. Each fills the verdict's `why` and returns false when it fails.
class Run {
public:
  Run(const Target &target, Jit &jit, const OracleOptions &options, uint64_t seed)
      : target(target), jit(jit), options(options), seed(seed), diagnostics(sources) {}

  Verdict check(const std::string &text, bool onRtl) {
    if (read(text) && compileKernel() && evaluate() && onModel() && onRtl)
      this->onRtl();
    llvm::raw_string_ostream out(verdict.messages);
    print(out, diagnostics);
    return std::move(verdict);
  }

private:
  bool fail(std::string why) {
    verdict.why = std::move(why);
    return false;
  }

  bool read(const std::string &text) {
    auto kernels = parseKernels(sources.add("random.lathe", text), diagnostics);
    if (!kernels)
      return fail("does not parse");
    auto sized = readSized(text);
    std::vector<std::pair<std::string, int64_t>> sizes(sized->sizes.begin(), sized->sizes.end());
    kernel = lathe::bind(kernels->front(), sizes, {}, diagnostics);
    if (!kernel)
      return fail("does not bind");
    for (const Tensor &tensor : kernel->tensors)
      if (tensor.role == Role::Input)
        inputs[tensor.name] = randomArray(tensor, seed);
    return true;
  }

  bool compileKernel() {
    CompileOptions choice;
    if (options.choosesMapping && seed % 4 == 0)
      choice.only = seed / 4;
    compiled = compile(options.sabotage.empty() ? *kernel : sabotaged(*kernel, options.sabotage),
                       target, choice, diagnostics);
    if (!compiled)
      return fail("does not compile");
    if (options.prints)
      llvm::outs() << printProgram(compiled->program, target);
    for (const Placement &placement : compiled->placements) {
      verdict.mapped |= placement.onTarget;
      verdict.chained |= placement.chain.has_value();
      for (const Refusal &refusal : placement.refusals)
        if (llvm::StringRef(refusal.reason).starts_with("not proved"))
          return fail("mapping: " + refusal.reason);
    }
    return true;
  }

  bool evaluate() {
    auto outputs = runReference(*kernel, inputs, jit, diagnostics);
    if (!outputs)
      return fail("the reference fails");
    expected = std::move(*outputs);
    return true;
  }

  Task task() const { return {&*kernel, compiled->program, target, inputs}; }

  bool onModel() {
    if (options.comparesCycles)
      return true;
    auto model = runOnModel(task(), jit, diagnostics);
    if (!model)
      return fail("the functional simulator fails");
    Check check = compareWithReference(task(), expected, model->outputs, nullptr, jit);
    return check.equal || fail("functional: " + check.detail);
  }

  bool onRtl() {
    RtlRunOptions rtl;
    rtl.cache.directory = options.cache;
    auto outcome = runOnRtl(compiled->program, target, inputs, jit, rtl, diagnostics);
    if (!outcome)
      return fail("the RTL fails");
    Check check = compareWithReference(task(), expected, outcome->outputs, &rtl, jit);
    if (!check.equal)
      return fail("rtl: " + check.detail);
    return !options.comparesCycles || outcome->workCycles == 0 || cyclesAgree(*outcome);
  }

  bool cyclesAgree(const RtlOutcome &outcome) {
    double error = double(compiled->predictedCycles) / double(outcome.workCycles) - 1;
    llvm::outs() << llvm::formatv("seed {0}: predicted {1}, measured {2}, {3:P1}\n", seed,
                                  compiled->predictedCycles, outcome.workCycles, error);
    verdict.cycleError = std::abs(error);
    return verdict.cycleError <= 0.10 || fail("predicted cycles are off by more than 10 %");
  }

  const Target &target;
  Jit &jit;
  const OracleOptions &options;
  uint64_t seed;
  Sources sources;
  Diagnostics diagnostics;
  std::optional<Semantics> kernel;
  Arrays inputs, expected;
  std::optional<Compilation> compiled;
  Verdict verdict;
};

} // namespace

Verdict Oracles::check(uint64_t seed, const std::string &text, bool onRtl) const {
  return Run(target, jit, options, seed).check(text, onRtl);
}
