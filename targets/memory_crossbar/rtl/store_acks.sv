// A store is complete when its beats are acknowledged: done_o once as many acknowledgements came,
// in order, as the oldest store has sent beats.
`default_nettype none

module store_acks #(
  parameter int unsigned Queue = 8,
  parameter int unsigned TagWidth = 5
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic beat_i,       // a beat goes out
  input  logic beat_last_i,  // the last one of the store with this tag
  input  logic [TagWidth-1:0] beat_tag_i,
  input  logic ack_i,
  output logic done_o,
  output logic [TagWidth-1:0] done_tag_o
);
  // 128 rows of 1024 bytes in beats of one, each row at worst a beat more, stay below 2^18.
  localparam int unsigned CountWidth = 18;

  logic [CountWidth-1:0] sent_q, sent, acked_q, total;
  assign sent = sent_q + 1'b1;
  logic valid, unused_full;
  fifo #(.Width(CountWidth + TagWidth), .Depth(Queue)) u_sent (
    .clk_i, .rst_ni,
    .push_i(beat_i && beat_last_i), .data_i({sent, beat_tag_i}),
    .pop_i(done_o), .valid_o(valid), .full_o(unused_full), .data_o({total, done_tag_o})
  );
  assign done_o = valid && acked_q >= total;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      sent_q <= '0;
      acked_q <= '0;
    end else begin
      if (beat_i) sent_q <= beat_last_i ? '0 : sent;
      if (ack_i || done_o) acked_q <= acked_q + CountWidth'(ack_i) - (done_o ? total : '0);
    end
  end

`ifndef SYNTHESIS
  // An acknowledgement of nothing would complete a later store too early.
  logic [31:0] owed_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) owed_q <= '0;
    else owed_q <= owed_q + 32'(beat_i) - 32'(ack_i);
  end
  acknowledgement_has_beat: assert property (@(posedge clk_i) disable iff (!rst_ni)
    ack_i |-> (owed_q != '0));
`endif
endmodule
