// A window times the taps, saturated: sum_o = clamp(acc_i + sum(k) x_i[k] * h_i[k]) to 40 bits. Eight
// products of 2^30 and an accumulator of 2^39 fit 41 bits.
`default_nettype none

module dot_row #(
  parameter int unsigned Lanes = 8
) (
  input  logic [16*Lanes-1:0] x_i,
  input  logic [16*Lanes-1:0] h_i,
  input  logic [39:0] acc_i,
  output logic [39:0] sum_o
);
  logic signed [40:0] sum;
  always_comb begin
    sum = 41'($signed(acc_i));
    for (int unsigned k = 0; k < Lanes; k++) begin
      sum = sum + 41'($signed(x_i[16*k +: 16])) * 41'($signed(h_i[16*k +: 16]));
    end
    sum_o = sum[39:0];
    if (sum[40] != sum[39]) sum_o = {sum[40], {39{!sum[40]}}};
  end
endmodule
