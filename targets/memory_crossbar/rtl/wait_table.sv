// The events that the queued commands of one unit wait for: ready_o[i] once none is left for
// command i, from the cycle after the last.
`default_nettype none

module wait_table #(
  parameter int unsigned Entries = 16,
  parameter int unsigned Events = 56
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic change_i,                // an event, or a command at dispatch
  input  logic [Entries-1:0] set_i,     // the new command's entry, if it is this unit's
  input  logic [Events-1:0] after_i,    // what it waits for
  input  logic [Events-1:0] events_i,
  output logic [Entries-1:0] ready_o
);
  for (genvar i = 0; i < Entries; i++) begin : g_entry
    logic [Events-1:0] after_q;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) after_q <= '0;
      else if (change_i) after_q <= set_i[i] ? after_i : after_q & ~events_i;
    end
    assign ready_o[i] = after_q == '0;
  end
endmodule
