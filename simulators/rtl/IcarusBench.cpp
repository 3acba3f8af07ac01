#include "simulators/rtl/IcarusBench.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Regex.h"

using namespace lathe;
using llvm::StringRef;

// Memories with contents: "    \rom [3] = 8'h2a;" between "initial begin" and "end".
static llvm::StringSet<> namesWithContents(llvm::ArrayRef<StringRef> lines) {
  static const llvm::Regex element("^ *([^ []+|\\\\[^ ]+) *\\[[0-9]+\\] = ");
  llvm::StringSet<> names;
  llvm::SmallVector<StringRef> match;
  bool inside = false;
  for (StringRef line : lines) {
    StringRef text = line.trim();
    if (text == "initial begin")
      inside = true;
    else if (text == "end")
      inside = false;
    else if (inside && element.match(line, &match))
      names.insert(match[1]);
  }
  return names;
}

// As many random bits as "[31:0] " has, or zeros without a seed.
static std::string startOf(StringRef range) {
  unsigned high = 0;
  range.drop_front(range.empty() ? 0 : 1).split(':').first.getAsInteger(10, high);
  return llvm::formatv("seed == 0 ? 0 : {{{0}{{$random(stream)}}", high / 32 + 1);
}

// "  reg [31:0] \u_fifo.head ;" and "  reg [7:0] mem [1023:0];"; one with "= 8'h00" has its value.
static std::string startOfState(StringRef verilog) {
  static const llvm::Regex state(
      "^ *reg (\\[[0-9]+:[0-9]+\\] )?([^ ;]+) *(\\[([0-9]+):([0-9]+)\\])?;$");
  llvm::SmallVector<StringRef> lines, match;
  verilog.split(lines, '\n');
  llvm::StringSet<> filled = namesWithContents(lines);
  std::string text;
  for (StringRef line : lines) {
    if (!state.match(line, &match) || filled.contains(match[2]))
      continue;
    if (match[3].empty())
      text += llvm::formatv("    dut.{0} = {1};\n", match[2], startOf(match[1]));
    else
      text += llvm::formatv("    for (i = {0}; i <= {1}; i = i + 1) dut.{2} [i] = {3};\n", match[5],
                            match[4], match[2], startOf(match[1]));
  }
  return text;
}

static constexpr StringRef kInputFlags[] = {"wr_rsp_valid_i", "wr_req_ready_i", "rd_rsp_valid_i",
                                            "rd_req_ready_i", "cmd_valid_i",    "rst_ni"};
static constexpr StringRef kOutputFlags[] = {"idle_o",         "wr_rsp_ready_o", "wr_req_valid_o",
                                             "rd_rsp_ready_o", "rd_req_valid_o", "cmd_ready_o"};

std::string lathe::icarusBench(StringRef top, const PortSizes &sizes, StringRef verilog) {
  unsigned beatBits = 8 * sizes.beatBytes;
  std::string text = "`timescale 1ns/1ns\nmodule lathe_bench;\n", ports;
  auto add = [&](StringRef kind, StringRef name, unsigned bits) {
    text += llvm::formatv("  {0} [{1}:0] {2};\n", kind, bits - 1, name);
    ports += llvm::formatv("{0}.{1}({1})", ports.empty() ? "" : ", ", name);
  };
  for (StringRef name : kInputFlags)
    add("reg", name, 1);
  add("reg", "clk_i", 1);
  add("reg", "perf_sel_i", 8);
  add("reg", "cmd_word_i", sizes.commandBits);
  add("reg", "rd_rsp_data_i", beatBits);
  if (sizes.hasSelect)
    add("reg", "lathe_select_i", 32);
  for (StringRef name : kOutputFlags)
    add("wire", name, 1);
  add("wire", "error_o", 8);
  add("wire", "perf_data_o", 48);
  add("wire", "rd_req_addr_o", 32);
  add("wire", "wr_req_addr_o", 32);
  add("wire", "wr_req_strb_o", sizes.beatBytes);
  add("wire", "wr_req_data_o", beatBits);
  std::string inputs = llvm::join(llvm::ArrayRef(kInputFlags), ", "),
              outputs = llvm::join(llvm::ArrayRef(kOutputFlags), ", ");
  text += llvm::formatv("  {0} dut ({1});\n  integer i, got;\n  reg [7:0] flags;\n"
                        "  reg [31:0] select;\n  integer seed = 0, stream;\n  initial begin\n"
                        "    got = $value$plusargs(\"seed=%d\", seed);\n    stream = seed;\n{2}",
                        top, ports, startOfState(verilog));
  text += llvm::formatv(
      "    forever begin\n"
      "      got = $fscanf(32'h8000_0000, \"%h %h %h %h %h\", flags, perf_sel_i, select, "
      "cmd_word_i,\n"
      "                    rd_rsp_data_i);\n"
      "      if (got != 5) $finish;\n"
      "{0}      {{{1}} = flags[{2}:0];\n"
      "      clk_i = 0;\n"
      "      #1 $write(\"= %h %h %h %h %h %h %h\", {{{3}}, error_o, perf_data_o, rd_req_addr_o,\n"
      "                wr_req_addr_o, wr_req_strb_o, wr_req_data_o);\n"
      "      clk_i = 1;\n"
      "      #1 $display(\" %h %h %h %h %h %h %h\", {{{3}}, error_o, perf_data_o, rd_req_addr_o,\n"
      "                  wr_req_addr_o, wr_req_strb_o, wr_req_data_o);\n"
      "      $fflush;\n"
      "    end\n  end\nendmodule\n",
      sizes.hasSelect ? "      lathe_select_i = select;\n" : "", inputs, std::size(kInputFlags) - 1,
      outputs);
  return text;
}
