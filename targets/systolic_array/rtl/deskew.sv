// Undoes a skew: out_o[i](t) = in_i[i](t - d), where d = Lanes - 1 - i steps.
// Stage s holds the lanes that still wait; the highest of them leaves. Steps while step_i is set.
`default_nettype none

module deskew #(
  parameter int unsigned Lanes = 16,
  parameter int unsigned Width = 32
) (
  input  logic clk_i,
  input  logic step_i,
  input  logic [Width*Lanes-1:0] in_i,
  output logic [Width*Lanes-1:0] out_o
);
  assign out_o[Width*(Lanes-1) +: Width] = in_i[Width*(Lanes-1) +: Width];
  for (genvar s = 1; s < Lanes; s++) begin : g_stage
    logic [Width*(Lanes-s)-1:0] lanes_q;
    if (s == 1) begin : g_first
      always_ff @(posedge clk_i) if (step_i) lanes_q <= in_i[Width*(Lanes-1)-1:0];
    end else begin : g_next
      always_ff @(posedge clk_i) begin
        if (step_i) lanes_q <= g_stage[s-1].lanes_q[Width*(Lanes-s)-1:0];
      end
    end
    assign out_o[Width*(Lanes-1-s) +: Width] = lanes_q[Width*(Lanes-1-s) +: Width];
  end
endmodule
