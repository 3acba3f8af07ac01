// Host beats back into rows: byte q of row_o is byte (q + offset) of the row's beats, where offset
// is the row's address modulo MemBytes. One beat a cycle, and a whole row the cycle after its last
// beat. A row that has to wait is parked, so that the beats of the next one need not wait as well.
`default_nettype none

module row_builder #(
  parameter int unsigned RowBytes = 64,
  parameter int unsigned MemBytes = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  crossbar_types_pkg::move_command_t next_i,

  input  logic beat_valid_i,
  output logic beat_pop_o,
  input  logic [8*MemBytes-1:0] beat_i,

  output logic row_valid_o,
  input  logic row_ready_i,
  output crossbar_types_pkg::row_kind_e row_kind_o,
  output logic [crossbar_types_pkg::CellWidth-1:0] row_dst_o,
  output logic [crossbar_types_pkg::ColsWidth-1:0] row_cols_o,  // minus one
  output logic row_last_o,                                      // of its command
  output logic [IndexWidth-1:0] row_index_o,
  output logic [8*RowBytes-1:0] row_o
);
  localparam int unsigned OffsetWidth = $clog2(MemBytes);
  localparam int unsigned SpanWidth = crossbar_types_pkg::SpanWidth;
  // The row buffer is a whole number of groups of MemBytes; an offset row takes a beat more.
  localparam int unsigned Groups = (RowBytes + MemBytes - 1) / MemBytes;
  localparam int unsigned BeatWidth = $clog2(Groups + 1);

  // ---- the command whose beats arrive
  logic busy_q;
  logic [IndexWidth-1:0] index_q;
  crossbar_types_pkg::row_kind_e kind_q;
  logic [crossbar_types_pkg::CellWidth-1:0] dst_q;
  logic [crossbar_types_pkg::ColsWidth-1:0] cols_q;
  logic [crossbar_types_pkg::MoveRowsWidth-1:0] rows_q;
  logic [SpanWidth-1:0] span_q;
  logic [OffsetWidth-1:0] offset_q, stride_q;
  logic [BeatWidth-1:0] beat_q;

  logic row_valid_q, parked_q;
  logic step, row_done;
  logic [31:0] last_beat;
  assign last_beat = (32'(offset_q) + 32'(span_q)) / MemBytes;
  assign step = busy_q && beat_valid_i && (!row_valid_q || !parked_q || row_ready_i);
  assign row_done = step && 32'(beat_q) == last_beat;
  assign beat_pop_o = step;
  assign next_pop_o = next_valid_i && (!busy_q || (row_done && rows_q == '0));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (next_pop_o) busy_q <= 1'b1;
    else if (row_done && rows_q == '0) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      index_q <= next_index_i;
      kind_q <= next_i.kind;
      dst_q <= next_i.dst;
      rows_q <= next_i.rows;
      cols_q <= next_i.cols;
      span_q <= next_i.span;
      offset_q <= OffsetWidth'(next_i.src);
      stride_q <= OffsetWidth'(next_i.stride);
      beat_q <= '0;
    end else if (row_done) begin
      dst_q <= dst_q + 1'b1;
      rows_q <= rows_q - 1'b1;
      offset_q <= offset_q + stride_q;
      beat_q <= '0;
    end else if (step) begin
      beat_q <= beat_q + 1'b1;
    end
  end

  // ---- the row buffer: lanes below MemBytes - offset of beat b are of group b, the rest of b - 1
  logic [8*MemBytes-1:0] rotated, low_lanes;
  logic [8*Groups*MemBytes-1:0] row_q, row_d;
  always_comb begin
    rotated = beat_i;
    low_lanes = '1;
    row_d = row_q;
    if (step) begin
      if (offset_q != '0) begin
        rotated = (beat_i >> {offset_q, 3'b000})
            | (beat_i << ((OffsetWidth+4)'(8 * MemBytes) - (OffsetWidth+4)'({offset_q, 3'b000})));
        low_lanes = low_lanes >> {offset_q, 3'b000};
      end
      for (int unsigned g = 0; g < Groups; g++) begin
        if (beat_q == BeatWidth'(g)) begin
          row_d[8*MemBytes*g +: 8*MemBytes] =
              (row_q[8*MemBytes*g +: 8*MemBytes] & ~low_lanes) | (rotated & low_lanes);
        end else if (beat_q == BeatWidth'(g + 1)) begin
          row_d[8*MemBytes*g +: 8*MemBytes] =
              (row_q[8*MemBytes*g +: 8*MemBytes] & low_lanes) | (rotated & ~low_lanes);
        end
      end
    end
  end

  // ---- the finished row, and the one before it when that is parked
  // Where a row goes: address, columns, whether it is its command's last, the command.
  localparam int unsigned PlaceWidth =
      crossbar_types_pkg::CellWidth + crossbar_types_pkg::ColsWidth + 1 + IndexWidth;
  logic [PlaceWidth-1:0] place_q, parked_place_q;
  crossbar_types_pkg::row_kind_e place_kind_q, parked_kind_q;
  logic [8*RowBytes-1:0] parked_row_q;
  logic park;
  assign park = row_valid_q && (parked_q == row_ready_i);
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      row_valid_q <= 1'b0;
      parked_q <= 1'b0;
    end else begin
      if (row_done) row_valid_q <= 1'b1;
      else if (!parked_q || row_ready_i) row_valid_q <= 1'b0;
      if (park) parked_q <= 1'b1;
      else if (row_ready_i) parked_q <= 1'b0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (step) row_q <= row_d;
    if (row_done) begin
      place_kind_q <= kind_q;
      place_q <= {dst_q, cols_q, rows_q == '0, index_q};
    end
    if (park) begin
      parked_row_q <= row_q[8*RowBytes-1:0];
      parked_kind_q <= place_kind_q;
      parked_place_q <= place_q;
    end
  end
  assign row_valid_o = row_valid_q || parked_q;
  assign row_kind_o = parked_q ? parked_kind_q : place_kind_q;
  assign {row_dst_o, row_cols_o, row_last_o, row_index_o} = parked_q ? parked_place_q : place_q;
  assign row_o = parked_q ? parked_row_q : row_q[8*RowBytes-1:0];
endmodule
