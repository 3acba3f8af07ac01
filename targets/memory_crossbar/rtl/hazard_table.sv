// The live commands of one unit, compared with the command at dispatch: after_o[i] when that touches
// rows that command i has yet to write, or overwrites rows that command i has yet to read.
`default_nettype none

module hazard_table #(
  parameter int unsigned Entries = 8,
  parameter int unsigned IndexWidth = 3
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic sent_i,                         // new_i goes to some unit
  input  logic push_i,                         // to this one, as entry index_o
  input  crossbar_types_pkg::footprint_t new_i,
  input  logic [Entries-1:0] settled_i,        // its results may be read, its sources overwritten
  input  logic [Entries-1:0] free_i,
  output logic full_o,
  output logic [IndexWidth-1:0] index_o,
  output logic [Entries-1:0] set_o,
  output logic live_o,
  output logic [Entries-1:0] after_o
);
  logic [Entries-1:0] live_q, settled_q;
  assign full_o = &live_q;
  assign live_o = live_q != '0;
  always_comb begin
    index_o = '0;
    set_o = '0;
    if (sent_i) begin
      for (int unsigned i = Entries; i > 0; i--) begin
        if (!live_q[i-1]) index_o = IndexWidth'(i - 1);
      end
      set_o[index_o] = push_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      live_q <= '0;
      settled_q <= '0;
    end else begin
      live_q <= (live_q & ~free_i) | set_o;
      settled_q <= (settled_q | settled_i) & ~set_o;
    end
  end

  logic [crossbar_types_pkg::FootprintWidth-1:0] footprints_q [Entries];
  always_ff @(posedge clk_i) begin
    if (push_i) footprints_q[index_o] <= new_i;
  end

  // Two commands of different units meet in a memory when one of them writes there.
  crossbar_types_pkg::footprint_t old;
  logic buf_meets, acc_meets, bias_meets, cell_meets;
  logic [Entries-1:0] meets;
  always_comb begin
    meets = '0;
    old = '0;
    buf_meets = 1'b0;
    acc_meets = 1'b0;
    bias_meets = 1'b0;
    cell_meets = 1'b0;
    if (sent_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        old = footprints_q[i];
        buf_meets = old.buf_first <= new_i.buf_last && new_i.buf_first <= old.buf_last
            && ((old.buf_write && (new_i.buf_read || new_i.buf_write))
                || (old.buf_read && new_i.buf_write));
        acc_meets = old.acc_first <= new_i.acc_last && new_i.acc_first <= old.acc_last
            && ((old.acc_write && (new_i.acc_read || new_i.acc_write))
                || (old.acc_read && new_i.acc_write));
        bias_meets = old.bias_first <= new_i.bias_last && new_i.bias_first <= old.bias_last
            && ((old.bias_write && new_i.bias_read) || (old.bias_read && new_i.bias_write));
        cell_meets = old.cell_first <= new_i.cell_last && new_i.cell_first <= old.cell_last
            && ((old.cell_write && new_i.cell_read) || (old.cell_read && new_i.cell_write)
                || (old.wear_write && (new_i.wear_read || new_i.wear_write))
                || (old.wear_read && new_i.wear_write));
        meets[i] = old.unit != new_i.unit && (buf_meets || acc_meets || bias_meets || cell_meets);
      end
    end
  end
  assign after_o = meets & live_q & ~settled_q & ~settled_i;

`ifndef SYNTHESIS
  // Two commands in one entry would lose the first one's debts.
  entry_is_free_when_set: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (set_o & live_q) == '0);
  // Events name live commands.
  events_of_live_entries: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ((free_i | settled_i) & ~live_q) == '0);
`endif
endmodule
