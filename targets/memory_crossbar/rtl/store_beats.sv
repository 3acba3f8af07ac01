// Rows into aligned beats with strobes, one a cycle: lane x of beat b of a row is its byte
// b * MemBytes + x - offset, where offset is the row's address modulo MemBytes. Two beats wait at the
// port, so that nothing behind them depends on its ready.
`default_nettype none

module store_beats #(
  parameter int unsigned RowBytes = 64,
  parameter int unsigned MemBytes = 16
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic row_valid_i,
  output logic row_ready_o,  // its last beat moves on
  input  logic [31:0] row_addr_i,
  input  logic [crossbar_types_pkg::SpanWidth-1:0] row_span_i,
  input  logic [8*RowBytes-1:0] row_i,
  output logic step_o,       // a beat moves on

  output logic req_valid_o,
  input  logic req_ready_i,
  output logic [31:0] req_addr_o,
  output logic [8*MemBytes-1:0] req_data_o,
  output logic [MemBytes-1:0] req_strb_o
);
  localparam int unsigned OffsetWidth = $clog2(MemBytes);
  localparam int unsigned Groups = (RowBytes + MemBytes - 1) / MemBytes;
  localparam int unsigned BeatWidth = $clog2(Groups + 1);
  localparam int unsigned BitsWidth = OffsetWidth + 4;

  logic [BeatWidth-1:0] beat_q;
  logic [OffsetWidth-1:0] offset, end_lane;
  logic [31:0] end_byte;
  logic first, last, step, full;
  assign offset = row_addr_i[OffsetWidth-1:0];
  assign end_byte = 32'(offset) + 32'(row_span_i);
  assign end_lane = end_byte[OffsetWidth-1:0];
  assign first = beat_q == '0;
  assign last = 32'(beat_q) == end_byte / MemBytes;
  assign step = row_valid_i && !full;
  assign row_ready_o = step && last;
  assign step_o = step;

  // Lanes from offset on come from this beat's group of bytes, the others from the one before.
  logic [8*Groups*MemBytes-1:0] groups;
  logic [8*MemBytes-1:0] group, rotated, before_q, data, high_lanes;
  assign groups = (8*Groups*MemBytes)'(row_i);
  always_comb begin
    group = groups[8*MemBytes-1:0];
    rotated = '0;
    high_lanes = '0;
    data = '0;
    if (step) begin
      for (int unsigned g = 1; g < Groups; g++) begin
        if (beat_q == BeatWidth'(g)) group = groups[8*MemBytes*g +: 8*MemBytes];
      end
      rotated = group;
      data = group;
      if (offset != '0) begin
        rotated = (group << {offset, 3'b000})
            | (group >> (BitsWidth'(8 * MemBytes) - BitsWidth'({offset, 3'b000})));
        high_lanes = {(8*MemBytes){1'b1}} << {offset, 3'b000};
        data = (rotated & high_lanes) | (before_q & ~high_lanes);
      end
    end
  end
  logic [MemBytes-1:0] strobes;
  always_comb begin
    strobes = '1;
    if (first) strobes = strobes << offset;
    if (last) strobes = strobes & ({MemBytes{1'b1}} >> (OffsetWidth'(MemBytes - 1) - end_lane));
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) beat_q <= '0;
    else if (step) beat_q <= last ? '0 : beat_q + 1'b1;
  end
  always_ff @(posedge clk_i) begin
    if (step) before_q <= rotated;
  end

  logic [31-OffsetWidth:0] beat_addr, req_beat_addr;
  assign beat_addr = row_addr_i[31:OffsetWidth] + (32-OffsetWidth)'(beat_q);
  assign req_addr_o = {req_beat_addr, {OffsetWidth{1'b0}}};
  fifo #(.Width(9*MemBytes + 32 - OffsetWidth), .Depth(2)) u_beats (
    .clk_i, .rst_ni,
    .push_i(step), .data_i({strobes, beat_addr, data}), .pop_i(req_valid_o && req_ready_i),
    .valid_o(req_valid_o), .full_o(full), .data_o({req_strb_o, req_beat_addr, req_data_o})
  );
endmodule
