// Random well-typed expressions: the printer, the interpreter and the compiled code agree on them.
#include "core/semantics/Interpreter.h"
#include "core/semantics/Interval.h"
#include "core/semantics/Jit.h"
#include "simulators/reference/Reference.h"
#include "tests/unit/NotationTools.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace lathe;
using lathe::test::Notation;

namespace {

const char *const kIntegers[] = {"i8", "u8", "i32", "u32", "i5", "u13", "i64", "u64", "i16"};
const char *const kFloats[] = {"f32", "bf16", "f16"};

/// Writes expressions over x_TYPE[N] in the loop i.
class Writer {
public:
  explicit Writer(unsigned seed) : random(seed) {}

  std::string pick(llvm::ArrayRef<const char *> from) { return from[random() % from.size()]; }
  std::string integerType() { return pick(kIntegers); }
  std::string floatType() { return pick(kFloats); }

  std::string integer(const std::string &type, int depth) {
    if (depth == 0)
      return leaf(type);
    auto a = [&] { return "(" + integer(type, depth - 1) + ")"; };
    switch (random() % 16) {
    case 0:
      return a() + pick({" + ", " - ", " * "}) + a();
    case 1:
      return a() + pick({" / ", " % "}) + "max(" + a() + ", 1)";
    case 2:
      return a() + pick({" & ", " | ", " ^ "}) + a();
    case 3:
      return a() + pick({" << ", " >> "}) + "x_" + integerType() + "[i]";
    case 4:
      return "round_shift(" + a() + ", " + pick({"x_u8[i]", "x_i8[i]", "3", "1"}) + ")";
    case 5:
      return pick({"-", "~"}) + a();
    case 6:
      return pick({"abs(", "popcount("}) + a() + ")";
    case 7:
      return pick({"min(", "max("}) + a() + ", " + a() + ")";
    case 8:
      return "clamp(" + a() + ", " + a() + ", " + a() + ")";
    case 9:
      return "select(" + condition(depth - 1) + ", " + a() + ", " + a() + ")";
    case 10:
    case 11:
      return pick({"wrap_", "sat_"}) + type + "(" + integer(integerType(), depth - 1) + ")";
    case 12:
      return "sat_" + type + "(" + real(floatType(), depth - 1) + ")";
    case 13:
      return "wrap_" + type + "(bit(" + integer(integerType(), depth - 1) + ", " +
             std::to_string(random() % 5) + "))";
    case 14:
      return reduction(type);
    default:
      return "wrap_" + type + "(i * 3 - 4)";
    }
  }

  std::string real(const std::string &type, int depth) {
    if (depth == 0)
      return random() % 3 ? "x_" + type + "[i]"
                          : type + "(" + std::to_string(random() % 9) + ".25)";
    auto a = [&] { return "(" + real(type, depth - 1) + ")"; };
    switch (random() % 9) {
    case 0:
    case 1:
      return a() + pick({" + ", " - ", " * ", " / "}) + a();
    case 2:
      return pick({"-", "abs"}) + a();
    case 3:
      return pick({"min(", "max("}) + a() + ", " + a() + ")";
    case 4:
      return pick({"floor", "round_even", "recip"}) + a();
    case 5:
      return "sqrt(abs(" + a() + "))";
    case 6:
      return "select(" + condition(depth - 1) + ", " + a() + ", " + a() + ")";
    case 7:
      return type + "(" + integer(integerType(), depth - 1) + ")";
    default:
      return type + "(" + real(floatType(), depth - 1) + ")";
    }
  }

private:
  std::string leaf(const std::string &type) {
    if (random() % 4)
      return "x_" + type + "[i]";
    return type + "(" + std::to_string(random() % 16) + ")";
  }

  std::string condition(int depth) {
    std::string type = integerType();
    std::string simple = "(" + integer(type, std::max(depth, 0)) + ")" +
                         pick({" < ", " <= ", " > ", " >= ", " == ", " != "}) + "x_" + type + "[i]";
    if (random() % 3 || depth <= 0)
      return simple;
    return pick({"not ", ""}) + "(" + simple + pick({" and ", " or "}) + condition(depth - 1) + ")";
  }

  std::string reduction(const std::string &type) {
    std::string where = random() % 2 ? " where x_" + type + "[k] <= x_" + type + "[i]" : "";
    if (random() % 4 == 0)
      return "wrap_" + type + pick({"(argmax(k", "(argmin(k"}) + where + ") x_" + type + "[k])";
    return "(" + pick({"sum(k", "prod(k", "max(k", "min(k"}) + where + ") x_" + type + "[k])";
  }

  std::mt19937 random;
};

constexpr int64_t kExtent = 19;

Array randomArray(ElementType type, std::mt19937_64 &random) {
  Array array = Array::zeros(type, {kExtent});
  for (int64_t i = 0; i < kExtent; ++i) {
    int64_t corners[] = {type.min(), type.max(), 0, 1, -1};
    if (type.isFloat())
      array.setReal(i,
                    std::ldexp(double(int64_t(random() % 4096) - 2048), int(random() % 16) - 12));
    else
      array.setInteger(i, random() % 2 ? corners[random() % 5] : int64_t(random()));
  }
  return array;
}

bool sameValue(const Array &a, const Array &b, int64_t i) {
  if (!a.type.isFloat())
    return a.integerAt(i) == b.integerAt(i);
  double x = a.realAt(i), y = b.realAt(i);
  return (std::isnan(x) && std::isnan(y)) || (x == y && std::signbit(x) == std::signbit(y));
}

} // namespace

TEST_CASE("notation: random expressions print, run and compile to the same values") {
  auto jit = llvm::cantFail(Jit::create(""));
  std::mt19937_64 data(11);
  for (unsigned seed = 0; seed < 40; ++seed) {
    Writer writer(seed);
    std::string parameters, results, body;
    for (const char *type : kIntegers)
      parameters += std::string(parameters.empty() ? "" : ", ") + "x_" + type + ": " + type + "[N]";
    for (const char *type : kFloats)
      parameters += std::string(", x_") + type + ": " + type + "[N]";
    for (int statement = 0; statement < 6; ++statement) {
      bool isReal = statement >= 4;
      std::string type = isReal ? writer.floatType() : writer.integerType();
      std::string name = "y" + std::to_string(statement);
      results += (statement ? ", " : "") + name + ": " + type + "[N]";
      body +=
          "  " + name + "[i] = " + (isReal ? writer.real(type, 3) : writer.integer(type, 3)) + "\n";
    }
    std::string text = "kernel f(" + parameters + ") -> (" + results + ") {\n" + body + "}\n";
    INFO(text);
    Notation notation;
    auto kernels = notation.parse(text);
    INFO(notation.shown());
    REQUIRE(kernels);
    std::string printed = print(kernels->front());
    auto again = notation.parse(printed);
    INFO(printed);
    INFO(notation.shown());
    REQUIRE(again);
    CHECK(equal(kernels->front(), again->front()));
    auto kernel = lathe::bind(kernels->front(), {{"N", kExtent}}, {}, notation.diagnostics);
    REQUIRE(kernel);
    Arrays slow;
    for (const Tensor &tensor : kernel->tensors)
      if (tensor.role == Role::Input)
        slow[tensor.name] = randomArray(tensor.type, data);
    Arrays fast = slow;
    REQUIRE(interpret(*kernel, slow).value_or("") == "");
    REQUIRE(evaluate(*kernel, fast, *jit).value_or("") == "");
    for (const Statement &statement : kernel->statements) {
      const Tensor &tensor = kernel->tensors[statement.tensor];
      Interval range = valueRange(*statement.value, statement, *kernel);
      Interval whole = typeRange(tensor.type);
      bool wraps = range.low < whole.low || range.high > whole.high;
      INFO(tensor.name);
      for (int64_t i = 0; i < kExtent; ++i) {
        const Array &array = slow[tensor.name];
        INFO(i << ": " << array.integerAt(i) << ", compiled " << fast[tensor.name].integerAt(i));
        CHECK(sameValue(array, fast[tensor.name], i));
        bool isFullUnsigned = tensor.type == ElementType::integer(64, false);
        if (tensor.type.isFloat() || wraps || isFullUnsigned)
          continue;
        llvm::DynamicAPInt value(array.integerAt(i));
        CHECK(value >= range.low);
        CHECK(value <= range.high);
      }
    }
  }
}
