// Sums as bytes: byte_o[j] = sat_i8(round_shift(max(words_i[j], floor_i), shift_i)), with
// round_shift(v, s) = (v + (1 << (s - 1))) >> s in wrapping 32 bits, and v itself for s = 0.
`default_nettype none

module store_epilogue #(
  parameter int unsigned Words = 32
) (
  input  logic enable_i,
  input  logic [31:0] floor_i,
  input  logic [crossbar_types_pkg::ShiftWidth-1:0] shift_i,
  input  logic [32*Words-1:0] words_i,
  output logic [8*Words-1:0] bytes_o
);
  logic [31:0] half, value;
  assign half = (32'd1 << shift_i) >> 1;
  always_comb begin
    bytes_o = '0;
    value = '0;
    if (enable_i) begin
      for (int unsigned j = 0; j < Words; j++) begin
        value = words_i[32*j +: 32];
        if ($signed(value) < $signed(floor_i)) value = floor_i;
        value = value + half;
        value = $signed(value) >>> shift_i;
        if ($signed(value) > 32'sd127) value = 32'd127;
        else if ($signed(value) < -32'sd128) value = -32'd128;
        bytes_o[8*j +: 8] = value[7:0];
      end
    end
  end
endmodule
