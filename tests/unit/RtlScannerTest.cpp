#include "simulators/rtl/RtlScanner.h"
#include "simulators/rtl/SignalTable.h"

#include <doctest/doctest.h>

using namespace lathe;

TEST_CASE("rtl scanner: what runs or touches files is found, text and comments are not") {
  RtlScan scan = scanRtl("initial $system(\"x\"); // $fopen\n"
                         "/* $readmemh */ string s = \"$c(1) \\\" $system\";\n"
                         "initial $c32(\"x\"); initial $clog2(3); initial $cast(a, b);\n"
                         "export \"DPI-C\" function f;\n"
                         "`systemc_header\n");
  std::vector<std::pair<std::string, size_t>> found;
  for (const RtlToken &token : scan.forbidden)
    found.emplace_back(token.text.str(), token.offset);
  CHECK(found == std::vector<std::pair<std::string, size_t>>{
                     {"$system", 8}, {"$c32", 87}, {"DPI-C", 138}, {"`systemc_header", 165}});
}

TEST_CASE("rtl scanner: silencing what must stay an error is found in code and configuration") {
  CHECK(scanRtl("/*verilator lint_off UNOPTFLAT*/").silenced.size() == 1);
  CHECK(scanRtl("// verilator lint_off UNOPT").silenced.size() == 1);
  CHECK(scanRtl("lint_off -rule UNOPTFLAT -file \"a.sv\"").silenced.size() == 1);
  CHECK(scanRtl("// verilator lint_off WIDTH\n// UNOPTFLAT").silenced.empty());
}

TEST_CASE("rtl scanner: includes, and text that ends anywhere") {
  RtlScan scan = scanRtl("`include \"a.svh\"\n // `include \"b.svh\"\n`include  \"c/d.svh\"");
  CHECK(scan.includes == std::vector<llvm::StringRef>{"a.svh", "c/d.svh"});
  for (const char *text : {"", "/*", "//", "\"", "\"\\", "\\", "`", "$", "import \"DPI-C"})
    CHECK(scanRtl(text).includes.empty());
}

TEST_CASE("rtl scanner: a port is found in its own module only") {
  llvm::StringRef text = "module other(input a); endmodule\n"
                         "module top(input b /* a */, output a); endmodule\n";
  CHECK(findInModule(text, "top", "a") == text.rfind("a)"));
  CHECK(findInModule(text, "other", "b") == text.find("other"));
  CHECK_FALSE(findInModule(text, "third", "a"));
}

TEST_CASE("signal table: every instance's members by hierarchical name, sorted") {
  std::string table = signalTable(
      "// MODULE INSTANCE STATE\n    VM___024root          TOP;\n"
      "    VM_cell  TOP__top__u_a;\n\n    // SCOPE NAMES\n    VerilatedScope __Vscope;\n",
      {{"VM___024root", "    VL_IN8(clk_i,0,0);\n    VL_OUTW(wide_o,99,0,4);\n"
                        "    CData/*0:0*/ __Vtrigrprev__TOP__clk_i;\n"
                        "    SData/*8:0*/ top__DOT__g_row__BRA__3__KET____DOT__q;\n"},
       {"VM_cell", "    VlUnpacked<VlUnpacked<QData/*39:0*/, 4>, 3> mem_q;\n"}});
  CHECK(table ==
        "{\"clk_i\", offsetof(VLatheModel__Syms, TOP) + offsetof(VM___024root, clk_i), 1, 1, 1},\n"
        "{\"top.g_row[3].q\", offsetof(VLatheModel__Syms, TOP) + offsetof(VM___024root, "
        "top__DOT__g_row__BRA__3__KET____DOT__q), 1, 9, 2},\n"
        "{\"top.u_a.mem_q\", offsetof(VLatheModel__Syms, TOP__top__u_a) + offsetof(VM_cell, "
        "mem_q), 12, 40, 8},\n"
        "{\"wide_o\", offsetof(VLatheModel__Syms, TOP) + offsetof(VM___024root, wide_o), 1, 100, "
        "16},\n");
}
