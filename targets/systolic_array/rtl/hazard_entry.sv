// What one live command still owes to later ones, compared with the command at dispatch:
// after_written_o: it needs rows that this command has yet to write (RAW, WAW);
// after_released_o: it overwrites rows that this command has yet to read (WAR).
`default_nettype none

module hazard_entry (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic check_i,                               // new_i is a command
  input  logic set_i,                                 // new_i becomes this entry
  input  array_types_pkg::footprint_t new_i,
  input  logic written_i,                             // its results may be read from now on
  input  logic released_i,                            // its sources may be overwritten
  input  logic free_i,
  output logic live_o,
  output logic after_written_o,
  output logic after_released_o
);
  array_types_pkg::footprint_t old_q;
  logic live_q, written_q, released_q;
  assign live_o = live_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      written_q <= 1'b0;
      released_q <= 1'b0;
    end else if (set_i) begin
      live_q <= 1'b1;
      written_q <= 1'b0;
      released_q <= 1'b0;
    end else begin
      if (free_i) live_q <= 1'b0;
      if (written_i) written_q <= 1'b1;
      if (released_i) released_q <= 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (set_i) old_q <= new_i;
  end

  logic spm_meets, bias_meets, same_copy, write_meets_write, write_meets_read, read_meets_write;
  always_comb begin
    spm_meets = 1'b0;
    bias_meets = 1'b0;
    same_copy = 1'b0;
    write_meets_write = 1'b0;
    write_meets_read = 1'b0;
    read_meets_write = 1'b0;
    after_written_o = 1'b0;
    after_released_o = 1'b0;
    if (check_i && live_q && old_q.pipe != new_i.pipe) begin
      spm_meets = old_q.spm_first <= new_i.spm_last && new_i.spm_first <= old_q.spm_last;
      bias_meets = old_q.bias_first <= new_i.bias_last && new_i.bias_first <= old_q.bias_last;
      same_copy = old_q.weights_copy == new_i.weights_copy;
      write_meets_write = old_q.acc_write && new_i.acc_write
          && old_q.acc_write_first <= new_i.acc_write_last
          && new_i.acc_write_first <= old_q.acc_write_last;
      write_meets_read = old_q.acc_write && new_i.acc_read
          && old_q.acc_write_first <= new_i.acc_read_last
          && new_i.acc_read_first <= old_q.acc_write_last;
      read_meets_write = old_q.acc_read && new_i.acc_write
          && old_q.acc_read_first <= new_i.acc_write_last
          && new_i.acc_write_first <= old_q.acc_read_last;
      after_written_o = !written_q && !written_i
          && (write_meets_write || write_meets_read
              || (old_q.spm_write && new_i.spm_read && spm_meets)
              || (old_q.bias_write && new_i.bias_read && bias_meets)
              || (old_q.weights_write && new_i.weights_read && same_copy));
      after_released_o = !released_q && !released_i
          && (read_meets_write
              || (old_q.spm_read && new_i.spm_write && spm_meets)
              || (old_q.bias_read && new_i.bias_write && bias_meets)
              || (old_q.weights_read && new_i.weights_write && same_copy));
    end
  end

`ifndef SYNTHESIS
  // Two commands in one entry would lose the first one's debts.
  entry_is_free_when_set: assert property (@(posedge clk_i) disable iff (!rst_ni)
    set_i |-> !live_q);
  // Events name live commands.
  event_of_live_entry: assert property (@(posedge clk_i) disable iff (!rst_ni)
    (free_i || written_i || released_i) |-> live_q);
`endif
endmodule
