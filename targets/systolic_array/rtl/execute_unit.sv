// The execute unit: one queue, three pipes that run beside each other (weights, array, vector), in
// order each. The array's pipe never waits once a row is fed; everything else keeps out of its way.
`default_nettype none

module execute_unit #(
  parameter int unsigned Dim = 16,
  parameter int unsigned AccBanks = 2,
  parameter int unsigned Queue = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  array_types_pkg::execute_command_t command_i,
  input  logic [Queue-1:0] ready_i,
  output logic [Queue-1:0] written_o,
  output logic [Queue-1:0] released_o,
  output logic [Queue-1:0] free_o,
  output logic [array_types_pkg::OpVscale:array_types_pkg::OpPreload] retired_o,

  output logic spm_weights_first_o,
  output logic a_read_o,
  input  logic a_ready_i,
  output logic [array_types_pkg::SpmWidth-1:0] a_addr_o,
  input  logic [8*Dim-1:0] a_i,
  output logic w_read_o,
  input  logic w_ready_i,
  output logic [array_types_pkg::SpmWidth-1:0] w_addr_o,
  input  logic [8*Dim-1:0] w_i,

  output logic array_read_o,
  output logic [array_types_pkg::AccWidth-1:0] array_read_addr_o,
  input  logic [32*Dim-1:0] array_acc_i,
  output logic array_write_o,
  output logic [array_types_pkg::AccWidth-1:0] array_write_addr_o,
  output logic [32*Dim-1:0] array_write_data_o,

  output logic dst_read_o,
  output logic [array_types_pkg::AccWidth-1:0] dst_addr_o,
  input  logic [32*Dim-1:0] dst_i,
  output logic src_read_o,
  output logic [array_types_pkg::AccWidth-1:0] src_addr_o,
  input  logic [32*Dim-1:0] src_i,
  output logic vector_write_o,
  output logic [array_types_pkg::AccWidth-1:0] vector_write_addr_o,
  output logic [32*Dim-1:0] vector_write_data_o,

  output logic fed_o,   // the array was fed a row
  output logic step_o,  // some pipe moved a row
  output logic busy_o   // something is under way that no queue entry shows any more
);
  logic [array_types_pkg::ExecuteCommandWidth-1:0] commands_q [Queue];
  always_ff @(posedge clk_i) begin
    if (push_i) commands_q[index_i] <= command_i;
  end

  logic for_weights, for_array;
  assign for_weights = command_i.kind == array_types_pkg::ExecutePreload;
  assign for_array = command_i.kind == array_types_pkg::ExecuteMatmul
      || command_i.kind == array_types_pkg::ExecuteMatmulAcc;

  // ---- weights
  logic preload_valid, preload_pop, preload_busy, preload_step, preload_copy;
  logic preload_written, preload_released, preload_done;
  logic load_valid, load_zero, load_copy, loading;
  logic [$clog2(Dim)-1:0] load_row;
  logic [IndexWidth-1:0] preload_index, preload_event;
  array_types_pkg::execute_command_t preload;
  assign preload = commands_q[preload_index];
  pipe_queue #(.Queue(Queue), .IndexWidth(IndexWidth)) u_preloads (
    .clk_i, .rst_ni, .push_i(push_i && for_weights), .index_i, .ready_i,
    .valid_o(preload_valid), .pop_i(preload_pop), .index_o(preload_index)
  );
  weight_feed #(.Dim(Dim), .IndexWidth(IndexWidth)) u_weight_feed (
    .clk_i, .rst_ni,
    .next_valid_i(preload_valid), .next_pop_o(preload_pop),
    .next_index_i(preload_index), .next_i(preload),
    .busy_o(preload_busy), .read_o(w_read_o), .ready_i(w_ready_i), .addr_o(w_addr_o),
    .copy_o(preload_copy), .index_o(preload_event),
    .written_o(preload_written), .released_o(preload_released), .done_o(preload_done),
    .step_o(preload_step), .row_valid_o(load_valid), .row_zero_o(load_zero),
    .row_copy_o(load_copy), .row_o(load_row)
  );

  // ---- array: commands are fed in order, and drained in the same order
  logic feed_valid, feed_pop, feed_copy, feed_last;
  logic [IndexWidth-1:0] feed_index, feed_event;
  array_types_pkg::execute_command_t feed;
  assign feed = commands_q[feed_index];
  pipe_queue #(.Queue(Queue), .IndexWidth(IndexWidth)) u_multiplies (
    .clk_i, .rst_ni, .push_i(push_i && for_array), .index_i, .ready_i,
    .valid_o(feed_valid), .pop_i(feed_pop), .index_o(feed_index)
  );
  array_feed #(.IndexWidth(IndexWidth)) u_array_feed (
    .clk_i, .rst_ni,
    .next_valid_i(feed_valid), .next_pop_o(feed_pop), .next_index_i(feed_index), .next_i(feed),
    .read_o(a_read_o), .ready_i(a_ready_i), .addr_o(a_addr_o),
    .copy_o(feed_copy), .last_o(feed_last), .index_o(feed_event)
  );
  assign fed_o = a_read_o && a_ready_i;

  // A multiply whose own weights are still being written follows them row by row: a scratchpad
  // read lost to any multiply would let its rows overtake them, so from its first row on until
  // the last weight the weights go first.
  logic followed, followed_q;
  assign followed = preload_busy && (followed_q || (a_read_o && feed_copy == preload_copy));
  assign spm_weights_first_o = followed;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) followed_q <= 1'b0;
    else followed_q <= followed && !preload_done;
  end

  logic row_copy_q, active;
  always_ff @(posedge clk_i) begin
    if (fed_o) row_copy_q <= feed_copy;
  end

  logic drain_valid, drain_full, drain_pop, array_valid, array_accumulate;
  logic [IndexWidth-1:0] drain_index, drain_event;
  array_types_pkg::execute_command_t drain;
  assign drain = commands_q[drain_index];
  fifo #(.Width(IndexWidth), .Depth(Queue)) u_drains (
    .clk_i, .rst_ni, .push_i(feed_pop), .data_i(feed_index),
    .pop_i(drain_pop), .valid_o(drain_valid), .full_o(drain_full), .data_o(drain_index)
  );

  logic [32*Dim-1:0] sums;
  systolic_mesh #(.Dim(Dim)) u_mesh (
    .clk_i, .rst_ni,
    .active_i(active), .copy_i(row_copy_q), .a_i, .sums_o(sums),
    .load_i(load_valid), .load_copy_i(load_copy), .load_row_i(load_row),
    .weights_i(load_zero ? '0 : w_i), .loading_o(loading)
  );
  array_drain #(.Dim(Dim), .IndexWidth(IndexWidth)) u_array_drain (
    .clk_i, .rst_ni,
    .fed_i(fed_o), .active_o(active),
    .head_i(drain), .head_index_i(drain_index), .head_pop_o(drain_pop),
    .head_index_o(drain_event),
    .read_valid_o(array_valid), .read_accumulate_o(array_accumulate),
    .read_addr_o(array_read_addr_o),
    .write_valid_o(array_write_o), .write_addr_o(array_write_addr_o),
    .write_data_o(array_write_data_o), .sums_i(sums), .acc_i(array_acc_i)
  );
  assign array_read_o = array_valid && array_accumulate;

  // ---- vector
  logic vector_valid, vector_pop, vector_step, vector_done;
  logic [IndexWidth-1:0] vector_index, vector_event;
  array_types_pkg::execute_kind_e vector_kind;
  array_types_pkg::execute_command_t vector;
  assign vector = commands_q[vector_index];
  pipe_queue #(.Queue(Queue), .IndexWidth(IndexWidth)) u_vectors (
    .clk_i, .rst_ni, .push_i(push_i && !for_weights && !for_array), .index_i, .ready_i,
    .valid_o(vector_valid), .pop_i(vector_pop), .index_o(vector_index)
  );
  vector_unit #(
    .Dim(Dim), .Banks(AccBanks), .IndexWidth(IndexWidth)
  ) u_vector (
    .clk_i, .rst_ni,
    .next_valid_i(vector_valid), .next_pop_o(vector_pop),
    .next_index_i(vector_index), .next_i(vector),
    .array_valid_i(array_valid), .array_read_i(array_read_o), .array_addr_i(array_read_addr_o),
    .dst_read_o, .dst_addr_o, .dst_i, .src_read_o, .src_addr_o, .src_i,
    .write_o(vector_write_o), .write_addr_o(vector_write_addr_o),
    .write_data_o(vector_write_data_o),
    .step_o(vector_step), .done_o(vector_done), .kind_o(vector_kind), .index_o(vector_event)
  );

  // ---- events
  always_comb begin
    written_o = '0;
    released_o = '0;
    free_o = '0;
    if (preload_written) written_o[preload_event] = 1'b1;
    if (preload_released) released_o[preload_event] = 1'b1;
    if (preload_done) free_o[preload_event] = 1'b1;
    if (fed_o && feed_last) released_o[feed_event] = 1'b1;
    if (drain_pop) begin
      written_o[drain_event] = 1'b1;
      free_o[drain_event] = 1'b1;
    end
    if (vector_done) begin
      written_o[vector_event] = 1'b1;
      released_o[vector_event] = 1'b1;
      free_o[vector_event] = 1'b1;
    end
  end

  logic drained_accumulate;
  assign drained_accumulate = drain.kind == array_types_pkg::ExecuteMatmulAcc;
  always_comb begin
    retired_o = '0;
    retired_o[array_types_pkg::OpPreload] = preload_done;
    retired_o[array_types_pkg::OpMatmul] = drain_pop && !drained_accumulate;
    retired_o[array_types_pkg::OpMatmulAcc] = drain_pop && drained_accumulate;
    retired_o[array_types_pkg::OpVadd] =
        vector_done && vector_kind == array_types_pkg::ExecuteVadd;
    retired_o[array_types_pkg::OpVmax] =
        vector_done && vector_kind == array_types_pkg::ExecuteVmax;
    retired_o[array_types_pkg::OpVscale] =
        vector_done && vector_kind == array_types_pkg::ExecuteVscale;
  end
  assign step_o = fed_o || preload_step || vector_step;
  assign busy_o = active || array_write_o || vector_write_o || loading;

  logic unused_drains;
  assign unused_drains = drain_valid ^ drain_full;
`ifndef SYNTHESIS
  // Sums without a command would be written anywhere.
  sums_have_command: assert property (@(posedge clk_i) disable iff (!rst_ni)
    drain_pop |-> drain_valid);
`endif
endmodule
