// The events one queued command waits for: ready_o = no event left, from the cycle after the last.
`default_nettype none

module wait_mask #(
  parameter int unsigned Events = 56
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic set_i,
  input  logic [Events-1:0] after_i,
  input  logic any_event_i,
  input  logic [Events-1:0] events_i,
  output logic ready_o
);
  logic [Events-1:0] after_q;
  assign ready_o = after_q == '0;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) after_q <= '0;
    else if (set_i) after_q <= after_i;
    else if (any_event_i) after_q <= after_q & ~events_i;
  end
endmodule
