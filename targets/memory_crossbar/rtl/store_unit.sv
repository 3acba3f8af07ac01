// The store unit: rows of accumulators plus bias, through the epilogue, into host beats or rows of
// inputs. Row i goes to dst + i * stride. Commands follow each other without a gap; a store stays in
// its queue until its last beat is acknowledged, a move until its last row is written.
`default_nettype none

module store_unit #(
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
  input  crossbar_types_pkg::store_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] settled_o,
  output logic [Queue-1:0] free_o,
  output logic [crossbar_types_pkg::OpStoreWear:crossbar_types_pkg::OpStoreI8] retired_o,

  output logic acc_read_o,
  input  logic acc_ready_i,
  output logic wear_read_o,
  input  logic wear_ready_i,
  output logic [crossbar_types_pkg::CellWidth-1:0] addr_o,
  output logic [PhaseWidth-1:0] phase_o,
  output logic [crossbar_types_pkg::BiasWidth-1:0] bias_addr_o,
  input  logic [32*Adcs-1:0] acc_i,
  input  logic [32*Adcs-1:0] bias_i,
  input  logic [31:0] wear_i,

  output logic buf_write_o,
  input  logic buf_ready_i,
  output logic [crossbar_types_pkg::BufWidth-1:0] buf_addr_o,
  output logic [16*Rows-1:0] buf_o,

  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [8*MemBytes-1:0] wr_req_data_o,
  output logic [MemBytes-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o,

  output logic row_o,  // a group was read, or a row of inputs written
  output logic beat_o  // a beat was accepted
);
  // ---- groups out of the accumulators
  logic next_valid, next_pop, unused_full, released, group, row_valid, row_pop;
  logic [IndexWidth-1:0] next_index, released_index;
  crossbar_types_pkg::store_command_t next;
  fifo #(.Width(IndexWidth + crossbar_types_pkg::StoreCommandWidth), .Depth(Queue)) u_queue (
    .clk_i, .rst_ni, .push_i, .data_i({index_i, command_i}),
    .pop_i(next_pop), .valid_o(next_valid), .full_o(unused_full), .data_o({next_index, next})
  );
  logic [32*Cols-1:0] row;
  store_reader #(
    .Cols(Cols), .Adcs(Adcs), .IndexWidth(IndexWidth), .PhaseWidth(PhaseWidth)
  ) u_reader (
    .clk_i, .rst_ni,
    .next_valid_i(next_valid && ready_i[next_index]), .next_pop_o(next_pop),
    .next_index_i(next_index), .next_i(next),
    .acc_read_o, .acc_ready_i, .wear_read_o, .wear_ready_i, .addr_o, .phase_o, .bias_addr_o,
    .acc_i, .bias_i, .wear_i, .step_o(group), .released_o(released), .index_o(released_index),
    .row_valid_o(row_valid), .row_pop_i(row_pop), .row_o(row)
  );

  // ---- rows to their places
  logic place_valid, place_pop, unused_place_full, busy_q, last;
  logic [IndexWidth-1:0] place_index, index_q;
  crossbar_types_pkg::store_command_t place, place_q;
  fifo #(.Width(IndexWidth + crossbar_types_pkg::StoreCommandWidth), .Depth(Queue)) u_places (
    .clk_i, .rst_ni, .push_i(next_pop), .data_i({next_index, next}), .pop_i(place_pop),
    .valid_o(place_valid), .full_o(unused_place_full), .data_o({place_index, place})
  );
  assign last = place_q.rows == '0;
  assign place_pop = place_valid && (!busy_q || (row_pop && last));
  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (place_pop) busy_q <= 1'b1;
    else if (row_pop && last) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (place_pop) begin
      place_q <= place;
      index_q <= place_index;
    end else if (row_pop) begin
      place_q.dst <= place_q.dst + place_q.stride;
      place_q.rows <= place_q.rows - 1'b1;
    end
  end

  // ---- rows of inputs
  logic to_place, to_buf, moved, move_done;
  assign to_place = busy_q && row_valid;
  assign to_buf = place_q.kind == crossbar_types_pkg::StoreMove;
  assign buf_write_o = to_place && to_buf;
  assign buf_addr_o = crossbar_types_pkg::BufWidth'(place_q.dst);
  assign moved = buf_write_o && buf_ready_i;
  assign move_done = moved && last;
  localparam int unsigned Moved = Rows < Cols ? Rows : Cols;
  always_comb begin
    buf_o = '0;
    if (buf_write_o) begin
      for (int unsigned j = 0; j < Moved; j++) begin
        if (j <= 32'(place_q.cols)) buf_o[16*j +: 16] = {{8{row[8*j+7]}}, row[8*j +: 8]};
      end
    end
  end
  assign row_o = group || moved;

  // ---- beats
  logic beat_step, beats_ready;
  assign row_pop = to_buf ? moved : beats_ready;
  store_beats #(.RowBytes(4*Cols), .MemBytes(MemBytes)) u_beats (
    .clk_i, .rst_ni,
    .row_valid_i(to_place && !to_buf), .row_ready_o(beats_ready), .row_addr_i(place_q.dst),
    .row_span_i(place_q.span), .row_i(row), .step_o(beat_step),
    .req_valid_o(wr_req_valid_o), .req_ready_i(wr_req_ready_i), .req_addr_o(wr_req_addr_o),
    .req_data_o(wr_req_data_o), .req_strb_o(wr_req_strb_o)
  );
  assign beat_o = wr_req_valid_o && wr_req_ready_i;

  logic done;
  crossbar_types_pkg::store_kind_e done_kind;
  logic [IndexWidth-1:0] done_index;
  store_acks #(.Queue(Queue), .TagWidth(2 + IndexWidth)) u_acks (
    .clk_i, .rst_ni,
    .beat_i(beat_step), .beat_last_i(beats_ready && last), .beat_tag_i({place_q.kind, index_q}),
    .ack_i(wr_rsp_valid_i && wr_rsp_ready_o),
    .done_o(done), .done_tag_o({done_kind, done_index})
  );
  assign wr_rsp_ready_o = 1'b1;

  // A move settles, and is done, when its rows are written; what only reads when it has read.
  crossbar_types_pkg::store_kind_e reading_kind_q;
  always_ff @(posedge clk_i) begin
    if (next_pop) reading_kind_q <= next.kind;
  end
  always_comb begin
    settled_o = '0;
    free_o = '0;
    if (move_done) begin
      settled_o[index_q] = 1'b1;
      free_o[index_q] = 1'b1;
    end
    if (released && reading_kind_q != crossbar_types_pkg::StoreMove)
      settled_o[released_index] = 1'b1;
    if (done) free_o[done_index] = 1'b1;
  end
  assign retired_o[crossbar_types_pkg::OpStoreI8] =
      done && done_kind == crossbar_types_pkg::StoreI8;
  assign retired_o[crossbar_types_pkg::OpStoreI32] =
      done && done_kind == crossbar_types_pkg::StoreI32;
  assign retired_o[crossbar_types_pkg::OpMoveI8] = move_done;
  assign retired_o[crossbar_types_pkg::OpStoreWear] =
      done && done_kind == crossbar_types_pkg::StoreWear;
endmodule
