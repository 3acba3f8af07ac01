// The simulator may order these wrongly, so the model must be refused.
module lathe_top (
  input  wire logic [3:0] a_i,
  output logic [3:0]      b_o
);
  logic [3:0] ripple;
  assign ripple = {ripple[2:0] ^ a_i[3:1], a_i[0]};
  assign b_o    = ripple;
endmodule
