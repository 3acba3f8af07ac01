// Passes a clock's high phase on where `en_i` held in the low phase before: clk_o = clk_i & en.
`default_nettype none

module lathe_clock_gate (
  input  logic clk_i,
  input  logic en_i,  // a function of what changes with the rising edge
  output logic clk_o
);
  logic en_q;
  always_ff @(negedge clk_i) en_q <= en_i;
  assign clk_o = clk_i & en_q;
endmodule
