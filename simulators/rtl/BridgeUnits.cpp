// Rows of the design's memories, and results, as the mover sees them.
#include "simulators/rtl/Bridge.h"
#include "simulators/rtl/BridgeWriter.h"

using namespace lathe;

std::vector<BridgeWriter::Piece> BridgeWriter::piecesOf(const Space &space) {
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

void BridgeWriter::writeUnits() {
  out << "  // ---- rows of the design's memories, and results\n  logic [31:0] row;\n"
         "  assign row = move_first + unit;\n";
  for (const auto &[id, group] : binding.spaces) {
    const Space &space = target.spaces[id];
    out << "  logic [" << storedBits(space) - 1 << ":0] " << space.name << "_stored, " << space.name
        << "_word;\n  logic [UnitBits-1:0] " << space.name << "_row;\n  logic " << space.name
        << "_store, " << space.name << "_fetch, " << space.name << "_done;\n"
        << "  assign " << space.name << "_store = unit_store && move_space == 8'd" << id
        << ";\n  assign " << space.name << "_fetch = unit_fetch && move_space == 8'd" << id
        << ";\n  always_comb begin\n    " << space.name << "_word = '0;\n    " << space.name
        << "_row = '0;\n";
    for (const Piece &piece : piecesOf(space))
      out << "    " << space.name << "_word[" << piece.storedLsb << " +: " << piece.bits
          << "] = unit_out[" << piece.unitLsb << " +: " << piece.bits << "];\n    " << space.name
          << "_row[" << piece.unitLsb << " +: " << piece.bits << "] = " << space.name << "_stored["
          << piece.storedLsb << " +: " << piece.bits << "];\n";
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
void BridgeWriter::extendElements(const Space &space) {
  int64_t bits = space.element.bits, whole = 8 * space.element.bytes();
  if (!space.element.isSigned() || bits == whole)
    return;
  for (int64_t element = 0; element < space.rowElements(); ++element)
    out << "    " << space.name << "_row[" << element * whole + bits << " +: " << whole - bits
        << "] = {" << whole - bits << "{" << space.name << "_row[" << element * whole + bits - 1
        << "]}};\n";
}

void BridgeWriter::writeArray(const Space &space, const PortGroup &group) {
  std::string path = "u_dut." + group.array.name;
  out << "  assign " << space.name << "_done = 1'b1;\n  assign " << space.name
      << "_stored = " << path << "[row];\n  always_ff @(posedge clk_i) begin\n    if ("
      << space.name << "_store) " << path << "[row] <= " << space.name << "_word;\n  end\n";
}

void BridgeWriter::writeSram(const Space &space, const PortGroup &group) {
  std::string name = space.name;
  out << "  logic [4:0] " << name << "_waited_q;\n  assign " << name << "_addr = row;\n  assign "
      << name << "_we = " << name << "_store;\n  assign " << name << "_en = " << name
      << "_store || (" << name << "_fetch && " << name << "_waited_q == '0);\n  assign " << name
      << "_wdata = " << name << "_word;\n  assign " << name << "_stored = " << name
      << "_rdata;\n  assign " << name << "_done = tick && (" << name << "_store || " << name
      << "_waited_q == 5'd" << group.latency << ");\n  always_ff @(posedge clk_i) begin\n    if (!"
      << name << "_fetch || " << name << "_done) " << name
      << "_waited_q <= '0;\n    else if (tick) " << name << "_waited_q <= " << name
      << "_waited_q + 5'd1;\n  end\n";
}

void BridgeWriter::writeProgramArray() {
  if (binding.program && !binding.program->array.name.empty())
    out << "  always_ff @(posedge clk_i) begin\n    if (program_write) u_dut."
        << binding.program->array.name << "[loaded_q] <= word_q;\n  end\n";
}

void BridgeWriter::writeResults() {
  if (!binding.results)
    return;
  bool isFifo = binding.results->protocol == PortProtocol::Fifo;
  out << "  logic results_fetch, results_done;\n"
         "  assign results_fetch = unit_fetch && move_space == 8'd0;\n"
      << "  assign results_done = "
      << (isFifo ? "results_valid && tick;\n  assign results_ready = results_fetch;\n" : "tick;\n");
}

std::string BridgeWriter::shiftToRow() const {
  if (!binding.resultSpace)
    return "";
  return " >> (row * " + std::to_string(storedBits(target.spaces[*binding.resultSpace])) + ")";
}

void BridgeWriter::chooseUnit() {
  out << "  always_comb begin\n    unit_in = '0;\n    unit_done = 1'b0;\n"
         "    case (move_space)\n";
  for (const auto &[id, group] : binding.spaces) {
    const std::string &name = target.spaces[id].name;
    out << "      8'd" << id << ": begin\n        unit_in = " << name
        << "_row;\n        unit_done = " << name << "_done;\n      end\n";
  }
  if (binding.results)
    out << "      8'd0: begin\n        unit_in = UnitBits'(results_data" << shiftToRow()
        << ");\n        unit_done = results_done;\n      end\n";
  out << "      default: ;\n    endcase\n  end\n\n";
}
