// The commands of one pipe of the execute unit, in order: the oldest one's entry, once it is ready.
`default_nettype none

module pipe_queue #(
  parameter int unsigned Queue = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic push_i,
  input  logic [IndexWidth-1:0] index_i,
  input  logic [Queue-1:0] ready_i,
  output logic valid_o,
  input  logic pop_i,
  output logic [IndexWidth-1:0] index_o
);
  logic waiting, unused_full;
  fifo #(.Width(IndexWidth), .Depth(Queue)) u_indices (
    .clk_i, .rst_ni, .push_i, .data_i(index_i), .pop_i,
    .valid_o(waiting), .full_o(unused_full), .data_o(index_o)
  );
  assign valid_o = waiting && ready_i[index_o];
endmodule
