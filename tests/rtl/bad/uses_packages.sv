// Its packages may be listed behind it.
module lathe_top (
  input  wire logic [second_pkg::Width-1:0] cmd_word_i,
  output logic                              idle_o
);
  assign idle_o = &cmd_word_i;
endmodule
