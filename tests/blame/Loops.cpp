#include "tests/blame/Loops.h"

#include "sdk/verify/Random.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <regex>

using namespace lathe;
using namespace lathe::blame;

// Found by trying random modules of this form with Verilator 5.006: each is wrong for half of all
// values of 'a' or more, when 'a' comes from an input of the top module. Each assignment gets a
// random constant. Icarus Verilog is right about all of them; Verilator -O0 about the first five.
static const std::vector<std::vector<llvm::StringRef>> kForms = {
    {"x[4:2] = 3'(x[5:5])", "y[2:0] = 3'(y[5:5])", "y[5:5] = x[5:5]", "x[1:0] = 2'(x[4:2])",
     "y[4:3] = (2'(x[4:2]) ^ 2'(y[2:0])) + 2'(x[5:5])", "x[5:5] = a[6:6] ^ a[5:5]"},
    {"x[5:5] = 1'(x[1:0]) + 1'(y[3:2])", "y[5:4] = 2'(x[4:2])", "y[3:2] = x[1:0]",
     "x[1:0] = 2'(x[4:2])", "x[4:2] = 3'(a[7:6]) ^ a[6:4]", "y[1:0] = y[3:2]"},
    {"y[5:3] = y[2:0]", "x[1:0] = 2'(y[2:0])", "x[7:5] = y[5:3] + y[5:3]", "y[2:0] = 3'(a[7:4])",
     "y[7:6] = 2'(y[5:3])", "x[4:2] = (y[5:3] + x[7:5]) + y[5:3]"},
    {"x[5:4] = x[3:2] | x[1:0]", "x[3:2] = x[1:0] ^ x[1:0]", "y[4:3] = 2'(y[2:0]) ^ x[5:4]",
     "y[2:0] = 3'(x[5:4])", "x[1:0] = a[7:6]", "y[5:5] = 1'(x[3:2])"},
    {"x[4:3] = 2'(y[2:0]) & 2'(x[5:5])", "y[2:0] = a[7:5]", "x[5:5] = 1'(x[2:0])",
     "y[5:5] = a[1:1] ^ 1'(y[4:3])", "y[4:3] = 2'(y[2:0]) ^ 2'(y[2:0])", "x[2:0] = y[2:0]"},
    {"x[5:5] = 1'(x[2:0])", "x[2:0] = 3'(a[1:1]) + 3'(a[7:3])", "x[4:3] = a[6:5] & 2'(x[2:0])",
     "y[5:3] = x[2:0]", "y[2:0] = y[5:3] + 3'(x[5:5])"},
    {"y[0:0] = a[4:4] & 1'(y[5:3])", "x[5:3] = x[2:0] | y[5:3]", "y[2:1] = 2'(y[0:0])",
     "y[5:3] = 3'(a[4:3]) | a[7:5]", "x[2:0] = y[5:3] & 3'(y[2:1])"},
    {"x[6:4] = 3'(y[4:3]) ^ 3'(x[3:0])", "y[4:3] = 2'(y[7:7])", "x[7:7] = 1'(y[2:0])",
     "y[2:0] = 3'(a[7:3])", "x[3:0] = 4'(x[7:7]) ^ 4'(y[7:7])", "y[7:7] = 1'(y[6:5]) ^ a[2:2]",
     "y[6:5] = 2'(y[2:0])"}};

namespace {
/// A part of a vector: "x[4:2]".
struct Slice {
  char vector = 'x';
  unsigned high = 0, low = 0;

  explicit Slice(llvm::StringRef text) : vector(text[0]), high(text[2] - '0'), low(text[4] - '0') {}
  unsigned bits() const { return high - low + 1; }
  std::string name() const { return llvm::formatv("{0}_{1}_{2}", vector, high, low).str(); }
};
struct Port {
  bool isInput = true;
  unsigned bits = 1;
  std::string name;
};
} // namespace

// ---- one module

static std::string withNames(const std::string &text) {
  static const std::regex slice("([xy])\\[([0-9]):([0-9])\\]");
  return std::regex_replace(text, slice, "$1_$2_$3");
}

// "{x_5_5, x_4_2, x_1_0}"
static std::string joined(char vector, std::vector<Slice> slices) {
  llvm::erase_if(slices, [&](const Slice &it) { return it.vector != vector; });
  llvm::sort(slices, [](const Slice &a, const Slice &b) { return a.low > b.low; });
  std::string text;
  for (const Slice &slice : slices)
    text += (text.empty() ? "{" : ", ") + slice.name();
  return text + "}";
}

// The same twice: in vectors, and with a net for each part of them.
static std::string loopModule(size_t k, llvm::ArrayRef<llvm::StringRef> form,
                              verify::Random &random) {
  std::vector<Slice> slices;
  std::string looped, plain;
  for (llvm::StringRef statement : form) {
    auto [target, value] = statement.split(" = ");
    slices.emplace_back(target);
    std::string text = llvm::formatv("({0}) ^ {1}'d{2};\n", value, slices.back().bits(),
                                     random.bits() % (1u << slices.back().bits()));
    looped += "  assign " + target.str() + " = " + text;
    plain += llvm::formatv("  wire [{0}:0] {1};\n", slices.back().bits() - 1, slices.back().name());
    plain += "  assign " + slices.back().name() + " = " + withNames(text);
  }
  unsigned width = 0;
  for (const Slice &slice : slices)
    width = std::max(width, slice.high + 1);
  return llvm::formatv("module lathe_loop_{0}(input [7:0] a, output [{1}:0] looped, "
                       "output [{1}:0] plain);\n  wire [{1}:0] x, y;\n{2}{3}"
                       "  assign looped = x ^ y;\n  assign plain = {4} ^ {5};\nendmodule\n",
                       k, width - 1, looped, plain, joined('x', slices), joined('y', slices))
      .str();
}

// ---- the top module

// "  input [63:0] cmd_word_i;", as yosys writes it.
static std::vector<Port> portsOf(llvm::StringRef verilog) {
  static const llvm::Regex line("^  (input|output) (\\[([0-9]+):0\\] )?([a-z_]+);$");
  std::vector<Port> ports;
  llvm::SmallVector<llvm::StringRef> lines, match;
  verilog.split(lines, '\n');
  for (llvm::StringRef text : lines) {
    if (!line.match(text, &match))
      continue;
    unsigned high = 0;
    if (!match[3].empty() && match[3].getAsInteger(10, high))
      continue;
    ports.push_back({match[1] == "input", high + 1, match[4].str()});
  }
  return ports;
}

// Bytes of the wide inputs: "cmd_word_i[15:8]".
static std::vector<std::pair<const Port *, unsigned>> bytesOf(llvm::ArrayRef<Port> ports) {
  std::vector<std::pair<const Port *, unsigned>> bytes;
  for (const Port &port : ports)
    for (unsigned low = 0; port.isInput && port.bits > 32 && low + 8 <= port.bits; low += 8)
      bytes.push_back({&port, low});
  return bytes;
}

static constexpr llvm::StringLiteral kCore = "lathe_faulty_core", kSelect = "lathe_select_i";

static std::string topModule(const mutation::Netlist &netlist, llvm::ArrayRef<Port> ports,
                             verify::Random &random, size_t loops, LoopedRtl &rtl) {
  auto bytes = bytesOf(ports);
  std::string modules, nets, active;
  std::map<std::string, std::string> inverted; // by input: what is wrong about it
  for (size_t k = 0; k < loops; ++k) {
    size_t form = k % kForms.size();
    modules += loopModule(k, kForms[form], random);
    auto [port, low] = bytes[random.bits() % bytes.size()];
    uint32_t select = rtl.loopSelect(k);
    std::string byte = llvm::formatv("{0}[{1}:{2}]", port->name, low + 7, low);
    nets +=
        llvm::formatv("  wire [7:0] looped_{0}, plain_{0};\n"
                      "  lathe_loop_{0} loop_{0} (.a({1}), .looped(looped_{0}), "
                      ".plain(plain_{0}));\n"
                      "  wire [7:0] wrong_{0} = {2} == 32'd{3} ? looped_{0} ^ plain_{0} : 8'd0;\n",
                      k, byte, kSelect, select);
    std::string shown = "its own input";
    if (k % 2 == 0) {
      inverted[port->name] += llvm::formatv(" ^ ({0}'d0 | wrong_{1}) << {2}", port->bits, k, low);
    } else {
      size_t fault = netlist.faults.size() - 1 - k / 2;
      active += llvm::formatv("      (|wrong_{0}) ? 32'd{1} :\n", k, fault + 1);
      shown = netlist.faults[fault].what;
    }
    rtl.loops.push_back(llvm::formatv("form {0} on {1}, shown as {2}", form, byte, shown));
  }
  std::string header, connections;
  for (const Port &port : ports) {
    header += llvm::formatv("{0}  {1} [{2}:0] {3}", header.empty() ? "" : ",\n",
                            port.isInput ? "input" : "output", port.bits - 1, port.name);
    std::string value = port.name + inverted[port.name];
    if (port.name == kSelect)
      value = "select";
    connections +=
        llvm::formatv("{0}    .{1}({2})", connections.empty() ? "" : ",\n", port.name, value);
  }
  return modules + llvm::formatv("module {0} (\n{1}\n);\n{2}  wire [31:0] select =\n{3}"
                                 "      {4} > 32'd{5} ? 32'd0 : {4};\n  {6} core (\n{7}\n  );\n"
                                 "endmodule\n",
                                 netlist.top, header, nets, active, kSelect, rtl.faults, kCore,
                                 connections)
                       .str();
}

// ---- files

static bool write(const std::string &path, llvm::StringRef text, Diagnostics &diagnostics) {
  std::error_code failure;
  llvm::raw_fd_ostream out(path, failure);
  if (!failure)
    out << text;
  else
    diagnostics.report(Message::FileUnwritable, Place{path, 0, 0, {}}, path, failure.message());
  return !failure;
}

static bool runYosys(const std::string &script, const std::string &log, Diagnostics &diagnostics) {
  auto yosys = llvm::sys::findProgramByName("yosys");
  if (!yosys) {
    diagnostics.report(Message::RtlToolMissing, Place(), "yosys");
    return false;
  }
  std::optional<llvm::StringRef> redirects[] = {std::nullopt, llvm::StringRef(log),
                                                llvm::StringRef(log)};
  if (llvm::sys::ExecuteAndWait(*yosys, {*yosys, "-q", script}, std::nullopt, redirects) == 0)
    return true;
  auto text = llvm::MemoryBuffer::getFile(log);
  diagnostics.report(Message::NetlistFailed, Place(), "loops",
                     text ? (*text)->getBuffer() : llvm::StringRef("it said nothing"));
  return false;
}

std::optional<LoopedRtl> lathe::blame::makeLoops(const mutation::Netlist &netlist, size_t loops,
                                                 uint64_t seed, const std::string &folder,
                                                 Diagnostics &diagnostics) {
  auto verilog = llvm::MemoryBuffer::getFile(netlist.verilog);
  if (!verilog) {
    diagnostics.report(Message::FileUnreadable, Place{netlist.verilog, 0, 0, {}}, netlist.verilog,
                       verilog.getError().message());
    return std::nullopt;
  }
  LoopedRtl rtl;
  rtl.faults = netlist.faults.size();
  rtl.files = {folder + "/core.v", folder + "/loops.sv"};
  rtl.flat = folder + "/flat.v";
  verify::Random random("loops", seed);
  std::string top = topModule(netlist, portsOf((*verilog)->getBuffer()), random, loops, rtl);
  // As sdk/mutation does it for Icarus: a memory's enables are one signal.
  std::string script =
      llvm::formatv("read_rtlil {0}\nrename {1} {2}\nwrite_verilog -noattr {3}\n"
                    "read_verilog -sv {4}\nhierarchy -check -top {1}\nproc\nflatten\n"
                    "opt_clean -purge\nselect -set enables w:*_EN* %ci1 t:$mux %i\n"
                    "simplemap @enables\nopt_expr -mux_bool\nopt_merge\nsplitnets w:*_EN*\n"
                    "splitnets -driver\nopt_clean -purge\nrename -top {1}\n"
                    "write_verilog -noattr {5}\n",
                    netlist.selectable, netlist.top, kCore, rtl.files[0], rtl.files[1], rtl.flat);
  std::string scriptFile = folder + "/loops.ys";
  if (!write(rtl.files[1], top, diagnostics) || !write(scriptFile, script, diagnostics) ||
      !runYosys(scriptFile, folder + "/loops.log", diagnostics))
    return std::nullopt;
  return rtl;
}
