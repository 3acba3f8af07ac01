#include "simulators/rtl/Bridge.h"
#include "simulators/rtl/BridgeSources.h"
#include "simulators/rtl/BridgeSteps.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace lathe;
using llvm::StringRef;

namespace {

/// What a port group is called in the bridge, and the width of each of its roles.
struct Interface {
  std::string name; ///< "commands", "host", "results", "spm"
  const PortGroup *group;
};

class BridgeWriter {
public:
  BridgeWriter(const Target &target, llvm::ArrayRef<RtlPort> ports)
      : target(target), binding(*target.rtl->binding), out(text) {
    for (const RtlPort &port : ports)
      widths[port.name] = port.bits;
    interfaces.push_back({"commands", &binding.commands});
    if (binding.host)
      interfaces.push_back({"host", &*binding.host});
    for (const auto &[space, group] : binding.spaces)
      interfaces.push_back({target.spaces[space].name, &group});
    if (binding.results)
      interfaces.push_back({"results", &*binding.results});
    beatBytes = target.spaces[kHostSpace].readBytes;
    unitBits = 8 * largestUnit(target);
  }

  std::string write() {
    writeHead();
    writeSignals();
    writeDecoder();
    writeSequencer();
    writeBus();
    writeMover();
    writeUnits();
    writeHost();
    writePorts();
    writeDesign();
    out << "endmodule\n\n";
    for (const std::string &module : used)
      out << bridgeSource(module) << "\n";
    return text;
  }

private:
  // ---- names and widths

  unsigned bitsOf(const PortGroup &group, StringRef role) const {
    auto port = group.ports.find(role.str());
    auto found = port == group.ports.end() ? widths.end() : widths.find(port->second.name);
    return found == widths.end() ? 0 : found->second;
  }
  bool has(const PortGroup &group, StringRef role) const { return bitsOf(group, role) != 0; }
  unsigned dataBits(const PortGroup &group) const {
    for (StringRef role : {"wdata", "pwdata", "data", "rdata"})
      if (unsigned bits = bitsOf(group, role))
        return bits;
    return 1;
  }
  unsigned addressBits(const PortGroup &group) const {
    for (StringRef role : {"addr", "paddr", "awaddr"})
      if (unsigned bits = bitsOf(group, role))
        return bits;
    return 1;
  }
  unsigned roleBits(const PortGroup &group, const RoleRule &rule) const {
    if (unsigned bits = bitsOf(group, rule.name))
      return bits;
    switch (rule.width) {
    case RoleWidth::Data:
      return dataBits(group);
    case RoleWidth::Strobe:
      return std::max(1u, dataBits(group) / 8);
    case RoleWidth::Fixed:
      return rule.bits;
    case RoleWidth::One:
    case RoleWidth::Any:
      return 1;
    }
    return 1;
  }
  bool isBus() const { return binding.commands.info().isBus(); }
  bool holdsClock() const {
    bool fifoCannotWait = binding.results && binding.results->protocol == PortProtocol::Fifo &&
                          !has(*binding.results, "ready");
    return fifoCannotWait ||
           (binding.host && binding.host->protocol == PortProtocol::HostSram);
  }

  // ---- the module's head

  void writeHead() {
    out << "// The bridge between the port contract and '" << target.rtl->top
        << "'. Made by lathe from the manifest's rtl.binding: do not edit.\n"
           "`default_nettype none\n"
           "/* verilator lint_off WIDTH */\n/* verilator lint_off MULTIDRIVEN */\n\n"
           "module lathe_top (\n  input  logic clk_i,\n  input  logic rst_ni,\n"
           "  input  logic cmd_valid_i,\n  output logic cmd_ready_o,\n"
        << "  input  logic [" << target.instructionWidth - 1 << ":0] cmd_word_i,\n"
        << "  output logic rd_req_valid_o,\n  input  logic rd_req_ready_i,\n"
           "  output logic [31:0] rd_req_addr_o,\n  input  logic rd_rsp_valid_i,\n"
           "  output logic rd_rsp_ready_o,\n"
        << "  input  logic [" << 8 * beatBytes - 1 << ":0] rd_rsp_data_i,\n"
        << "  output logic wr_req_valid_o,\n  input  logic wr_req_ready_i,\n"
           "  output logic [31:0] wr_req_addr_o,\n"
        << "  output logic [" << 8 * beatBytes - 1 << ":0] wr_req_data_o,\n"
        << "  output logic [" << beatBytes - 1 << ":0] wr_req_strb_o,\n"
        << "  input  logic wr_rsp_valid_i,\n  output logic wr_rsp_ready_o,\n"
           "  output logic idle_o,\n  output logic [7:0] error_o,\n"
           "  input  logic [7:0] perf_sel_i,\n  output logic [47:0] perf_data_o\n);\n";
  }

  void writeSignals() {
    out << "  localparam int unsigned WordBits = " << target.instructionWidth << ";\n"
        << "  typedef logic [" << dataBits(binding.commands) - 1 << ":0] "
        << (isBus() ? "bus_t" : "word_t") << ";\n"
        << "  // Inputs of the design change only where its clock ticks, when it is held at times.\n"
           "  logic tick, stall;\n  assign tick = !stall;\n";
    for (const Interface &interface : interfaces)
      for (const RoleRule &rule : interface.group->info().roles)
        out << "  logic [" << roleBits(*interface.group, rule) - 1 << ":0] " << interface.name
            << "_" << rule.name << ";\n";
    for (const auto &[operand, port] : binding.operands)
      out << "  logic [63:0] held_" << port.name << ";\n";
    out << "  logic dut_done, dut_error;\n  logic [WordBits-1:0] word_q;\n"
           "  logic [31:0] loaded_q;  // commands of the program that is gathered\n"
           "  logic waits_q, word_offer, run, program_write;\n"
        << (isBus() ? "" : "  word_t word_data;\n")
        << "  logic bus_req, bus_write, bus_ack;\n  logic [31:0] bus_addr;\n"
           "  logic [63:0] bus_wdata, bus_rdata;\n"
           "  logic move, move_to_host, move_done, move_idle;\n"
           "  logic [31:0] move_base, move_stride, move_segments, move_segment_bytes, "
           "move_unit_bytes, move_first;\n  logic [7:0] move_space;\n"
        << "  localparam int unsigned UnitBits = " << unitBits << ";\n"
        << "  logic [31:0] unit;\n  logic unit_fetch, unit_store, unit_done;\n"
           "  logic [UnitBits-1:0] unit_in, unit_out;\n  logic host_idle;\n\n";
  }

  // ---- what a word means

  static std::string hex(const Word &word, unsigned width) {
    std::string digits;
    for (unsigned limb = word.size(); limb-- > 0;)
      digits += llvm::formatv("{0:x-16}", word[limb]).str();
    return std::to_string(width) + "'h" +
           StringRef(digits).take_back((width + 3) / 4).str();
  }

  bool isMover(const Intrinsic &intrinsic) const { return isMove(binding, target, intrinsic); }

  void writeDecoder() {
    layOutSteps();
    out << "  // ---- what a word means\n"
           "  logic known, allowed, moves;\n  logic [15:0] first;\n  logic [7:0] which;\n"
           "  always_comb begin\n    known = 1'b0;\n    allowed = 1'b0;\n    moves = 1'b0;\n"
           "    which = '0;\n    first = 16'd"
        << unknownFirst << ";\n";
    for (unsigned id = 0; id < target.intrinsics.size(); ++id) {
      const Intrinsic &intrinsic = target.intrinsics[id];
      unsigned width = target.instructionWidth;
      out << "    if ((word_q & " << hex(intrinsic.mask, width)
          << ") == " << hex(intrinsic.match, width) << ") begin  // " << intrinsic.name << "\n      known = 1'b1;\n      allowed = "
          << rangeText(target, intrinsic) << ";\n      moves = 1'b" << isMover(intrinsic)
          << ";\n      which = 8'd" << id << ";\n      first = 16'd" << firsts[id]
          << ";\n    end\n";
    }
    out << "  end\n\n";
  }

  // States: 0 takes a word, 1 looks at it, then the steps.
  void layOutSteps() {
    unsigned at = 2;
    auto place = [&](BridgeSteps steps) {
      unsigned first = at;
      at += steps.size();
      if (steps.empty())
        return 0u;
      routines.push_back({first, std::move(steps)});
      return first;
    };
    unsigned portBits = dataBits(binding.commands);
    if (binding.program)
      launchFirst = place(launchSteps(binding));
    for (const Intrinsic &intrinsic : target.intrinsics)
      firsts.push_back(place(stepsOf(target, intrinsic, portBits)));
    if (binding.error && !isBus())
      unknownFirst = place(unknownSteps(target, portBits));
  }

  // ---- the sequencer

  void writeSequencer() {
    out << "  // ---- the sequencer\n  logic [15:0] pc_q;\n  logic step, last;\n"
           "  always_comb begin\n    step = 1'b0;\n    last = 1'b0;\n    bus_req = 1'b0;\n"
           "    bus_write = 1'b0;\n    bus_addr = '0;\n    bus_wdata = '0;\n"
           "    word_offer = 1'b0;\n    run = 1'b0;\n    program_write = 1'b0;\n"
        << (isBus() ? "" : "    word_data = '0;\n")
        << heldAtRest() << "    move = 1'b0;\n    move_to_host = 1'b0;\n    move_base = '0;\n"
           "    move_stride = '0;\n    move_segments = '0;\n    move_segment_bytes = '0;\n"
           "    move_unit_bytes = '0;\n    move_first = '0;\n    move_space = '0;\n"
           "    case (pc_q)\n";
    for (const Routine &routine : routines)
      for (size_t i = 0; i < routine.steps.size(); ++i)
        writeStep(routine.first + i, routine.steps[i], i + 1 == routine.steps.size());
    out << "      default: ;\n    endcase\n  end\n\n";
    writeControl();
  }

  std::string heldAtRest() const {
    std::string text;
    for (const auto &[operand, port] : binding.operands)
      text += "    held_" + port.name + " = '0;\n";
    return text;
  }

  void writeStep(unsigned pc, const BridgeStep &step, bool isLast) {
    out << "      16'd" << pc << ": begin  // " << step.comment << "\n";
    for (const std::string &drive : step.drives)
      out << "        " << drive << ";\n";
    out << "        step = " << step.until << ";\n";
    if (isLast)
      out << "        last = 1'b1;\n";
    out << "      end\n";
  }

  bool refuses() const { return !binding.error; }

  void writeControl() {
    std::string capacity = std::to_string(binding.program ? binding.program->capacity : 1);
    std::string launch = std::to_string(launchFirst);
    out << "  logic looks, refused, goes;\n"
           "  assign looks = pc_q == 16'd1;\n"
        << "  assign refused = looks && " << (refuses() ? "!(known && allowed)" : "1'b0") << ";\n"
        << "  assign goes = looks && !refused && first != 16'd0;\n"
        << "  assign cmd_ready_o = pc_q == 16'd0 && loaded_q != 32'd" << capacity << ";\n"
        << "  always_ff @(posedge clk_i) begin\n    if (!rst_ni) begin\n      pc_q <= '0;\n"
           "      loaded_q <= '0;\n      waits_q <= 1'b0;\n    end else if (pc_q == 16'd0) begin\n"
           "      if (cmd_valid_i && cmd_ready_o) begin\n        word_q <= cmd_word_i;\n"
           "        pc_q <= 16'd1;\n      end";
    if (binding.program)
      out << " else if (loaded_q != '0) begin\n        pc_q <= 16'd" << launch << ";\n      end";
    out << "\n    end else if (looks) begin\n      pc_q <= refused ? 16'd0 : first;\n";
    if (binding.program)
      out << "      if (!refused && moves && loaded_q != '0) begin  // first what was gathered\n"
             "        pc_q <= 16'd"
          << launch << ";\n        waits_q <= 1'b1;\n      end\n";
    out << "    end else if (step) begin\n      pc_q <= last ? 16'd0 : pc_q + 16'd1;\n";
    if (binding.program) {
      unsigned launchLast = launchFirst + launchSteps(binding).size() - 1;
      out << "      if (last && pc_q == 16'd" << launchLast
          << ") begin\n        loaded_q <= '0;\n        waits_q <= 1'b0;\n"
             "        if (waits_q) pc_q <= 16'd1;\n"
             "      end else if (last && !moves) begin\n        loaded_q <= loaded_q + 32'd1;\n"
             "      end\n";
    }
    out << "    end\n  end\n\n";
    writeCounts();
  }

  void writeCounts() {
    unsigned reserved = target.rtl->reservedError.value_or(1);
    unsigned range = target.rtl->rangeError.value_or(2);
    out << "  logic [7:0] error_q;\n"
           "  always_ff @(posedge clk_i) begin\n    if (!rst_ni) error_q <= '0;\n"
           "    else if (refused && error_q == '0) error_q <= known ? 8'd"
        << range << " : 8'd" << reserved << ";\n  end\n"
        << "  assign error_o = error_q"
        << (binding.error ? " | 8'(" + wire(*binding.error) + ")" : std::string()) << ";\n\n"
        << "  // Commands that were completed, and of words those that were handed on.\n"
        << "  logic [47:0] retired_q [" << target.intrinsics.size() << "];\n"
        << "  logic retires;\n"
           "  assign retires = (looks && !refused && known && first == 16'd0) || (step && last"
        << (binding.program
                ? " && pc_q > 16'd" +
                      std::to_string(launchFirst + launchSteps(binding).size() - 1)
                : std::string())
        << " && known);\n"
        << "  always_ff @(posedge clk_i) begin\n    if (!rst_ni) begin\n"
           "      for (int i = 0; i < "
        << target.intrinsics.size()
        << "; i++) retired_q[i] <= '0;\n    end else if (retires) begin\n"
           "      retired_q[which] <= retired_q[which] + 48'd1;\n    end\n"
        << "    perf_data_o <= perf_sel_i < 8'd" << target.intrinsics.size()
        << " ? retired_q[perf_sel_i] : '0;\n  end\n\n";
    writeStates();
    bool awaitsDesign = !isBus() && binding.commands.protocol != PortProtocol::Release;
    out << "  assign idle_o = pc_q == '0 && loaded_q == '0 && move_idle && host_idle"
        << (awaitsDesign ? " && dut_done" : "") << ";\n\n";
  }

  // States that are steps of moves; others are the design's.
  void writeStates() {
    std::set<unsigned> kept;
    for (const Intrinsic &intrinsic : target.intrinsics)
      for (const TileOperand &tile : intrinsic.tiles)
        if (tile.step.kind == Step::Kind::State && (isMover(intrinsic) || resultOf(target, intrinsic)))
          kept.insert(tile.step.id);
    for (unsigned state : kept) {
      std::string name = "state_" + target.states[state].name + "_q";
      out << "  logic [63:0] " << name << ";\n  always_ff @(posedge clk_i) begin\n";
      for (unsigned id = 0; id < target.intrinsics.size(); ++id)
        for (auto [set, argument] : stateAssignments(target, target.intrinsics[id]))
          if (set == state)
            out << "    if (retires && which == 8'd" << id << ") " << name
                << " <= " << valueText(target.intrinsics[id].arguments[argument]) << ";\n";
      out << "  end\n";
    }
  }

  // ---- protocols

  void instance(StringRef module, StringRef name, const std::string &parameters,
                const std::vector<std::pair<std::string, std::string>> &pins) {
    used.insert(module.str());
    out << "  " << module << " #(" << parameters << ") u_" << name << " (\n    .clk_i, .rst_ni";
    for (const auto &[pin, signal] : pins)
      out << ",\n    ." << pin << "(" << signal << ")";
    out << "\n  );\n";
  }

  using Pins = std::vector<std::pair<std::string, std::string>>;
  static void addRoles(const Interface &interface, Pins &pins) {
    for (const RoleRule &rule : interface.group->info().roles)
      pins.push_back({rule.name.str(), interface.name + "_" + rule.name.str()});
  }
  std::string sizes(const PortGroup &group) const {
    return llvm::formatv(".AddrBits({0}), .DataBits({1})", addressBits(group), dataBits(group));
  }

  void writeBus() {
    if (!isBus()) {
      out << "  assign bus_ack = 1'b0;\n  assign bus_rdata = '0;\n";
      return;
    }
    Pins pins = {{"tick_i", "tick"},       {"req_i", "bus_req"},     {"write_i", "bus_write"},
                 {"addr_i", "bus_addr"},   {"wdata_i", "bus_wdata"}, {"ack_o", "bus_ack"},
                 {"rdata_o", "bus_rdata"}};
    addRoles(interfaces[0], pins);
    std::string parameters = sizes(binding.commands);
    if (binding.commands.protocol == PortProtocol::Plain)
      parameters += ", .Latency(" + std::to_string(binding.commands.latency) + ")";
    instance("lathe_" + binding.commands.info().name.str(), "bus", parameters, pins);
  }

  static Pins hostPins(const std::string &prefix) {
    Pins pins;
    for (StringRef pin :
         {"rd_req_valid_o", "rd_req_addr_o", "rd_rsp_ready_o", "wr_req_valid_o", "wr_req_addr_o",
          "wr_req_data_o", "wr_req_strb_o", "wr_rsp_ready_o"})
      pins.push_back({pin.str(), prefix + pin.drop_back(2).str()});
    for (StringRef pin : {"rd_req_ready_i", "rd_rsp_valid_i", "rd_rsp_data_i", "wr_req_ready_i",
                          "wr_rsp_valid_i"})
      pins.push_back({pin.str(), pin.str()});
    return pins;
  }

  void hostSignals(StringRef prefix) {
    out << "  logic " << prefix << "rd_req_valid, " << prefix << "rd_rsp_ready, " << prefix
        << "wr_req_valid, " << prefix << "wr_rsp_ready;\n  logic [31:0] " << prefix
        << "rd_req_addr, " << prefix << "wr_req_addr;\n  logic [" << 8 * beatBytes - 1 << ":0] "
        << prefix << "wr_req_data;\n  logic [" << beatBytes - 1 << ":0] " << prefix
        << "wr_req_strb;\n";
  }

  bool hasMover() const { return !binding.host; }

  void writeMover() {
    if (!hasMover()) {
      out << "  assign move_done = 1'b0;\n  assign move_idle = 1'b1;\n"
             "  assign {unit, unit_fetch, unit_store, unit_out} = '0;\n";
      return;
    }
    hostSignals("h_");
    Pins pins = {{"start_i", "move"},
                 {"to_host_i", "move_to_host"},
                 {"base_i", "move_base"},
                 {"stride_i", "move_stride"},
                 {"segments_i", "move_segments"},
                 {"segment_bytes_i", "move_segment_bytes"},
                 {"unit_bytes_i", "move_unit_bytes"},
                 {"done_o", "move_done"},
                 {"idle_o", "move_idle"},
                 {"unit_o", "unit"},
                 {"fetch_o", "unit_fetch"},
                 {"store_o", "unit_store"},
                 {"unit_done_i", "unit_done"},
                 {"unit_data_i", "unit_in"},
                 {"unit_data_o", "unit_out"}};
    for (auto &pin : hostPins("h_"))
      pins.push_back(pin);
    instance("lathe_mover", "mover",
             llvm::formatv(".BeatBytes({0}), .UnitBytes({1})", beatBytes, unitBits / 8).str(),
             pins);
  }

  // ---- units: rows of a memory, results

  // Bits [from, from + width) of `unit_in`, and of the stored word, in both directions.
  struct Piece {
    int64_t unitLsb, storedLsb, bits;
  };
  static std::vector<Piece> piecesOf(const Space &space) {
    std::vector<Piece> pieces;
    for (int64_t element = 0; element < space.rowElements(); ++element)
      for (int64_t bit = 0; bit < space.element.bits; ++bit) {
        int64_t unitBit = element * 8 * space.element.bytes() + bit;
        int64_t stored = storedBit(space, element, bit);
        if (!pieces.empty() && pieces.back().unitLsb + pieces.back().bits == unitBit &&
            pieces.back().storedLsb + pieces.back().bits == stored)
          ++pieces.back().bits;
        else
          pieces.push_back({unitBit, stored, 1});
      }
    return pieces;
  }

  void writeUnits() {
    out << "  // ---- rows of the design's memories, and results\n  logic [31:0] row;\n"
           "  assign row = move_first + unit;\n";
    for (const auto &[id, group] : binding.spaces) {
      const Space &space = target.spaces[id];
      out << "  logic [" << storedBits(space) - 1 << ":0] " << space.name << "_stored, "
          << space.name << "_word;\n  logic [UnitBits-1:0] " << space.name << "_row;\n  logic "
          << space.name << "_store, " << space.name << "_fetch, " << space.name << "_done;\n"
          << "  assign " << space.name << "_store = unit_store && move_space == 8'd" << id
          << ";\n  assign " << space.name << "_fetch = unit_fetch && move_space == 8'd" << id
          << ";\n  always_comb begin\n    " << space.name << "_word = '0;\n    " << space.name
          << "_row = '0;\n";
      for (const Piece &piece : piecesOf(space))
        out << "    " << space.name << "_word[" << piece.storedLsb << " +: " << piece.bits
            << "] = unit_out[" << piece.unitLsb << " +: " << piece.bits << "];\n    "
            << space.name << "_row[" << piece.unitLsb << " +: " << piece.bits << "] = "
            << space.name << "_stored[" << piece.storedLsb << " +: " << piece.bits << "];\n";
      extendElements(space);
      out << "  end\n";
      if (group.protocol == PortProtocol::Array)
        writeArray(space, group);
      else
        writeSram(space, group);
    }
    writeProgramArray();
    writeResults();
    chooseUnit();
  }

  // The bytes of an element in host memory have more bits than the element.
  void extendElements(const Space &space) {
    int64_t bits = space.element.bits, whole = 8 * space.element.bytes();
    if (!space.element.isSigned() || bits == whole)
      return;
    for (int64_t element = 0; element < space.rowElements(); ++element)
      out << "    " << space.name << "_row[" << element * whole + bits << " +: " << whole - bits
          << "] = {" << whole - bits << "{" << space.name << "_row[" << element * whole + bits - 1
          << "]}};\n";
  }

  void writeArray(const Space &space, const PortGroup &group) {
    std::string path = "u_dut." + group.array.name;
    out << "  assign " << space.name << "_done = 1'b1;\n  assign " << space.name << "_stored = "
        << path << "[row];\n  always_ff @(posedge clk_i) begin\n    if (" << space.name
        << "_store) " << path << "[row] <= " << space.name << "_word;\n  end\n";
  }

  void writeSram(const Space &space, const PortGroup &group) {
    std::string name = space.name;
    out << "  logic [4:0] " << name << "_waited_q;\n  assign " << name << "_addr = row;\n  assign "
        << name << "_we = " << name << "_store;\n  assign " << name << "_en = " << name
        << "_store || (" << name << "_fetch && " << name << "_waited_q == '0);\n  assign " << name
        << "_wdata = " << name << "_word;\n  assign " << name << "_stored = " << name
        << "_rdata;\n  assign " << name << "_done = tick && (" << name << "_store || " << name
        << "_waited_q == 5'd" << group.latency
        << ");\n  always_ff @(posedge clk_i) begin\n    if (!" << name << "_fetch || " << name
        << "_done) " << name << "_waited_q <= '0;\n    else if (tick) " << name << "_waited_q <= "
        << name << "_waited_q + 5'd1;\n  end\n";
  }

  void writeProgramArray() {
    if (binding.program && !binding.program->array.name.empty())
      out << "  always_ff @(posedge clk_i) begin\n    if (program_write) u_dut."
          << binding.program->array.name << "[loaded_q] <= word_q;\n  end\n";
  }

  void writeResults() {
    if (!binding.results)
      return;
    bool isFifo = binding.results->protocol == PortProtocol::Fifo;
    out << "  logic results_fetch, results_done;\n"
           "  assign results_fetch = unit_fetch && move_space == 8'd0;\n"
        << "  assign results_done = "
        << (isFifo ? "results_valid && tick;\n  assign results_ready = results_fetch;\n"
                   : "tick;\n");
  }

  std::string shiftToRow() const {
    if (!binding.resultSpace)
      return "";
    return " >> (row * " + std::to_string(storedBits(target.spaces[*binding.resultSpace])) + ")";
  }

  void chooseUnit() {
    out << "  always_comb begin\n    unit_in = '0;\n    unit_done = 1'b0;\n"
           "    case (move_space)\n";
    for (const auto &[id, group] : binding.spaces) {
      const std::string &name = target.spaces[id].name;
      out << "      8'd" << id << ": begin\n        unit_in = " << name
          << "_row;\n        unit_done = " << name << "_done;\n      end\n";
    }
    if (binding.results)
      out << "      8'd0: begin\n        unit_in = UnitBits'(results_data"
          << shiftToRow()
          << ");\n        unit_done = results_done;\n      end\n";
    out << "      default: ;\n    endcase\n  end\n\n";
  }

  // ---- host memory

  void writeHost() {
    std::string prefix = "h_";
    std::vector<std::string> stalls;
    if (binding.host) {
      bool isSram = binding.host->protocol == PortProtocol::HostSram;
      hostSignals(prefix);
      Pins pins = {{"tick_i", "tick"}, {"idle_o", "host_idle"}};
      std::string parameters = sizes(*binding.host);
      if (isSram) {
        out << "  logic host_stall;\n";
        pins.push_back({"stall_o", "host_stall"});
        stalls.push_back("host_stall");
        parameters += ", .Latency(" + std::to_string(binding.host->latency) + ")";
      } else {
        parameters += ", .IdBits(" + std::to_string(idBits()) + ")";
      }
      addRoles(*llvm::find_if(interfaces, [](const Interface &i) { return i.name == "host"; }),
               pins);
      for (auto &pin : hostPins(prefix))
        pins.push_back(pin);
      instance(isSram ? "lathe_host_sram" : "lathe_axi4", "host", parameters, pins);
    } else {
      out << "  assign host_idle = 1'b1;\n";
    }
    for (StringRef signal : {"rd_req_valid", "rd_req_addr", "rd_rsp_ready", "wr_req_valid",
                             "wr_req_addr", "wr_req_data", "wr_req_strb", "wr_rsp_ready"})
      out << "  assign " << signal << "_o = " << prefix << signal << ";\n";
    if (binding.results && holdsClock())
      stalls.push_back("(rst_ni && results_valid && !results_fetch)");
    out << "  assign stall = " << (stalls.empty() ? "1'b0" : llvm::join(stalls, " || "))
        << ";\n\n";
  }

  unsigned idBits() const {
    for (StringRef role : {"awid", "arid"})
      if (unsigned bits = bitsOf(*binding.host, role))
        return bits;
    return 1;
  }

  // ---- the design

  // What an optional output says that the design does not have.
  std::string valueOfMissing(const RoleRule &rule) const {
    if (rule.name == "be" || rule.name == "pready")
      return "'1";
    if (rule.name == "awburst" || rule.name == "arburst")
      return "2'b01";
    if (rule.name == "awsize" || rule.name == "arsize")
      return "3'd" + std::to_string(llvm::Log2_64(std::max<int64_t>(1, beatBytes)));
    return "'0";
  }

  void writePorts() {
    for (const Interface &interface : interfaces)
      for (const RoleRule &rule : interface.group->info().roles)
        if (!has(*interface.group, rule.name) && !rule.isInput)
          out << "  assign " << interface.name << "_" << rule.name << " = "
              << valueOfMissing(rule) << ";\n";
    if (binding.commands.protocol == PortProtocol::ValidReady)
      out << "  assign commands_data = word_data;\n  assign commands_valid = word_offer;\n";
    if (binding.commands.protocol == PortProtocol::Pop)
      out << "  assign commands_data = word_data;\n  assign commands_empty = !word_offer;\n";
  }

  std::string wire(const BoundName &name) const { return "pin_" + name.name; }

  void writeDesign() {
    Pins pins;
    std::string clock = "clk_i";
    if (holdsClock()) {
      out << "  logic dut_clock;\n";
      used.insert("lathe_clock_gate");
      out << "  lathe_clock_gate u_gate (.clk_i, .en_i(tick), .clk_o(dut_clock));\n";
      clock = "dut_clock";
    }
    for (const BoundName &name : binding.clocks)
      pins.push_back({name.name, clock});
    if (binding.reset) {
      bool released = binding.commands.protocol == PortProtocol::Release;
      std::string running = released ? "(rst_ni && run)" : "rst_ni";
      pins.push_back({binding.reset->name, binding.resetHigh ? "!" + running : running});
    }
    for (const auto &[name, value] : binding.ties)
      pins.push_back({name.name, std::to_string(value)});
    for (const auto &[operand, port] : binding.operands)
      pins.push_back({port.name, "held_" + port.name});
    for (const Interface &interface : interfaces)
      for (const RoleRule &rule : interface.group->info().roles)
        if (has(*interface.group, rule.name))
          pins.push_back({interface.group->ports.at(rule.name.str()).name,
                          interface.name + "_" + rule.name.str()});
    addOutputs(pins);
    out << "  " << target.rtl->top << " #(";
    for (size_t i = 0; i < target.rtl->parameters.size(); ++i)
      out << (i ? ", ." : ".") << target.rtl->parameters[i].first << "("
          << target.rtl->parameters[i].second << ")";
    out << ") u_dut (";
    for (size_t i = 0; i < pins.size(); ++i)
      out << (i ? ",\n    ." : "\n    .") << pins[i].first << "(" << pins[i].second << ")";
    out << "\n  );\n";
  }

  void addOutputs(Pins &pins) {
    std::set<std::string> connected;
    for (const auto &[pin, signal] : pins)
      connected.insert(pin);
    auto add = [&](const BoundName &name) {
      unsigned bits = widths.count(name.name) ? widths.at(name.name) : 1;
      if (connected.insert(name.name).second)
        pins.push_back({name.name, wire(name)});
      out << "  logic [" << bits - 1 << ":0] " << wire(name) << ";\n";
    };
    if (binding.done.port) {
      add(*binding.done.port);
      out << "  assign dut_done = " << (binding.done.level ? "" : "!") << wire(*binding.done.port)
          << ";\n";
    } else {
      out << "  assign dut_done = 1'b1;\n";
    }
    if (binding.error)
      add(*binding.error);
  }

  struct Routine {
    unsigned first;
    BridgeSteps steps;
  };

  const Target &target;
  const PortBinding &binding;
  std::map<std::string, unsigned> widths; ///< of the design's ports
  std::vector<Interface> interfaces;
  int64_t beatBytes = 1, unitBits = 8;
  std::vector<Routine> routines;
  std::vector<unsigned> firsts; ///< by intrinsic
  unsigned launchFirst = 0, unknownFirst = 0;
  std::set<std::string> used; ///< modules
  std::string text;
  llvm::raw_string_ostream out;
};

} // namespace

std::string Bridge::text(llvm::ArrayRef<RtlPort> ports) const {
  return BridgeWriter(target, ports).write();
}
