// The write unit: rows of cells from host memory, `Cycles` cycles each and without a gap while beats
// arrive in time. The cells take their values, a group of `Adcs` columns a cycle, at the beginning of
// these cycles; the row's count of writes goes up by one.
`default_nettype none

module write_unit #(
  parameter int unsigned Cols = 128,
  parameter int unsigned CellBits = 2,
  parameter int unsigned Adcs = 32,
  parameter int unsigned Cycles = 64,
  parameter int unsigned MemBytes = 16,
  parameter int unsigned Queue = 4,
  parameter int unsigned IndexWidth = 2,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  crossbar_types_pkg::move_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] settled_o,
  output logic retired_o,

  output logic req_valid_o,
  input  logic req_ready_i,
  output logic [31-$clog2(MemBytes):0] req_beat_o,
  input  logic beat_valid_i,
  output logic beat_pop_o,
  input  logic [8*MemBytes-1:0] beat_i,

  output logic cell_write_o,
  output logic [crossbar_types_pkg::CellWidth-1:0] row_o,
  output logic [PhaseWidth-1:0] phase_o,
  output logic [CellBits*Adcs-1:0] cells_o,
  output logic wear_read_o,   // of row_o
  output logic wear_write_o,  // a cycle later
  input  logic [31:0] wear_i,
  output logic [31:0] wear_o,

  output logic begin_o,  // a row
  output logic busy_o
);
  localparam int unsigned Phases = Cols / Adcs;
  localparam int unsigned CyclesWidth = Cycles > 1 ? $clog2(Cycles) : 1;

  // ---- requests
  logic ask_valid, ask_pop, unused_ask_full;
  crossbar_types_pkg::move_command_t ask;
  fifo #(.Width(crossbar_types_pkg::MoveCommandWidth), .Depth(Queue)) u_ask (
    .clk_i, .rst_ni, .push_i, .data_i(command_i),
    .pop_i(ask_pop), .valid_o(ask_valid), .full_o(unused_ask_full), .data_o(ask)
  );
  row_requests #(.MemBytes(MemBytes)) u_requests (
    .clk_i, .rst_ni, .next_valid_i(ask_valid), .next_pop_o(ask_pop), .next_i(ask),
    .req_valid_o, .req_ready_i, .req_beat_o
  );

  // ---- rows
  logic put_valid, put_pop, unused_put_full;
  logic [IndexWidth-1:0] put_index;
  crossbar_types_pkg::move_command_t put;
  fifo #(.Width(IndexWidth + crossbar_types_pkg::MoveCommandWidth), .Depth(Queue)) u_put (
    .clk_i, .rst_ni, .push_i, .data_i({index_i, command_i}),
    .pop_i(put_pop), .valid_o(put_valid), .full_o(unused_put_full), .data_o({put_index, put})
  );
  logic row_valid, row_last, take;
  crossbar_types_pkg::row_kind_e unused_kind;
  logic [crossbar_types_pkg::CellWidth-1:0] row_dst;
  logic [crossbar_types_pkg::ColsWidth-1:0] row_cols;
  logic [IndexWidth-1:0] row_index;
  logic [8*Cols-1:0] row;
  row_builder #(.RowBytes(Cols), .MemBytes(MemBytes), .IndexWidth(IndexWidth)) u_rows (
    .clk_i, .rst_ni,
    .next_valid_i(put_valid && ready_i[put_index]), .next_pop_o(put_pop),
    .next_index_i(put_index), .next_i(put), .beat_valid_i, .beat_pop_o, .beat_i,
    .row_valid_o(row_valid), .row_ready_i(take), .row_kind_o(unused_kind), .row_dst_o(row_dst),
    .row_cols_o(row_cols), .row_last_o(row_last), .row_index_o(row_index), .row_o(row)
  );

  // ---- the row that is written
  logic busy_q, last_q, done;
  logic [CyclesWidth-1:0] cycle_q;
  logic [IndexWidth-1:0] index_q;
  logic [crossbar_types_pkg::CellWidth-1:0] dst_q;
  logic [CellBits*Cols-1:0] cells_q;
  assign done = busy_q && cycle_q == CyclesWidth'(Cycles - 1);
  assign take = row_valid && (!busy_q || done);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (take) busy_q <= 1'b1;
    else if (done) busy_q <= 1'b0;
  end
  logic [CellBits*Cols-1:0] cells;
  always_comb begin
    cells = '0;
    if (take) begin
      for (int unsigned j = 0; j < Cols; j++) begin
        if (j <= 32'(row_cols)) cells[CellBits*j +: CellBits] = row[8*j +: CellBits];
      end
    end
  end
  always_ff @(posedge clk_i) begin
    if (take) begin
      cycle_q <= '0;
      index_q <= row_index;
      last_q <= row_last;
      dst_q <= row_dst;
      cells_q <= cells;
    end else if (busy_q) begin
      cycle_q <= cycle_q + 1'b1;
      if (cell_write_o) cells_q <= cells_q >> (CellBits * Adcs);
    end
  end

  assign cell_write_o = busy_q && 32'(cycle_q) < Phases;
  assign row_o = dst_q;
  assign phase_o = PhaseWidth'(cycle_q);
  assign cells_o = cells_q[CellBits*Adcs-1:0];
  assign wear_read_o = busy_q && cycle_q == '0;
  assign wear_write_o = busy_q && cycle_q == CyclesWidth'(1);
  assign wear_o = wear_i + 1'b1;
  assign begin_o = wear_read_o;
  assign busy_o = busy_q;
  assign retired_o = done && last_q;
  always_comb begin
    settled_o = '0;
    if (retired_o) settled_o[index_q] = 1'b1;
  end

`ifndef SYNTHESIS
  // A row's groups and its count must fit into its cycles.
  initial cycles_suffice: assert (Cycles >= Phases && Cycles >= 2);
`endif
endmodule
