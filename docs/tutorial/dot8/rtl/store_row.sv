// An accumulator as a sample: sample_o = sat_i16(round_shift(acc_i, shift_i)), with
// round_shift(v, s) = (v + (1 << (s - 1))) >> s, and v itself for s = 0.
`default_nettype none

module store_row (
  input  logic [39:0] acc_i,
  input  logic [4:0] shift_i,
  output logic [15:0] sample_o
);
  logic signed [40:0] half, value;
  assign half = (41'sd1 << shift_i) >> 1;
  always_comb begin
    value = (41'($signed(acc_i)) + half) >>> shift_i;
    if (value > 41'sd32767) sample_o = 16'h7fff;
    else if (value < -41'sd32768) sample_o = 16'h8000;
    else sample_o = value[15:0];
  end
endmodule
