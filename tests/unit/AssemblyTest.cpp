// The assembly language: what is written by hand, and that what is printed reads back.
#include "core/program/Assembly.h"
#include "core/semantics/Parser.h"
#include "tests/unit/DescribedTarget.h"
#include "tests/unit/ProgramFixture.h"

#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {
struct Text {
  Sources sources;
  Diagnostics diagnostics{sources};

  std::optional<Assembled> assemble(llvm::StringRef text, const AssembleOptions &options = {},
                                    const Target &target = smallTarget()) {
    return lathe::assemble(sources.add("p.lasm", text), target, options, diagnostics);
  }
  std::string shown() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    print(out, diagnostics);
    return text;
  }
};

constexpr const char *kHead = "program k\n"
                              "input x: i8[16,16]\n"
                              "output y: i8[3]\n";

/// The lines of the only step, as printed.
std::string lines(llvm::StringRef body, const AssembleOptions &options = {}) {
  Text text;
  auto assembled = text.assemble(kHead + body.str(), options);
  REQUIRE_MESSAGE(assembled, text.shown());
  std::string all = printProgram(assembled->program, smallTarget());
  size_t begin = all.find("{\n") + 2;
  return all.substr(begin, all.rfind("}\n") - begin);
}

/// The value of `expression`.
std::string value(llvm::StringRef expression) {
  return lines("let n = 5\ndevice {\nSET value=" + expression.str() + "\n}\n");
}
} // namespace

TEST_CASE("assembly: symbols are placed one after the other, each at a multiple of 64 bytes") {
  Text text;
  auto assembled = text.assemble(std::string(kHead) + "constant c: i16[2,2] = 1, -2, 3, 4\n"
                                                      "constant d: u8[3] = 7\n");
  REQUIRE_MESSAGE(assembled, text.shown());
  const Program &program = assembled->program;
  CHECK(program.target == "toy@small");
  CHECK(program.find("x")->address == 0);
  CHECK(program.find("y")->address == 256);
  CHECK(program.find("c")->address == 320);
  CHECK(program.find("c")->data == std::vector<uint8_t>{1, 0, 0xfe, 0xff, 3, 0, 4, 0});
  CHECK(program.find("d")->data == std::vector<uint8_t>{7, 7, 7});
  CHECK(program.imageBytes == 448);
}

TEST_CASE("assembly: expressions are those of the notation, in 64-bit numbers") {
  auto is = [](llvm::StringRef expression, int64_t number) {
    CHECK_MESSAGE(value(expression) == "  SET value=" + std::to_string(number) + "\n",
                  expression.str());
  };
  is("2 + 3 * 4", 14);
  is("(2 + 3) * 4", 20);
  is("-7 / 2", -4);
  is("-7 % 2", 1);
  is("7 / -2", -4);
  is("1 << 3 + 1", 16);
  is("-16 >> 2", -4);
  is("6 & 3 | 8 ^ 9", 3);
  is("~n", -6);
  is("-n - -n", 0);
  is("10-n-2", 3);
  is("min(n, 3, 4) + max(1, n)", 8);
  is("n == 5 and not n < 5 or 0", 1);
  is("1 == 1 & 1", 1); // & binds looser, as in the notation: (1 == 1) & 1
  is("0x10", 16);
  is("x[1,2]", 18);
  is("x[1]", 16);
  is("y[2] - y", 2);
  is("y", 256);
}

TEST_CASE("assembly: loops are unrolled, conditions decided, constants end with their block") {
  CHECK(lines("device {\n"
              "  for r in 0..16 step 6 {\n"
              "    let rows = min(6, 16 - r)\n"
              "    if r == 0 {\n"
              "      COPY src=x[r,0] dst=r rows=rows\n"
              "    } else if rows == 6 {\n"
              "      SET value=r\n"
              "    } else {\n"
              "      for c in 0..2 { // inside\n"
              "        COPY src=x[r,c] dst=8*c rows=rows\n"
              "      }\n"
              "    }\n"
              "  }\n"
              "  for none in 4..4 {\n"
              "    SET value=none\n"
              "  }\n"
              "  let rows = 1\n"
              "  SET value=rows\n"
              "}\n") == "  COPY src=x dst=0 rows=6\n"
                        "  SET value=6\n"
                        "  COPY src=x+0xc0 dst=0 rows=4\n"
                        "  COPY src=x+0xc1 dst=8 rows=4\n"
                        "  SET value=1\n");
}

TEST_CASE("assembly: a label in a loop has the numbers of the passes") {
  Text text;
  auto assembled = text.assemble(std::string(kHead) + "device {\n"
                                                      "begin:\n"
                                                      "  for r in 4..8 step 2 {\n"
                                                      "    for c in 0..2 {\n"
                                                      "tile: SET value=r\n"
                                                      "    }\n"
                                                      "  }\n"
                                                      "end:\n"
                                                      "}\n");
  REQUIRE_MESSAGE(assembled, text.shown());
  const ProgramStep &step = assembled->program.steps.front();
  std::string labels;
  for (const Label &label : step.labels)
    labels += label.name + " " + std::to_string(label.at) + " ";
  CHECK(labels == "begin 0 tile.0.0 0 tile.0.1 1 tile.1.0 2 tile.1.1 3 end 4 ");
  CHECK(placeText(step, 2) == "instruction 2, at 'tile.1.0'");
  CHECK(placeText(ProgramStep(), 2) == "instruction 2");
  ProgramStep later = step;
  later.labels.resize(2);
  CHECK(placeText(later, 3) == "instruction 3, 3 after 'tile.0.0'");

  std::string printed = printProgram(assembled->program, smallTarget());
  auto fromFile = deserialize(serialize(assembled->program, smallTarget()), "p.lprog",
                              smallTarget(), text.diagnostics);
  REQUIRE(fromFile);
  CHECK(printProgram(*fromFile, smallTarget()) == printed);
  auto again = text.assemble(printed);
  REQUIRE_MESSAGE(again, text.shown());
  CHECK(printProgram(again->program, smallTarget()) == printed);
}

TEST_CASE("assembly: sizes come from outside, or are the text's") {
  std::string body = "size M = 3\nrequire M % 2 == 1\ndevice {\nSET value=M\n}\n";
  CHECK(lines(body) == "  SET value=3\n");
  CHECK(lines(body, {.sizes = {{"M", 5}}}) == "  SET value=5\n");
  Text odd;
  CHECK_FALSE(odd.assemble(kHead + body, {.sizes = {{"M", 4}}}));
  CHECK(odd.diagnostics.all().front().code() == "L0770");
  Text unknown;
  CHECK_FALSE(unknown.assemble(kHead + body, {.sizes = {{"N", 4}}}));
  CHECK(unknown.diagnostics.all().front().code() == "L0601");
}

TEST_CASE("assembly: the tensors of a kernel are symbols, bound by the text's sizes") {
  Text text;
  AssembleOptions options;
  options.sizes = {{"N", 4}};
  options.kernel = [&](llvm::StringRef path, llvm::StringRef name, llvm::SMLoc) {
    CHECK(path == "k.lathe");
    CHECK(name == "twice");
    auto kernels = parseKernels(
        text.sources.add("k.lathe", "kernel twice(a: i8[N]) -> b: i8[2*N] { b[i] = a[i/2] }"),
        text.diagnostics);
    return std::optional(kernels->front());
  };
  const char *program = "program k for toy\nsize N = 9\nsize T = 2\nkernel \"k.lathe\" twice\n"
                        "device {\nCOPY src=b[2*N-1] dst=T rows=1\n}\n";
  auto assembled = text.assemble(program, options);
  REQUIRE_MESSAGE(assembled, text.shown());
  CHECK(assembled->kernel->bound);
  CHECK(assembled->program.find("a")->sizes == std::vector<int64_t>{4});
  CHECK(assembled->program.find("b")->sizes == std::vector<int64_t>{8});
  CHECK(assembled->program.steps[0].instructions.values(0).equals({64 + 7, 2, 1}));
  Text without;
  CHECK_FALSE(without.assemble(program));
  CHECK(without.diagnostics.all().front().code() == "L0772");
}

TEST_CASE("assembly: operands that have a default may be left out") {
  Target target = smallTarget();
  target.intrinsics[0].arguments[2].defaultValue = 16;
  Text text;
  auto assembled =
      text.assemble(std::string(kHead) + "device {\nCOPY src=x dst=3\n}\n", {}, target);
  REQUIRE_MESSAGE(assembled, text.shown());
  CHECK(assembled->program.steps[0].instructions.values(0).equals({0, 3, 16}));
}

TEST_CASE("assembly: a mistake in a loop is told once, with the pass") {
  Text text;
  CHECK_FALSE(text.assemble(std::string(kHead) + "device {\n"
                                                 "for r in 0..8 {\n"
                                                 "  for c in 0..8 step 4 {\n"
                                                 "    SET value=100 / (r - c - 2)\n"
                                                 "  }\n"
                                                 "}\n"
                                                 "}\n"));
  REQUIRE(text.diagnostics.all().size() == 1);
  const Diagnostic &only = text.diagnostics.all().front();
  CHECK(only.code() == "L0229");
  REQUIRE(only.notes.size() == 2);
  CHECK(only.notes[0].text == "in the pass with r = 2");
  CHECK(only.notes[1].text == "in the pass with c = 0");
}

TEST_CASE("assembly: compiled programs read back") {
  Target target = DenseUnit{}.load();
  const char *kernels[] = {
      "kernel gemm(a: i8[9,11], b: i8[11,7]) -> c: i32[9,7] {\n"
      "  c[i,j] = sum(k) i32(a[i,k]) * i32(b[k,j])\n}",
      "kernel mixed(a: i8[5,6], b: i8[7,6], s: f32[7]) -> c: f32[5,7] {\n"
      "  t[i,j] = sum(k) i32(a[i,k]) * i32(b[j,k])\n  c[i,j] = f32(t[i,j]) * s[j]\n}"};
  for (const char *kernel : kernels) {
    Notation notation;
    auto bound = notation.bound(kernel);
    REQUIRE_MESSAGE(bound, notation.shown());
    auto compiled = compile(*bound, target, {}, notation.diagnostics);
    REQUIRE(compiled);
    std::string printed = printProgram(compiled->program, target);
    Text text;
    auto assembled = text.assemble(printed, {}, target);
    REQUIRE_MESSAGE(assembled, text.shown());
    CHECK(printProgram(assembled->program, target) == printed);
  }
}
