// Lane i delayed by i steps: out_o[i](t) = in_i[i](t - i). Steps while step_i is set.
`default_nettype none

module skew #(
  parameter int unsigned Lanes = 16,
  parameter int unsigned Width = 8
) (
  input  logic clk_i,
  input  logic step_i,
  input  logic [Width*Lanes-1:0] in_i,
  output logic [Width*Lanes-1:0] out_o
);
  assign out_o[Width-1:0] = in_i[Width-1:0];
  for (genvar i = 1; i < Lanes; i++) begin : g_lane
    logic [Width*i-1:0] line_q;
    if (i == 1) begin : g_one
      always_ff @(posedge clk_i) if (step_i) line_q <= in_i[Width*i +: Width];
    end else begin : g_more
      always_ff @(posedge clk_i) begin
        if (step_i) line_q <= {line_q[Width*(i-1)-1:0], in_i[Width*i +: Width]};
      end
    end
    assign out_o[Width*i +: Width] = line_q[Width*(i-1) +: Width];
  end
endmodule
