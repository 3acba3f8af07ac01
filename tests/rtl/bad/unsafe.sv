// Everything here would run or touch something outside the simulation.
`define GLUE(a, b) a``b
`define WIPE initial `GLUE($sys, tem)("true");
import "DPI-C" function int getpid();
module lathe_top (
  input wire logic clk_i
);
  logic [7:0] rom[4];
  initial $system("true");
  initial $readmemh("rom.hex", rom);
  `WIPE
  integer file = $fopen("/tmp/lathe-unsafe", "w");
  initial $c("abort();");
  string harmless = "$system is only text here"; // and $system here too
`ifdef NEVER
  initial $dumpfile("not built");
`endif
endmodule
