// Wrong ports, too, but the width warning must be located all the same.
module lathe_top (
  input  wire logic [7:0] a_i,
  output logic [3:0]      b_o
);
  assign b_o = a_i;
endmodule
