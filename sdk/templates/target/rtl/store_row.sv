// YOUR EPILOGUE: a row of accumulators as bytes, byte_o[j] = sat_i8(round_shift(row_i[j], shift_i)),
// with round_shift(v, s) = (v + (1 << (s - 1))) >> s in wrapping 32 bits, and v itself for s = 0.
`default_nettype none

module store_row #(
  parameter int unsigned Dim = 4
) (
  input  logic [32*Dim-1:0] row_i,
  input  logic [4:0] shift_i,
  output logic [8*Dim-1:0] bytes_o
);
  logic signed [31:0] half, value;
  assign half = (32'sd1 << shift_i) >> 1;
  always_comb begin
    for (int unsigned j = 0; j < Dim; j++) begin
      value = ($signed(row_i[32*j +: 32]) + half) >>> shift_i;
      if (value > 32'sd127) bytes_o[8*j +: 8] = 8'h7f;
      else if (value < -32'sd128) bytes_o[8*j +: 8] = 8'h80;
      else bytes_o[8*j +: 8] = value[7:0];
    end
  end
endmodule
