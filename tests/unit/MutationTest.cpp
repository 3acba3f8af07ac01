// The parts of lathe verify --mutate, without yosys and without RTL.
#include "sdk/mutation/DescriptionMutants.h"
#include "sdk/mutation/FaultList.h"
#include "sdk/mutation/Miter.h"
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
  std::vector<Fault> faults = parseFaults(usableFaults(kList, 10), {}, RtlSources(), diagnostics);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].what == "'w' bit 1 at pin A is stuck at 1");
  CHECK(faults[0].place.file == "a.sv");
  CHECK(faults[0].place.line == 7);
  CHECK(faults[1].what == "'row' bit 3 at pin Y is inverted where bit 1 is 0");
  CHECK(faultCommand(faults[1].command, 2).find("mutate -ctrl lathe_select_i 32 2 -mode cnot0") ==
        0);
}

TEST_CASE("a fault of a cell that yosys made has the place of what the cell drives") {
  std::map<std::string, Driven> driven = drivenByCells("  attribute \\src \"a.sv:4.3-4.9\"\n"
                                                       "  wire width 4 \\u_fifo.count_q\n"
                                                       "  wire width 4 $1\n"
                                                       "  cell $dffe $auto$ff.cc:266:slice$7\n"
                                                       "    connect \\EN $1\n"
                                                       "    connect \\Q \\u_fifo.count_q\n"
                                                       "  end\n");
  Sources texts;
  Diagnostics diagnostics(texts);
  const char *list = "mutate -mode inv -module top -cell $auto$ff.cc:266:slice$7 -port EN "
                     "-portbit 0\n";
  std::vector<Fault> faults = parseFaults(list, driven, RtlSources(), diagnostics);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].place.file == "a.sv");
  CHECK(faults[0].place.line == 4);
  CHECK(faults[0].what == "pin EN of '$auto$ff.cc:266:slice$7', bit 0 is inverted, in what drives "
                          "'u_fifo.count_q'");
}

TEST_CASE("only a one-to-one fault of a whole output can relabel addresses") {
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(kList).split(lines, '\n', -1, false);
  CHECK(!netFault(lines[0]));
  std::optional<NetFault> net = netFault(lines[2]);
  REQUIRE(net);
  CHECK(net->wire == "\\row");
  CHECK(net->bit == 3);
  CHECK(net->control == 1);
  CHECK(!net->level); // cnot0: inverted where the other bit is 0
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
  CHECK(cut.find("connect \\lathe_cut_1_enable \\enable") != std::string::npos);
  CHECK(ports[0].isRead);
  CHECK(!ports[1].isRead);
}

TEST_CASE("gates in AIGER's binary format, and only those that are asked for") {
  AndInverter graph;
  auto a = graph.input(), b = graph.input(), unused = graph.input();
  CHECK(graph.both(a, unused) == graph.both(unused, a));
  auto gate = graph.both(a, AndInverter::inverse(b));
  CHECK(graph.both(a, AndInverter::inverse(a)) == AndInverter::kFalse);
  CHECK(graph.both(a, AndInverter::kTrue) == a);
  // Inputs are 2 and 4, the gate is 6 = 5 & 2: differences 1 and 3.
  CHECK(graph.aiger(gate) == "aig 3 2 0 1 1\n6\n\x01\x03");
  auto counter = graph.makeRegister();
  graph.setNext(counter, AndInverter::inverse(counter));
  CHECK(graph.aiger(counter) == "aig 1 0 1 1 0\n3\n2\n");
}

// error = q, q' = reset & !(select[0] & in); and a payload that shows `other` where `valid` is set.
// Inputs: 2 rst_ni, 4 select[0], 6 select[1], 8 in, 10 other, 12 valid. Register: 14.
static constexpr char kCircuit[] = "aag 11 6 1 3 4\n2\n4\n6\n8\n10\n12\n14 18\n14\n12\n22\n"
                                   "16 4 8\n18 2 17\n20 6 13\n22 21 10\n"
                                   "i0 rst_ni\ni1 lathe_select_i[0]\ni2 lathe_select_i[1]\n"
                                   "i3 in\ni4 other\ni5 valid\n"
                                   "o0 error_o\no1 wr_req_valid_o\no2 wr_req_addr_o[0]\nc\n";

TEST_CASE("a fault is asked about only where a host could see it") {
  std::optional<Circuit> circuit = Circuit::parse(kCircuit);
  REQUIRE(circuit);
  CHECK(circuit->inputs[2].name == "lathe_select_i");
  CHECK(circuit->inputs[2].bit == 1);
  Miter miter(*circuit, {});
  CHECK(!miter.question(4, std::nullopt)); // a bit of the selector that is not there
  auto seen = miter.question(1, std::nullopt);
  REQUIRE(seen);
  CHECK(llvm::StringRef(*seen).starts_with("aig "));
  CHECK(miter.questionOfCycle(1, std::nullopt));
  CHECK(!Circuit::parse("aag 1 1 0\n2\n"));
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
