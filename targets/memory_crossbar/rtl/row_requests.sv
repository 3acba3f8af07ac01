// The host beats of each command, one a cycle and without a gap between rows or commands:
// row i at A = src + i * stride asks for beats floor(A / MemBytes) .. floor((A + span) / MemBytes),
// where span is the row's bytes minus one.
`default_nettype none

module row_requests #(
  parameter int unsigned MemBytes = 16
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  crossbar_types_pkg::move_command_t next_i,
  output logic req_valid_o,
  input  logic req_ready_i,
  output logic [31-$clog2(MemBytes):0] req_beat_o
);
  localparam int unsigned OffsetWidth = $clog2(MemBytes);
  localparam int unsigned BeatWidth = 32 - OffsetWidth;
  localparam int unsigned SpanWidth = crossbar_types_pkg::SpanWidth;

  logic busy_q;
  logic [31:0] row_q, stride_q;
  logic [SpanWidth-1:0] span_q;
  logic [crossbar_types_pkg::MoveRowsWidth-1:0] rows_q;  // still to come after this one
  logic [BeatWidth-1:0] beat_q, last_q;

  logic fire, row_done;
  assign fire = busy_q && req_ready_i;
  assign row_done = fire && beat_q == last_q;
  assign next_pop_o = next_valid_i && (!busy_q || (row_done && rows_q == '0));

  assign req_valid_o = busy_q;
  assign req_beat_o = beat_q;

  // The row that begins when a command is taken or a row is done.
  logic [31:0] row;
  logic [BeatWidth-1:0] row_last;
  logic [SpanWidth-1:0] span;
  always_comb begin
    row = row_q;
    span = span_q;
    if (next_pop_o) begin
      row = next_i.src;
      span = next_i.span;
    end else if (row_done) begin
      row = row_q + stride_q;
    end
    row_last = row[31:OffsetWidth] + BeatWidth'((32'(row[OffsetWidth-1:0]) + 32'(span)) / MemBytes);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (next_pop_o) busy_q <= 1'b1;
    else if (row_done && rows_q == '0) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      stride_q <= next_i.stride;
      span_q <= span;
      rows_q <= next_i.rows;
    end else if (row_done) begin
      rows_q <= rows_q - 1'b1;
    end
    if (next_pop_o || row_done) begin
      row_q <= row;
      beat_q <= row[31:OffsetWidth];
      last_q <= row_last;
    end else if (fire) begin
      beat_q <= beat_q + 1'b1;
    end
  end
endmodule
