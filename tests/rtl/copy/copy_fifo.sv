// A queue of beats: `data_o` is the oldest beat, one push and one pop a cycle.
`default_nettype none

module copy_fifo #(
  parameter int unsigned Width = 128,
  parameter int unsigned Depth = 64  // a power of two
) (
  input  wire logic             clk_i,
  input  wire logic             rst_ni,
  input  wire logic             push_i,
  input  wire logic [Width-1:0] data_i,
  input  wire logic             pop_i,
  output logic                  valid_o,
  output logic [Width-1:0]      data_o
);
  localparam int unsigned IndexBits = $clog2(Depth);

  logic [Width-1:0]   beats_q[Depth];
  logic [IndexBits:0] head_q, tail_q;

  assign valid_o = head_q != tail_q;
  assign data_o  = beats_q[head_q[IndexBits-1:0]];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      head_q <= '0;
      tail_q <= '0;
    end else begin
      if (push_i) tail_q <= tail_q + 1'b1;
      if (pop_i) head_q <= head_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (push_i) beats_q[tail_q[IndexBits-1:0]] <= data_i;
  end

  // The reader asks for no more beats than there are free entries.
  no_overflow : assert property (@(posedge clk_i) disable iff (!rst_ni)
      !(push_i && head_q == {~tail_q[IndexBits], tail_q[IndexBits-1:0]}));
endmodule

`default_nettype wire
