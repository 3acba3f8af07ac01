// The read unit: acc[i,c] = or += or -= min(sum(r) bit(x[i, first + r], plane) * cell[g + r, c], most)
// << shift, a group of `Adcs` columns a cycle, vectors and commands without a gap between them; of
// PASS and PASS_ADD x[i, first + c] << shift:
//   cycle 0  the vector is read from the inputs       cycle 1  its bits drive the rows
//   cycle 2  sums and conversion                      cycle 3  shift, add, write
`default_nettype none

module read_unit #(
  parameter int unsigned Rows = 128,
  parameter int unsigned Cols = 128,
  parameter int unsigned AdcBits = 6,
  parameter int unsigned Adcs = 32,
  parameter int unsigned Queue = 16,
  parameter int unsigned IndexWidth = 4,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  crossbar_types_pkg::read_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] settled_o,
  output logic [crossbar_types_pkg::OpPassAdd:crossbar_types_pkg::OpRead] retired_o,

  output logic buf_read_o,
  output logic [crossbar_types_pkg::BufWidth-1:0] buf_addr_o,
  input  logic [16*Rows-1:0] buf_i,

  output logic drive_o,
  output logic [crossbar_types_pkg::CellWidth-1:0] row_o,
  output logic [PhaseWidth-1:0] drive_phase_o,
  output logic [Rows-1:0] inputs_o,
  input  logic [AdcBits*Adcs-1:0] sums_i,  // a cycle later

  output logic acc_read_o,
  output logic [crossbar_types_pkg::AccWidth-1:0] acc_read_addr_o,
  output logic [PhaseWidth-1:0] acc_read_phase_o,
  input  logic [32*Adcs-1:0] acc_i,
  output logic acc_write_o,
  output logic [crossbar_types_pkg::AccWidth-1:0] acc_write_addr_o,
  output logic [PhaseWidth-1:0] acc_write_phase_o,
  output logic [32*Adcs-1:0] acc_o,

  output logic step_o,    // a group of columns begins
  output logic convert_o  // and is converted
);
  localparam int unsigned Phases = Cols / Adcs;
  localparam int unsigned AccWidth = crossbar_types_pkg::AccWidth;

  logic next_valid, next_pop, unused_full;
  logic [IndexWidth-1:0] next_index;
  crossbar_types_pkg::read_command_t next;
  fifo #(.Width(IndexWidth + crossbar_types_pkg::ReadCommandWidth), .Depth(Queue)) u_queue (
    .clk_i, .rst_ni, .push_i, .data_i({index_i, command_i}),
    .pop_i(next_pop), .valid_o(next_valid), .full_o(unused_full), .data_o({next_index, next})
  );

  // ---- cycle 0: the group of columns that begins
  logic busy_q, vector_done, done;
  crossbar_types_pkg::read_command_t command_q;
  logic [IndexWidth-1:0] index_q;
  logic [PhaseWidth-1:0] phase_q;
  assign vector_done = busy_q && phase_q == PhaseWidth'(Phases - 1);
  assign done = vector_done && command_q.rows == '0;
  assign next_pop = next_valid && ready_i[next_index] && (!busy_q || done);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (next_pop) busy_q <= 1'b1;
    else if (done) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (next_pop) begin
      command_q <= next;
      index_q <= next_index;
      phase_q <= '0;
    end else if (vector_done) begin
      command_q.x <= command_q.x + 1'b1;
      command_q.acc <= command_q.acc + 1'b1;
      command_q.rows <= command_q.rows - 1'b1;
      phase_q <= '0;
    end else if (busy_q) begin
      phase_q <= phase_q + 1'b1;
    end
  end
  assign buf_read_o = busy_q && phase_q == '0;
  assign buf_addr_o = command_q.x;
  assign step_o = busy_q;
  assign convert_o = busy_q && !command_q.pass;

  // ---- what goes along: the place, what is done there, and whether it is the command's last
  localparam int unsigned TagWidth =
      1 + 3 + IndexWidth + AccWidth + PhaseWidth + crossbar_types_pkg::ShiftWidth;
  logic [2:0] valid_q;
  logic [TagWidth-1:0] tag1_q, tag2_q, tag3_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= {valid_q[1:0], busy_q};
  end
  always_ff @(posedge clk_i) begin
    if (busy_q)
      tag1_q <= {done, command_q.pass, command_q.subtract, command_q.add, index_q, command_q.acc,
                 phase_q, command_q.shift};
    if (valid_q[0]) tag2_q <= tag1_q;
    if (valid_q[1]) tag3_q <= tag2_q;
  end

  // ---- cycle 1: bits of the group's inputs
  logic first1_q, pass1_q;
  logic [crossbar_types_pkg::CellWidth-1:0] row1_q;
  logic [crossbar_types_pkg::CountWidth-1:0] count1_q;
  logic [crossbar_types_pkg::FirstWidth-1:0] first_input1_q;
  logic [crossbar_types_pkg::PlaneWidth-1:0] plane1_q;
  logic [PhaseWidth-1:0] phase1_q;
  always_ff @(posedge clk_i) begin
    if (busy_q) begin
      first1_q <= phase_q == '0;
      pass1_q <= command_q.pass;
      row1_q <= command_q.g;
      count1_q <= command_q.count;
      first_input1_q <= command_q.first;
      plane1_q <= command_q.plane;
      phase1_q <= phase_q;
    end
  end
  logic [Rows-1:0] bits, driven, driven_q;
  always_comb begin
    bits = '0;
    driven = driven_q;
    if (valid_q[0] && first1_q) begin
      for (int unsigned r = 0; r < Rows; r++) begin
        bits[r] = 1'(buf_i[16*r +: 16] >> plane1_q);
      end
      driven = (bits >> first_input1_q)
          & ~({{(Rows-1){1'b1}}, 1'b0} << count1_q);  // count is minus one
    end
  end
  always_ff @(posedge clk_i) begin
    if (valid_q[0]) driven_q <= driven;
  end
  assign drive_o = valid_q[0] && !pass1_q;
  assign row_o = row1_q;
  assign drive_phase_o = phase1_q;
  assign inputs_o = driven;

  // Inputs that pass; the memory holds them while the groups of their vector go by.
  logic [16*Adcs-1:0] passed, passed2_q, passed_q;
  always_comb begin
    passed = '0;
    if (valid_q[0] && pass1_q)
      passed = (16*Adcs)'(buf_i >> {32'(first_input1_q) + 32'(phase1_q) * Adcs, 4'b0});
  end

  // ---- cycle 2: the ADCs
  logic [AdcBits*Adcs-1:0] sums_q;
  always_ff @(posedge clk_i) begin
    if (valid_q[0]) passed2_q <= passed;
    if (valid_q[1]) begin
      sums_q <= sums_i;
      passed_q <= passed2_q;
    end
  end
  assign acc_read_o = valid_q[1];
  assign acc_read_addr_o = tag2_q[crossbar_types_pkg::ShiftWidth + PhaseWidth +: AccWidth];
  assign acc_read_phase_o = tag2_q[crossbar_types_pkg::ShiftWidth +: PhaseWidth];

  // ---- cycle 3: shift and add
  logic last, pass, subtract, add;
  logic [IndexWidth-1:0] last_index;
  logic [crossbar_types_pkg::ShiftWidth-1:0] shift;
  assign {last, pass, subtract, add, last_index, acc_write_addr_o, acc_write_phase_o, shift} = tag3_q;
  assign acc_write_o = valid_q[2];
  logic [31:0] value;
  always_comb begin
    acc_o = '0;
    value = '0;
    if (valid_q[2]) begin
      for (int unsigned a = 0; a < Adcs; a++) begin
        if (pass) value = {{16{passed_q[16*a+15]}}, passed_q[16*a +: 16]} << shift;
        else value = 32'(sums_q[AdcBits*a +: AdcBits]) << shift;
        if (add) acc_o[32*a +: 32] = acc_i[32*a +: 32] + value;
        else if (subtract) acc_o[32*a +: 32] = acc_i[32*a +: 32] - value;
        else acc_o[32*a +: 32] = value;
      end
    end
  end

  always_comb begin
    settled_o = '0;
    retired_o = '0;
    if (valid_q[2] && last) begin
      settled_o[last_index] = 1'b1;
      retired_o[crossbar_types_pkg::OpRead] = !pass && !add && !subtract;
      retired_o[crossbar_types_pkg::OpReadAdd] = !pass && add;
      retired_o[crossbar_types_pkg::OpReadSub] = subtract;
      retired_o[crossbar_types_pkg::OpPass] = pass && !add;
      retired_o[crossbar_types_pkg::OpPassAdd] = pass && add;
    end
  end
endmodule
