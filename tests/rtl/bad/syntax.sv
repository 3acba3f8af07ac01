module lathe_top (
  input wire logic clk_i
);
  assign = clk_i;
  logic unused;
endmodule
