// First in, first out: data_o is the oldest of at most Depth words, one cycle after it was pushed.
`default_nettype none

module fifo #(
  parameter int unsigned Width = 8,
  parameter int unsigned Depth = 2
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic push_i,
  input  logic [Width-1:0] data_i,
  input  logic pop_i,
  output logic valid_o,
  output logic full_o,
  output logic [Width-1:0] data_o
);
  localparam int unsigned PointerWidth = Depth > 1 ? $clog2(Depth) : 1;
  localparam int unsigned CountWidth = $clog2(Depth + 1);
  localparam logic [PointerWidth-1:0] Last = PointerWidth'(Depth - 1);

  logic [Width-1:0] words_q [Depth];
  logic [PointerWidth-1:0] read_q;
  logic [PointerWidth-1:0] write_q;
  logic [CountWidth-1:0] count_q;

  assign valid_o = count_q != '0;
  assign full_o = count_q == CountWidth'(Depth);
  assign data_o = words_q[read_q];

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      read_q <= '0;
      write_q <= '0;
      count_q <= '0;
    end else begin
      if (push_i) write_q <= write_q == Last ? '0 : write_q + 1'b1;
      if (pop_i) read_q <= read_q == Last ? '0 : read_q + 1'b1;
      if (push_i && !pop_i) count_q <= count_q + 1'b1;
      if (pop_i && !push_i) count_q <= count_q - 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push_i) words_q[write_q] <= data_i;
  end

`ifndef SYNTHESIS
  // A word that overtakes a full queue would be lost.
  fifo_never_overflows: assert property (@(posedge clk_i) disable iff (!rst_ni)
    push_i |-> !full_o);
  // Whoever pops must have looked at valid_o.
  fifo_never_underflows: assert property (@(posedge clk_i) disable iff (!rst_ni)
    pop_i |-> valid_o);
`endif
endmodule
