// The load unit: host beats are asked for as soon as a load is queued; its rows are written, in
// order, once the older commands it must wait for have settled. A row of inputs or a count of writes
// takes a cycle, one of accumulators or biases a cycle for each group of `Adcs` columns.
`default_nettype none

module load_unit #(
  parameter int unsigned Rows = 128,
  parameter int unsigned Cols = 128,
  parameter int unsigned Adcs = 32,
  parameter int unsigned MemBytes = 16,
  parameter int unsigned Queue = 8,
  parameter int unsigned IndexWidth = 3,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  crossbar_types_pkg::move_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] settled_o,
  output logic [crossbar_types_pkg::OpLoadWear:crossbar_types_pkg::OpLoadI8] retired_o,

  output logic req_valid_o,
  input  logic req_ready_i,
  output logic [31-$clog2(MemBytes):0] req_beat_o,
  input  logic beat_valid_i,
  output logic beat_pop_o,
  input  logic [8*MemBytes-1:0] beat_i,

  output logic buf_write_o,
  output logic acc_write_o,
  input  logic acc_ready_i,
  output logic bias_write_o,
  output logic wear_write_o,
  input  logic wear_ready_i,
  output logic [crossbar_types_pkg::CellWidth-1:0] dst_o,
  output logic [PhaseWidth-1:0] phase_o,  // group of columns, of accumulators and biases
  output logic [16*Rows-1:0] inputs_o,
  output logic [32*Adcs-1:0] words_o,

  output logic write_o  // a row or a group was written
);
  localparam int unsigned Phases = Cols / Adcs;
  localparam int unsigned RowBytes = 2 * Rows > 4 * Cols ? 2 * Rows : 4 * Cols;

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
  logic row_valid, row_ready, row_last;
  crossbar_types_pkg::row_kind_e row_kind;
  logic [crossbar_types_pkg::ColsWidth-1:0] row_cols;
  logic [IndexWidth-1:0] row_index;
  logic [8*RowBytes-1:0] row;
  row_builder #(.RowBytes(RowBytes), .MemBytes(MemBytes), .IndexWidth(IndexWidth)) u_rows (
    .clk_i, .rst_ni,
    .next_valid_i(put_valid && ready_i[put_index]), .next_pop_o(put_pop),
    .next_index_i(put_index), .next_i(put), .beat_valid_i, .beat_pop_o, .beat_i,
    .row_valid_o(row_valid), .row_ready_i(row_ready), .row_kind_o(row_kind), .row_dst_o(dst_o),
    .row_cols_o(row_cols), .row_last_o(row_last), .row_index_o(row_index), .row_o(row)
  );

  // ---- where they go
  logic to_acc, to_bias, to_wear, wide, go;
  logic [PhaseWidth-1:0] phase_q;
  assign to_acc = row_kind == crossbar_types_pkg::RowAcc;
  assign to_bias = row_kind == crossbar_types_pkg::RowBias;
  assign to_wear = row_kind == crossbar_types_pkg::RowWear;
  assign wide = to_acc || to_bias;
  assign buf_write_o = row_valid && !wide && !to_wear;
  assign acc_write_o = row_valid && to_acc && acc_ready_i;
  assign bias_write_o = row_valid && to_bias;
  assign wear_write_o = row_valid && to_wear && wear_ready_i;
  assign go = buf_write_o || acc_write_o || bias_write_o || wear_write_o;
  assign row_ready = go && (!wide || phase_q == PhaseWidth'(Phases - 1));
  assign phase_o = phase_q;
  assign write_o = go;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) phase_q <= '0;
    else if (go && wide) phase_q <= row_ready ? '0 : phase_q + 1'b1;
  end

  // ---- bytes to inputs and words, zero behind the last column
  always_comb begin
    inputs_o = '0;
    if (buf_write_o) begin
      for (int unsigned j = 0; j < Rows; j++) begin
        if (j <= 32'(row_cols)) begin
          if (row_kind == crossbar_types_pkg::RowI16) inputs_o[16*j +: 16] = row[16*j +: 16];
          else if (row_kind == crossbar_types_pkg::RowU8)
            inputs_o[16*j +: 16] = {8'b0, row[8*j +: 8]};
          else inputs_o[16*j +: 16] = {{8{row[8*j+7]}}, row[8*j +: 8]};
        end
      end
    end
  end
  always_comb begin
    words_o = row[32*Adcs-1:0];
    if (wide) begin
      for (int unsigned p = 1; p < Phases; p++) begin
        if (phase_q == PhaseWidth'(p)) words_o = row[32*Adcs*p +: 32*Adcs];
      end
      for (int unsigned j = 0; j < Adcs; j++) begin
        if (32'(phase_q) * Adcs + j > 32'(row_cols)) words_o[32*j +: 32] = '0;
      end
    end
  end

  always_comb begin
    settled_o = '0;
    retired_o = '0;
    if (row_ready && row_last) begin
      settled_o[row_index] = 1'b1;
      retired_o[crossbar_types_pkg::OpLoadI8] = row_kind == crossbar_types_pkg::RowI8;
      retired_o[crossbar_types_pkg::OpLoadU8] = row_kind == crossbar_types_pkg::RowU8;
      retired_o[crossbar_types_pkg::OpLoadI16] = row_kind == crossbar_types_pkg::RowI16;
      retired_o[crossbar_types_pkg::OpLoadAcc] = to_acc;
      retired_o[crossbar_types_pkg::OpLoadBias] = to_bias;
      retired_o[crossbar_types_pkg::OpLoadWear] = to_wear;
    end
  end
endmodule
