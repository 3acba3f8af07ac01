// Pastes C++ into the model.
module lathe_top (
  input wire logic clk_i
);
`systemc_header
#include <cstdlib>
`verilog
endmodule
