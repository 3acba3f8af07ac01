// Words of a program, its assembly text, and its binary file.
#include "core/program/Program.h"
#include "core/program/Assembly.h"
#include "core/semantics/Parser.h"
#include "tests/unit/ProgramFixture.h"

#include <chrono>
#include <doctest/doctest.h>

using namespace lathe;
using namespace lathe::test;

namespace {
/// The only diagnostic of parsing `text`, as "CODE line:column".
std::string mistake(llvm::StringRef text) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto program = assemble(sources.add("p.lasm", text), smallTarget(), {}, diagnostics);
  CHECK_FALSE(program.has_value());
  if (diagnostics.all().size() != 1)
    return llvm::formatv("{0} diagnostics", diagnostics.all().size()).str();
  const Diagnostic &only = diagnostics.all().front();
  return llvm::formatv("{0} {1}:{2}", only.code(), only.place.line, only.place.column).str();
}

std::string mistakeInFile(llvm::StringRef bytes, const Target &target = smallTarget()) {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto program = deserialize(bytes, "p.lprog", target, diagnostics);
  CHECK_FALSE(program.has_value());
  REQUIRE(diagnostics.all().size() == 1);
  const Diagnostic &only = diagnostics.all().front();
  CHECK(only.place.file == "p.lprog");
  CHECK(only.place.line == 0);
  return only.code().str();
}

constexpr const char *kHeader = "program k for toy@small image 0x200\n"
                                "input x: i8[16,16] at 0\n";
std::string inStep(llvm::StringRef line) {
  return std::string(kHeader) + "device 0 \"w\" {\n" + line.str() + "\n}\n";
}
} // namespace

TEST_CASE("instructions become the words the bit fields say") {
  Program program = smallProgram();
  std::vector<uint64_t> words = encodeStep(program.steps[0], smallTarget());
  // 1 << 60 | (16-1) << 47 | 12 << 32 | 0x40, and so on by hand.
  CHECK(words ==
        std::vector<uint64_t>{0x1007'800C'0000'0040, 0x2000'0000'FFFF'FFFB, 0x1000'0000'0000'0140});
}

TEST_CASE("a field across two limbs is split") {
  ProgramStep step;
  step.instructions.add(0, {0xA5});
  CHECK(encodeStep(step, wideTarget()) ==
        std::vector<uint64_t>{0x5000'0000'0000'0007, 0x8000'000A});
}

TEST_CASE("130,000 instructions are encoded within 5 ms") {
  Target target = smallTarget();
  ProgramStep step;
  for (int i = 0; i < 130000; ++i)
    step.instructions.add(0, {i, i % 1024, 1 + i % 16});
  double best = 1e9;
  for (int round = 0; round < 5; ++round) {
    auto start = std::chrono::steady_clock::now();
    CHECK(encodeStep(step, target).size() == 130000);
    best = std::min(
        best, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
                  .count());
  }
  MESSAGE("encoding took ", best, " ms");
#if !__has_feature(address_sanitizer)
  CHECK(best < 5);
#endif
}

TEST_CASE("disassembly names the instruction and its operands") {
  std::string text =
      disassemble({0x1007'800C'0000'0040, 0x2000'0000'FFFF'FFFB, 0x3}, smallTarget());
  CHECK(text == "     0: 1007800c00000040  COPY src=0x40 dst=12 rows=16\n"
                "     1: 20000000fffffffb  SET value=-5\n"
                "     2: 0000000000000003  (reserved encoding)\n");
}

TEST_CASE("a program prints as assembly") {
  CHECK(printProgram(smallProgram(), smallTarget()) == "program k for toy@small image 0x200\n"
                                                       "input x: i8[16,16] at 0x0\n"
                                                       "constant c: i32[2] at 0x100 {\n"
                                                       "  01000000 fffe0010\n"
                                                       "}\n"
                                                       "output y: i8[16] at 0x140\n"
                                                       "device 0 \"y on \\22COPY\\22\" {\n"
                                                       "  COPY src=x+0x40 dst=12 rows=16\n"
                                                       "  SET value=-5\n"
                                                       "  COPY src=y dst=0 rows=1\n"
                                                       "}\n");
}

TEST_CASE("assembly and binary forms read back to the same program") {
  Target target = smallTarget();
  Program program = smallProgram();
  Sources sources;
  Diagnostics diagnostics(sources);
  std::string text = printProgram(program, target);
  auto fromText = assemble(sources.add("p.lasm", text), target, {}, diagnostics);
  auto fromBytes = deserialize(serialize(program, target), "p.lprog", target, diagnostics);
  REQUIRE(fromText.has_value());
  REQUIRE(fromBytes.has_value());
  CHECK(diagnostics.all().empty());
  CHECK(printProgram(fromText->program, target) == text);
  CHECK(printProgram(*fromBytes, target) == text);
  CHECK(fromBytes->symbols[1].data == program.symbols[1].data);
  CHECK(fromText->program.steps[0].what == program.steps[0].what);
}

TEST_CASE("host steps are index notation in both forms") {
  Target target = smallTarget();
  Sources sources;
  Diagnostics diagnostics(sources);
  unsigned file = sources.add("h.lathe", "kernel h(x: i8[16,16]) -> y: i8[16] {\n"
                                         "  y[i] = x[i,i]\n"
                                         "}\n");
  auto kernels = parseKernels(file, diagnostics);
  REQUIRE(kernels.has_value());
  Program program = smallProgram();
  ProgramStep step;
  step.kind = ProgramStep::Kind::Host;
  step.what = "scale // x";
  step.statement = 1;
  step.semantics = bind(kernels->front(), {}, {}, diagnostics);
  REQUIRE(step.semantics.has_value());
  program.steps.push_back(step);
  program.steps.push_back(step);

  std::string text = printProgram(program, target);
  auto fromText = assemble(sources.add("p.lasm", text), target, {}, diagnostics);
  auto fromBytes = deserialize(serialize(program, target), "p.lprog", target, diagnostics);
  REQUIRE(fromText.has_value());
  REQUIRE(fromBytes.has_value());
  CHECK(printProgram(fromText->program, target) == text);
  CHECK(printProgram(*fromBytes, target) == text);
  CHECK(fromText->program.steps[2].semantics->bound);
  CHECK(fromText->program.steps[2].statement == 1);
}

TEST_CASE("a mistake in a host step points into the program's text") {
  std::string code = mistake(std::string(kHeader) + "host 1 \"w\" {\n"
                                                    "  kernel h(x: i8[16]) -> y: i8[16] {\n"
                                                    "    y[i] = z[i]\n"
                                                    "  }\n"
                                                    "}\n");
  CHECK(llvm::StringRef(code).ends_with("5:12"));
}

TEST_CASE("mistakes in assembly are located") {
  CHECK(mistake("") == "L0750 1:1");
  CHECK(mistake("program k for toy@small image") == "L0750 1:30");
  CHECK(mistake("program k for toy@small image 1\n?") == "L0750 2:1");
  CHECK(mistake("program k for other@one image 0x200\n") == "L0756 1:15");
  CHECK(mistake(std::string(kHeader) + "input x: i8[1] at 0\n") == "L0757 3:7");
  CHECK(mistake(std::string(kHeader) + "output y: i8[2] at 511\n") == "L0758 3:8");
  CHECK(mistake(std::string(kHeader) + "output y: i8[0] at 0\n") == "L0750 3:14");
  CHECK(mistake(std::string(kHeader) + "output y: q8[1] at 0\n") == "L0750 3:11");
  CHECK(mistake(std::string(kHeader) + "constant c: i8[3] at 256 {\n 0102\n}\n") == "L0759 3:10");
  CHECK(mistake(std::string(kHeader) + "constant c: i8[2] at 256 {\n 01 x\n}\n") == "L0750 4:5");
  CHECK(mistake(std::string(kHeader) + "device 0 \"w\" {\n") == "L0750 3:14");
  CHECK(mistake(inStep("  COPI src=x dst=0 rows=1")) == "L0751 4:3");
  CHECK(mistake(inStep("  COPY src=x dest=0 rows=1")) == "L0752 4:14");
  CHECK(mistake(inStep("  COPY src=x rows=1")) == "L0753 4:3");
  CHECK(mistake(inStep("  COPY src=x dst=0 rows=17")) == "L0754 4:25");
  CHECK(mistake(inStep("  COPY src=q+4 dst=0 rows=1")) == "L0755 4:12");
  CHECK(mistake(inStep("  COPY src=x src=x dst=0 rows=1")) == "L0757 4:14");
  CHECK(mistake(inStep("  COPY src=x dst=zero rows=1")) == "L0755 4:18");
  CHECK(mistake(inStep("  COPY src=x dst=? rows=1")) == "L0750 4:18");
}

TEST_CASE("every mistake of a program is reported") {
  Sources sources;
  Diagnostics diagnostics(sources);
  std::string text = inStep("  COPI\n  SET value=0x1ffffffff\n  SET\n  SET value=1");
  CHECK_FALSE(assemble(sources.add("p.lasm", text), smallTarget(), {}, diagnostics).has_value());
  REQUIRE(diagnostics.all().size() == 3);
  CHECK(diagnostics.all()[0].help == "did you mean 'COPY'?");
  CHECK(diagnostics.all()[1].text == "'value' is 8589934591, it takes -2147483648 to 2147483647");
  CHECK(diagnostics.all()[2].place.line == 6);
}

TEST_CASE("a binary file that is not whole, not ours or not for this target is refused") {
  std::string good = serialize(smallProgram(), smallTarget());
  CHECK(mistakeInFile("") == "L0761");
  CHECK(mistakeInFile("ELF........") == "L0761");
  CHECK(mistakeInFile(good.substr(0, 20)) == "L0763");
  CHECK(mistakeInFile(good.substr(0, good.size() - 1)) == "L0763");
  CHECK(mistakeInFile(good + "x") == "L0763");

  std::string otherFormat = good;
  otherFormat[8] = 9;
  CHECK(mistakeInFile(otherFormat) == "L0762");

  for (size_t at = 24; at < good.size(); at += 7) {
    std::string damaged = good;
    damaged[at] ^= 0x10;
    CHECK(mistakeInFile(damaged) == "L0764");
  }

  Target other = smallTarget();
  other.machine = "big";
  CHECK(mistakeInFile(good, other) == "L0756");
  Target changed = smallTarget();
  changed.intrinsics[0].arguments[1].runs[0].lsb = 33;
  CHECK(mistakeInFile(good, changed) == "L0765");
}

TEST_CASE("a host block must hold one kernel") {
  CHECK(mistake(std::string(kHeader) + "host 1 \"w\" {\n"
                                       "  kernel a(x: i8[1]) -> y: i8[1] {\n    y[i] = x[i]\n  }\n"
                                       "  kernel b(x: i8[1]) -> y: i8[1] {\n    y[i] = x[i]\n  }\n"
                                       "}\n") == "L0760 4:1");
}
