// The head, the decoder, the sequencer and its counters.
#include "simulators/rtl/BridgeWriter.h"

#include "llvm/Support/FormatVariadic.h"

using namespace lathe;
using llvm::StringRef;

void BridgeWriter::writeHead() {
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
      << (widths.count(kSelectPort.str()) ? "  input  logic [31:0] lathe_select_i,\n" : "")
      << "  output logic idle_o,\n  output logic [7:0] error_o,\n"
         "  input  logic [7:0] perf_sel_i,\n  output logic [47:0] perf_data_o\n);\n";
}

void BridgeWriter::writeSignals() {
  out << "  localparam int unsigned WordBits = " << target.instructionWidth << ";\n"
      << "  typedef logic [" << dataBits(binding.commands) - 1 << ":0] "
      << (isBus() ? "bus_t" : "word_t") << ";\n"
      << "  // Inputs of the design change only where its clock ticks, when it is held at times.\n"
         "  logic tick, stall;\n  assign tick = !stall;\n";
  for (const BridgeInterface &interface : interfaces)
    for (const RoleRule &rule : interface.group->info().roles)
      out << "  logic [" << roleBits(*interface.group, rule) - 1 << ":0] " << interface.name << "_"
          << rule.name << ";\n";
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

std::string BridgeWriter::hex(const Word &word, unsigned width) {
  std::string digits;
  for (unsigned limb = word.size(); limb-- > 0;)
    digits += llvm::formatv("{0:x-16}", word[limb]).str();
  return std::to_string(width) + "'h" + StringRef(digits).take_back((width + 3) / 4).str();
}

bool BridgeWriter::isMover(const Intrinsic &intrinsic) const {
  return isMove(binding, target, intrinsic);
}

void BridgeWriter::writeDecoder() {
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
        << ") == " << hex(intrinsic.match, width) << ") begin  // " << intrinsic.name
        << "\n      known = 1'b1;\n      allowed = " << rangeText(target, intrinsic)
        << ";\n      moves = 1'b" << isMover(intrinsic) << ";\n      which = 8'd" << id
        << ";\n      first = 16'd" << firsts[id] << ";\n    end\n";
  }
  out << "  end\n\n";
}

// States: 0 takes a word, 1 looks at it, then the steps.
void BridgeWriter::layOutSteps() {
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

void BridgeWriter::writeSequencer() {
  out << "  // ---- the sequencer\n  logic [15:0] pc_q;\n  logic step, last;\n"
         "  always_comb begin\n    step = 1'b0;\n    last = 1'b0;\n    bus_req = 1'b0;\n"
         "    bus_write = 1'b0;\n    bus_addr = '0;\n    bus_wdata = '0;\n"
         "    word_offer = 1'b0;\n    run = 1'b0;\n    program_write = 1'b0;\n"
      << (isBus() ? "" : "    word_data = '0;\n") << heldAtRest()
      << "    move = 1'b0;\n    move_to_host = 1'b0;\n    move_base = '0;\n"
         "    move_stride = '0;\n    move_segments = '0;\n    move_segment_bytes = '0;\n"
         "    move_unit_bytes = '0;\n    move_first = '0;\n    move_space = '0;\n"
         "    case (pc_q)\n";
  for (const Routine &routine : routines)
    for (size_t i = 0; i < routine.steps.size(); ++i)
      writeStep(routine.first + i, routine.steps[i], i + 1 == routine.steps.size());
  out << "      default: ;\n    endcase\n  end\n\n";
  writeControl();
}

std::string BridgeWriter::heldAtRest() const {
  std::string text;
  for (const auto &[operand, port] : binding.operands)
    text += "    held_" + port.name + " = '0;\n";
  return text;
}

void BridgeWriter::writeStep(unsigned pc, const BridgeStep &step, bool isLast) {
  out << "      16'd" << pc << ": begin  // " << step.comment << "\n";
  for (const std::string &drive : step.drives)
    out << "        " << drive << ";\n";
  out << "        step = " << step.until << ";\n";
  if (isLast)
    out << "        last = 1'b1;\n";
  out << "      end\n";
}

bool BridgeWriter::refuses() const { return !binding.error; }

void BridgeWriter::writeControl() {
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

void BridgeWriter::writeCounts() {
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
              ? " && pc_q > 16'd" + std::to_string(launchFirst + launchSteps(binding).size() - 1)
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
void BridgeWriter::writeStates() {
  std::set<unsigned> kept;
  for (const Intrinsic &intrinsic : target.intrinsics)
    for (const TileOperand &tile : intrinsic.tiles)
      if (tile.step.kind == Step::Kind::State &&
          (isMover(intrinsic) || resultOf(target, intrinsic)))
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
