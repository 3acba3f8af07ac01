// An accumulator as a sample: sample_o = sat_i16(round_shift(acc_i, shift_i)), with
// round_shift(v, s) = (v + (1 << (s - 1))) >> s in wrapping 64 bits, and v itself for s = 0.
`default_nettype none

module store_row (
  input  logic [63:0] acc_i,
  input  logic [4:0] shift_i,
  output logic [15:0] sample_o
);
  logic signed [63:0] half, value;
  assign half = (64'sd1 << shift_i) >> 1;
  always_comb begin
    value = ($signed(acc_i) + half) >>> shift_i;
    if (value > 64'sd32767) sample_o = 16'h7fff;
    else if (value < -64'sd32768) sample_o = 16'h8000;
    else sample_o = value[15:0];
  end
endmodule
