// The load unit: host beats are asked for as soon as a load is queued; its rows are written, in
// order, once the older commands it must wait for are done. Fills pass through the row side alone.
`default_nettype none

module load_unit #(
  parameter int unsigned Dim = 16,
  parameter int unsigned MemBytes = 16,
  parameter int unsigned Queue = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  array_types_pkg::load_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] written_o,
  output logic [array_types_pkg::OpFill:0] retired_o,

  output logic rd_req_valid_o,
  input  logic rd_req_ready_i,
  output logic [31:0] rd_req_addr_o,
  input  logic rd_rsp_valid_i,
  output logic rd_rsp_ready_o,
  input  logic [8*MemBytes-1:0] rd_rsp_data_i,

  output logic spm_write_o,
  output logic acc_write_o,
  input  logic acc_ready_i,
  output logic bias_write_o,
  output logic [array_types_pkg::SpmWidth-1:0] dst_o,
  output logic [8*Dim-1:0] narrow_o,
  output logic [32*Dim-1:0] wide_o,

  output logic request_o,  // a beat was asked for
  output logic write_o     // a row was written
);
  logic [array_types_pkg::LoadCommandWidth-1:0] commands_q [Queue];
  always_ff @(posedge clk_i) begin
    if (push_i) commands_q[index_i] <= command_i;
  end

  // ---- requests
  logic ask_valid, ask_pop, unused_ask_full;
  logic [IndexWidth-1:0] ask_index;
  fifo #(.Width(IndexWidth), .Depth(Queue)) u_ask (
    .clk_i, .rst_ni,
    .push_i(push_i && command_i.kind != array_types_pkg::LoadFill), .data_i(index_i),
    .pop_i(ask_pop), .valid_o(ask_valid), .full_o(unused_ask_full), .data_o(ask_index)
  );
  array_types_pkg::load_command_t ask;
  assign ask = commands_q[ask_index];
  load_requests #(.MemBytes(MemBytes)) u_requests (
    .clk_i, .rst_ni,
    .next_valid_i(ask_valid), .next_pop_o(ask_pop), .next_i(ask),
    .req_valid_o(rd_req_valid_o), .req_ready_i(rd_req_ready_i), .req_addr_o(rd_req_addr_o)
  );
  assign request_o = rd_req_valid_o && rd_req_ready_i;

  // ---- responses; two beats, so that the port's ready depends on nothing but their number
  logic beat_valid, beat_full, beat_pop;
  logic [8*MemBytes-1:0] beat;
  fifo #(.Width(8*MemBytes), .Depth(2)) u_beats (
    .clk_i, .rst_ni,
    .push_i(rd_rsp_valid_i && rd_rsp_ready_o), .data_i(rd_rsp_data_i),
    .pop_i(beat_pop), .valid_o(beat_valid), .full_o(beat_full), .data_o(beat)
  );
  assign rd_rsp_ready_o = !beat_full;

  // ---- rows
  logic put_valid, put_pop, unused_put_full;
  logic [IndexWidth-1:0] put_index;
  fifo #(.Width(IndexWidth), .Depth(Queue)) u_put (
    .clk_i, .rst_ni,
    .push_i(push_i), .data_i(index_i),
    .pop_i(put_pop), .valid_o(put_valid), .full_o(unused_put_full), .data_o(put_index)
  );
  array_types_pkg::load_command_t put;
  assign put = commands_q[put_index];

  logic row_valid, row_ready, row_last;
  array_types_pkg::load_kind_e row_kind;
  logic [array_types_pkg::ColsWidth-1:0] row_cols;
  logic [IndexWidth-1:0] row_index;
  logic [32*Dim-1:0] row;
  load_rows #(.RowBytes(4*Dim), .MemBytes(MemBytes), .IndexWidth(IndexWidth)) u_rows (
    .clk_i, .rst_ni,
    .next_valid_i(put_valid && ready_i[put_index]), .next_pop_o(put_pop),
    .next_index_i(put_index), .next_i(put),
    .beat_valid_i(beat_valid), .beat_pop_o(beat_pop), .beat_i(beat),
    .row_valid_o(row_valid), .row_ready_i(row_ready), .row_kind_o(row_kind), .row_dst_o(dst_o),
    .row_cols_o(row_cols), .row_last_o(row_last), .row_index_o(row_index), .row_o(row)
  );

  logic to_spm, to_acc, to_bias;
  assign to_spm = row_kind == array_types_pkg::LoadSpm || row_kind == array_types_pkg::LoadFill;
  assign to_acc = row_kind == array_types_pkg::LoadAccI8
      || row_kind == array_types_pkg::LoadAccI32;
  assign to_bias = row_kind == array_types_pkg::LoadBias;
  assign spm_write_o = row_valid && to_spm;
  assign acc_write_o = row_valid && to_acc;
  assign bias_write_o = row_valid && to_bias;
  assign row_ready = !to_acc || acc_ready_i;
  load_widen #(.Dim(Dim)) u_widen (
    .narrow_i(spm_write_o), .wide_i(acc_write_o || bias_write_o),
    .extend_i(row_kind == array_types_pkg::LoadAccI8),
    .cols_i(row_cols), .row_i(row), .narrow_o, .wide_o
  );

  logic done;
  assign write_o = row_valid && row_ready;
  assign done = write_o && row_last;
  always_comb begin
    written_o = '0;
    retired_o = '0;
    if (done) begin
      written_o[row_index] = 1'b1;
      retired_o[array_types_pkg::OpLoad] = row_kind == array_types_pkg::LoadSpm;
      retired_o[array_types_pkg::OpLoadAccI8] = row_kind == array_types_pkg::LoadAccI8;
      retired_o[array_types_pkg::OpLoadAccI32] = row_kind == array_types_pkg::LoadAccI32;
      retired_o[array_types_pkg::OpLoadBias] = row_kind == array_types_pkg::LoadBias;
      retired_o[array_types_pkg::OpFill] = row_kind == array_types_pkg::LoadFill;
    end
  end

`ifndef SYNTHESIS
  // A beat nobody asked for would shift every later row.
  logic [31:0] owed_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) owed_q <= '0;
    else owed_q <= owed_q + 32'(request_o) - 32'(rd_rsp_valid_i && rd_rsp_ready_o);
  end
  response_has_request: assert property (@(posedge clk_i) disable iff (!rst_ni)
    rd_rsp_valid_i |-> (owed_q != '0));
`endif
endmodule
