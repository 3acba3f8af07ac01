// The parts of lathe verify --mutate, without yosys and without RTL.
#include "sdk/mutation/DescriptionMutants.h"
#include "sdk/mutation/FaultList.h"
#include "sdk/mutation/MemoryCut.h"
#include "sdk/mutation/Rewrite.h"

#include "core/description/Plugin.h"

#include <doctest/doctest.h>
#include <set>

using namespace lathe;
using namespace lathe::mutation;

static constexpr char kList[] =
    "mutate -mode const1 -module top -cell $add$a.sv:7$3 -port A -portbit 2 -wire w -wirebit 1 "
    "-src a.sv:9.1-9.4 -src a.sv:7.3-7.9\n"
    "mutate -mode inv -module top -cell $dff$4 -port CLK -portbit 0 -wire clk_i -wirebit 0\n"
    "mutate -mode cnot0 -module top -cell $add$a.sv:8$5 -port Y -portbit 3 -ctrlbit 1 -wire row "
    "-wirebit 3 -src a.sv:8.3-8.9\n";

TEST_CASE("a list of faults loses those of clock pins, and ends where it should") {
  std::string usable = usableFaults(kList, 10);
  CHECK(llvm::StringRef(usable).count('\n') == 2);
  CHECK(usable.find("CLK") == std::string::npos);
  CHECK(llvm::StringRef(usableFaults(kList, 1)).count('\n') == 1);
}

TEST_CASE("a fault says what it does, and stands behind its value of the selector") {
  Sources texts;
  Diagnostics diagnostics(texts);
  std::vector<Fault> faults = parseFaults(usableFaults(kList, 10), RtlSources(), diagnostics);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].what == "'w' bit 1 at pin A is stuck at 1");
  CHECK(faults[0].place.file == "a.sv");
  CHECK(faults[0].place.line == 7);
  CHECK(faults[1].what == "'row' bit 3 at pin Y is inverted where bit 1 is 0");
  CHECK(faultCommand(faults[1].command, 2).find("mutate -ctrl lathe_select_i 32 2 -mode cnot0") ==
        0);
}

TEST_CASE("only a one-to-one fault of a whole output can relabel addresses") {
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(kList).split(lines, '\n', -1, false);
  CHECK(!netFault(lines[0]));
  std::optional<NetFault> net = netFault(lines[2]);
  REQUIRE(net);
  CHECK(net->wire == "\\row");
  CHECK(net->bits == "-portbit 3 -ctrlbit 1");
}

TEST_CASE(
    "a netlist without its memories: what they are asked goes out, what they answer comes in") {
  std::vector<MemoryPort> ports;
  std::string cut = cutMemories("module \\top\n"
                                "  memory width 8 size 16 \\rows\n"
                                "  cell $memrd_v2 $1\n"
                                "    parameter \\ABITS 4\n"
                                "    parameter \\MEMID \"\\\\rows\"\n"
                                "    parameter signed \\WIDTH 8\n"
                                "    connect \\ADDR \\row\n"
                                "    connect \\DATA \\word\n"
                                "  end\n"
                                "  cell $memwr_v2 $2\n"
                                "    parameter \\ABITS 4\n"
                                "    parameter \\MEMID \"\\\\rows\"\n"
                                "    parameter \\WIDTH 8\n"
                                "    connect \\ADDR { \\high \\low }\n"
                                "    connect \\DATA \\given\n"
                                "    connect \\EN \\enable\n"
                                "  end\n"
                                "end\n",
                                ports);
  REQUIRE(ports.size() == 2);
  CHECK(ports[0].address == "\\row");
  CHECK(ports[1].address == "{ \\high \\low }");
  CHECK(ports[0].memory == ports[1].memory);
  CHECK(cut.find("memory width") == std::string::npos);
  CHECK(cut.find("$memrd") == std::string::npos);
  CHECK(cut.find("connect \\word \\lathe_cut_0_read") != std::string::npos);
  CHECK(cut.find("wire width 4 output 100002 \\lathe_cut_1_address") != std::string::npos);
  CHECK(cut.find("connect \\A \\enable") != std::string::npos);
}

TEST_CASE("an expression with one node replaced shares the rest") {
  ElementType i32 = ElementType::integer(32);
  ExprRef one = makeConstant(1, i32), two = makeConstant(2, i32), three = makeConstant(3, i32);
  ExprRef sum = makeExpr(Op::Add, i32, {one, two});
  ExprRef changed = replaced(sum, 2, three); // 0 is the sum, 1 and 2 its operands
  CHECK(changed->operands[0] == one);
  CHECK(changed->operands[1] == three);
  CHECK(sum->operands[1] == two);
}

namespace {
Target loadTiny() {
  Sources sources;
  Diagnostics diagnostics(sources);
  auto plugin = readManifest(LATHE_SOURCE_DIR "/targets/systolic_array", diagnostics);
  REQUIRE(plugin);
  auto target = loadTarget(*plugin, "tiny", diagnostics);
  REQUIRE(target);
  return *target;
}
} // namespace

TEST_CASE("wrong descriptions: every kind of mistake is made, each changes the target") {
  Target target = loadTiny();
  std::vector<DescriptionMutant> mutants = descriptionMutants(target);
  std::set<Mistake> kinds;
  std::set<std::string> names;
  for (const DescriptionMutant &mutant : mutants) {
    kinds.insert(mutant.mistake);
    CHECK_MESSAGE(names.insert(name(mutant.mistake).str() + mutant.what).second, mutant.what);
  }
  CHECK(kinds.size() == kMistakes);
}

TEST_CASE("a wrong description agrees with itself: what it reads and writes is what it uses") {
  Target target = loadTiny();
  for (const DescriptionMutant &mutant : descriptionMutants(target)) {
    if (mutant.what != "MATMUL_ACC: what was there is lost")
      continue;
    Target wrong = mutant.make();
    const Intrinsic &intrinsic = wrong.intrinsics[*wrong.findIntrinsic("MATMUL_ACC")];
    auto acc = intrinsic.semantics.findTensor("acc");
    REQUIRE(acc);
    const TileOperand *tile = intrinsic.tileOfTensor(*acc);
    REQUIRE(tile);
    CHECK(tile->written);
    CHECK(!tile->read); // it was, before
    return;
  }
  FAIL("no such mutant");
}
