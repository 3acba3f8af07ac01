// The store unit: rows of accumulators plus bias, through the epilogue, into host beats or rows of
// the scratchpad. Commands follow each other without a gap; a store stays in its queue until its
// last beat is acknowledged, a move until its last row is written.
`default_nettype none

module store_unit #(
  parameter int unsigned Dim = 16,
  parameter int unsigned MemBytes = 16,
  parameter int unsigned Queue = 8,
  parameter int unsigned IndexWidth = 3
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  array_types_pkg::store_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] written_o,
  output logic [Queue-1:0] released_o,
  output logic [Queue-1:0] free_o,
  output logic [array_types_pkg::OpMoveI8:array_types_pkg::OpStoreI8] retired_o,

  output logic acc_read_o,
  input  logic acc_ready_i,
  output logic [array_types_pkg::AccWidth-1:0] acc_addr_o,
  output logic [array_types_pkg::BiasWidth-1:0] bias_addr_o,
  input  logic [32*Dim-1:0] acc_i,
  input  logic [32*Dim-1:0] bias_i,

  output logic spm_write_o,
  input  logic spm_ready_i,
  output logic [array_types_pkg::SpmWidth-1:0] spm_addr_o,
  output logic [8*Dim-1:0] spm_data_o,

  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [8*MemBytes-1:0] wr_req_data_o,
  output logic [MemBytes-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o,

  output logic row_o,  // a row was read, or written to the scratchpad
  output logic beat_o  // a beat was accepted
);
  logic [array_types_pkg::StoreCommandWidth-1:0] commands_q [Queue];
  always_ff @(posedge clk_i) begin
    if (push_i) commands_q[index_i] <= command_i;
  end

  // ---- rows out of the accumulators
  logic read_valid, read_pop, row_asked, released, sum_valid, sum_pop;
  logic [IndexWidth-1:0] read_index, released_index;
  logic [32*Dim-1:0] sum;
  array_types_pkg::store_command_t reading;
  assign reading = commands_q[read_index];
  pipe_queue #(.Queue(Queue), .IndexWidth(IndexWidth)) u_reads (
    .clk_i, .rst_ni, .push_i, .index_i, .ready_i,
    .valid_o(read_valid), .pop_i(read_pop), .index_o(read_index)
  );
  store_reader #(.Dim(Dim), .IndexWidth(IndexWidth)) u_reader (
    .clk_i, .rst_ni,
    .next_valid_i(read_valid), .next_pop_o(read_pop), .next_index_i(read_index), .next_i(reading),
    .read_o(row_asked), .ready_i(acc_ready_i), .addr_o(acc_addr_o), .bias_addr_o, .acc_i, .bias_i,
    .released_o(released), .index_o(released_index),
    .row_valid_o(sum_valid), .row_pop_i(sum_pop), .row_o(sum)
  );
  assign acc_read_o = row_asked && acc_ready_i;

  // ---- rows to their places
  logic place_next_valid, place_next_pop, unused_full;
  logic [IndexWidth-1:0] place_next_index, place_index;
  logic place_valid, place_ready, place_last, place_wide, place_move;
  logic [31:0] place_addr;
  logic [array_types_pkg::SpanWidth-1:0] place_span;
  logic [32*Dim-1:0] place;
  array_types_pkg::store_command_t placing;
  assign placing = commands_q[place_next_index];
  fifo #(.Width(IndexWidth), .Depth(Queue)) u_places (
    .clk_i, .rst_ni, .push_i(read_pop), .data_i(read_index), .pop_i(place_next_pop),
    .valid_o(place_next_valid), .full_o(unused_full), .data_o(place_next_index)
  );
  store_rows #(.Dim(Dim), .IndexWidth(IndexWidth)) u_rows (
    .clk_i, .rst_ni,
    .next_valid_i(place_next_valid), .next_pop_o(place_next_pop),
    .next_index_i(place_next_index), .next_i(placing),
    .row_valid_i(sum_valid), .row_pop_o(sum_pop), .row_i(sum),
    .place_valid_o(place_valid), .place_ready_i(place_ready), .place_addr_o(place_addr),
    .place_span_o(place_span), .place_last_o(place_last), .place_wide_o(place_wide),
    .place_move_o(place_move), .place_index_o(place_index), .place_o(place)
  );

  // ---- rows of the scratchpad
  logic moved, move_done;
  assign spm_write_o = place_valid && place_move;
  assign spm_addr_o = place_addr[array_types_pkg::SpmWidth-1:0];
  assign spm_data_o = place[8*Dim-1:0];
  assign moved = spm_write_o && spm_ready_i;
  assign move_done = moved && place_last;
  assign row_o = acc_read_o || moved;

  // ---- beats
  logic beat_step, beats_ready;
  assign place_ready = place_move ? moved : beats_ready;
  store_beats #(.RowBytes(4*Dim), .MemBytes(MemBytes)) u_beats (
    .clk_i, .rst_ni,
    .row_valid_i(place_valid && !place_move), .row_ready_o(beats_ready), .row_addr_i(place_addr),
    .row_span_i(place_span), .row_i(place), .step_o(beat_step),
    .req_valid_o(wr_req_valid_o), .req_ready_i(wr_req_ready_i), .req_addr_o(wr_req_addr_o),
    .req_data_o(wr_req_data_o), .req_strb_o(wr_req_strb_o)
  );
  assign beat_o = wr_req_valid_o && wr_req_ready_i;

  logic done, done_wide;
  logic [IndexWidth-1:0] done_index;
  store_acks #(.Queue(Queue), .IndexWidth(IndexWidth)) u_acks (
    .clk_i, .rst_ni,
    .beat_i(beat_step), .beat_last_i(beats_ready && place_last), .beat_wide_i(place_wide),
    .beat_index_i(place_index), .ack_i(wr_rsp_valid_i && wr_rsp_ready_o),
    .done_o(done), .done_wide_o(done_wide), .done_index_o(done_index)
  );
  assign wr_rsp_ready_o = 1'b1;

  always_comb begin
    written_o = '0;
    released_o = '0;
    free_o = '0;
    if (move_done) begin
      written_o[place_index] = 1'b1;
      free_o[place_index] = 1'b1;
    end
    if (released) released_o[released_index] = 1'b1;
    if (done) free_o[done_index] = 1'b1;
  end
  assign retired_o[array_types_pkg::OpStoreI8] = done && !done_wide;
  assign retired_o[array_types_pkg::OpStoreI32] = done && done_wide;
  assign retired_o[array_types_pkg::OpMoveI8] = move_done;
endmodule
