// Gives each row its place: row i goes to dst + i * stride, in host memory as cols bytes through
// the epilogue or cols words as they are, or in the scratchpad as a row of bytes.
`default_nettype none

module store_rows #(
  parameter int unsigned Dim = 16,
  parameter int unsigned IndexWidth = 3
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  array_types_pkg::store_command_t next_i,

  input  logic row_valid_i,
  output logic row_pop_o,
  input  logic [32*Dim-1:0] row_i,

  output logic place_valid_o,
  input  logic place_ready_i,
  output logic [31:0] place_addr_o,
  output logic [array_types_pkg::SpanWidth-1:0] place_span_o,  // bytes minus one
  output logic place_last_o,                                  // of its command
  output logic place_wide_o,
  output logic place_move_o,                                  // in the scratchpad
  output logic [IndexWidth-1:0] place_index_o,
  output logic [32*Dim-1:0] place_o
);
  logic busy_q, wide_q, move_q, valid_q;
  logic [31:0] addr_q, stride_q, floor_q;
  logic [array_types_pkg::ShiftWidth-1:0] shift_q;
  logic [array_types_pkg::SpanWidth-1:0] span_q;
  logic [array_types_pkg::MoveRowsWidth-1:0] rows_q;  // still to come after this one
  logic [IndexWidth-1:0] index_q;

  logic step, last;
  assign step = busy_q && row_valid_i && (!valid_q || place_ready_i);
  assign last = rows_q == '0;
  assign row_pop_o = step;
  assign next_pop_o = next_valid_i && (!busy_q || (step && last));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      valid_q <= 1'b0;
    end else begin
      if (next_pop_o) busy_q <= 1'b1;
      else if (step && last) busy_q <= 1'b0;
      if (step) valid_q <= 1'b1;
      else if (place_ready_i) valid_q <= 1'b0;
    end
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      wide_q <= next_i.wide;
      move_q <= next_i.move;
      addr_q <= next_i.dst;
      stride_q <= next_i.stride;
      floor_q <= next_i.floor;
      shift_q <= next_i.shift;
      span_q <= next_i.wide ? {next_i.cols, 2'b11} : array_types_pkg::SpanWidth'(next_i.cols);
      rows_q <= next_i.rows;
      index_q <= next_index_i;
    end else if (step) begin
      addr_q <= addr_q + stride_q;
      rows_q <= rows_q - 1'b1;
    end
  end

  logic [8*Dim-1:0] bytes;
  store_epilogue #(.Dim(Dim)) u_epilogue (
    .enable_i(step && !wide_q), .floor_i(floor_q), .shift_i(shift_q), .row_i, .bytes_o(bytes)
  );
  always_ff @(posedge clk_i) begin
    if (step) begin
      place_addr_o <= addr_q;
      place_span_o <= span_q;
      place_last_o <= last;
      place_wide_o <= wide_q;
      place_move_o <= move_q;
      place_index_o <= index_q;
      place_o <= wide_q ? row_i : (32*Dim)'(bytes);
    end
  end
  assign place_valid_o = valid_q;
endmodule
