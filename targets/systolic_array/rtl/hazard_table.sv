// What the live commands of one unit still owe, compared with the command at dispatch:
// after_written_o[i]: it needs rows that command i has yet to write (RAW, WAW);
// after_released_o[i]: it overwrites rows that command i has yet to read (WAR).
`default_nettype none

module hazard_table #(
  parameter int unsigned Entries = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic sent_i,                              // new_i goes to some unit
  input  logic push_i,                              // to this one, as entry index_o
  input  array_types_pkg::footprint_t new_i,
  input  logic [Entries-1:0] written_i,             // its results may be read from now on
  input  logic [Entries-1:0] released_i,            // its sources may be overwritten
  input  logic [Entries-1:0] free_i,
  output logic full_o,
  output logic [IndexWidth-1:0] index_o,
  output logic [Entries-1:0] set_o,
  output logic live_o,
  output logic [Entries-1:0] after_written_o,
  output logic [Entries-1:0] after_released_o
);
  logic [Entries-1:0] live_q, written_q, released_q;
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
      written_q <= '0;
      released_q <= '0;
    end else begin
      live_q <= (live_q & ~free_i) | set_o;
      written_q <= (written_q | written_i) & ~set_o;
      released_q <= (released_q | released_i) & ~set_o;
    end
  end

  logic [array_types_pkg::FootprintWidth-1:0] footprints_q [Entries];
  always_ff @(posedge clk_i) begin
    if (push_i) footprints_q[index_o] <= new_i;
  end

  array_types_pkg::footprint_t old;
  logic spm_meets, bias_meets, same_copy, write_meets_write, write_meets_read, read_meets_write;
  logic [Entries-1:0] needs_write, needs_release;
  always_comb begin
    needs_write = '0;
    needs_release = '0;
    old = '0;
    spm_meets = 1'b0;
    bias_meets = 1'b0;
    same_copy = 1'b0;
    write_meets_write = 1'b0;
    write_meets_read = 1'b0;
    read_meets_write = 1'b0;
    if (sent_i) begin
      for (int unsigned i = 0; i < Entries; i++) begin
        old = footprints_q[i];
        spm_meets = old.spm_first <= new_i.spm_last && new_i.spm_first <= old.spm_last;
        bias_meets = old.bias_first <= new_i.bias_last && new_i.bias_first <= old.bias_last;
        same_copy = old.weights_copy == new_i.weights_copy;
        write_meets_write = old.acc_write && new_i.acc_write
            && old.acc_write_first <= new_i.acc_write_last
            && new_i.acc_write_first <= old.acc_write_last;
        write_meets_read = old.acc_write && new_i.acc_read
            && old.acc_write_first <= new_i.acc_read_last
            && new_i.acc_read_first <= old.acc_write_last;
        read_meets_write = old.acc_read && new_i.acc_write
            && old.acc_read_first <= new_i.acc_write_last
            && new_i.acc_write_first <= old.acc_read_last;
        needs_write[i] = old.pipe != new_i.pipe
            && (write_meets_write || write_meets_read
                || (old.spm_write && (new_i.spm_read || new_i.spm_write) && spm_meets)
                || (old.bias_write && new_i.bias_read && bias_meets)
                || (old.weights_write && new_i.weights_read && same_copy));
        needs_release[i] = old.pipe != new_i.pipe
            && (read_meets_write
                || (old.spm_read && new_i.spm_write && spm_meets)
                || (old.bias_read && new_i.bias_write && bias_meets)
                || (old.weights_read && new_i.weights_write && same_copy));
      end
    end
  end
  assign after_written_o = needs_write & live_q & ~written_q & ~written_i;
  assign after_released_o = needs_release & live_q & ~released_q & ~released_i;

`ifndef SYNTHESIS
  // Two commands in one entry would lose the first one's debts.
  entry_is_free_when_set: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (set_o & live_q) == '0);
  // Events name live commands.
  events_of_live_entries: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ((free_i | written_i | released_i) & ~live_q) == '0);
`endif
endmodule
