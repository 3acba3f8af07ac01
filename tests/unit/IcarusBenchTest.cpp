// The test bench for Icarus Verilog, of text as yosys 0.23 writes it.
#include "simulators/rtl/IcarusBench.h"

#include <doctest/doctest.h>

using namespace lathe;

static constexpr char kVerilog[] = R"(module machine(clk_i, \odd[name] );
  reg [3:0] counter = 4'h3;
  reg z;
  reg [31:0] \u_fifo.head ;
  reg [7:0] ram [3:0];
  reg [511:0] \u_bank[0].rows_q  [255:0];
  always @(posedge clk_i) begin
    if (z)
      ram[\u_fifo.head ] <= 8'h00;
  end
  reg [7:0] rom [1:0];
  initial begin
    rom[0] = 8'h05;
    rom[1] = 8'h01;
  end
  reg [7:0] \u.rom  [1:0];
  initial begin
    \u.rom [0] = 8'h05;
  end
endmodule
)";

static bool has(const std::string &text, const char *line) {
  return text.find(line) != std::string::npos;
}

TEST_CASE("state without a value begins at 0 or at random on Icarus, and what has one keeps it") {
  std::string bench = icarusBench("machine", {64, 16, false}, kVerilog);
  CHECK(has(bench, " dut.z = seed == 0 ? 0 : {1{$random(stream)}};\n"));
  // An escaped name ends with a space.
  CHECK(has(bench, " dut.\\u_fifo.head = seed == 0 ? 0 : {1{$random(stream)}};\n"));
  CHECK(has(bench, "for (i = 0; i <= 3; i = i + 1) dut.ram [i] = seed == 0 ? 0 : "));
  CHECK(has(bench, "for (i = 0; i <= 255; i = i + 1) dut.\\u_bank[0].rows_q [i] = "
                   "seed == 0 ? 0 : {16{$random(stream)}};\n"));
  CHECK_FALSE(has(bench, "counter"));
  CHECK_FALSE(has(bench, "rom"));
}

TEST_CASE("the bench has the ports of the contract in the machine's widths") {
  std::string bench = icarusBench("machine", {96, 4, true}, "");
  CHECK(has(bench, "  machine dut ("));
  CHECK(has(bench, "  reg [95:0] cmd_word_i;\n"));
  CHECK(has(bench, "  reg [31:0] rd_rsp_data_i;\n"));
  CHECK(has(bench, "  wire [3:0] wr_req_strb_o;\n"));
  CHECK(has(bench, "lathe_select_i = select;\n"));
  CHECK_FALSE(has(icarusBench("machine", {96, 4, false}, ""), "lathe_select_i"));
}
