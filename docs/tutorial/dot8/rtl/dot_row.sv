// A window times the taps, sum_o = clamp(acc_i + sum(k) x_i[k] * h_i[k], -2^39, 2^39 - 1) in wrapping
// 64 bits: accumulators saturate at 40.
`default_nettype none

module dot_row #(
  parameter int unsigned Lanes = 8
) (
  input  logic [16*Lanes-1:0] x_i,
  input  logic [16*Lanes-1:0] h_i,
  input  logic [63:0] acc_i,
  output logic [63:0] sum_o
);
  logic signed [63:0] sum;
  always_comb begin
    sum = $signed(acc_i);
    for (int unsigned k = 0; k < Lanes; k++) begin
      sum = sum + 64'($signed(x_i[16*k +: 16])) * 64'($signed(h_i[16*k +: 16]));
    end
    sum_o = sum;
    if (sum[63:39] != {25{sum[63]}}) sum_o = {{25{sum[63]}}, {39{!sum[63]}}};
  end
endmodule
