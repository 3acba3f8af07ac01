// Writes one copy of the stationary weights, one array row a cycle: row k is read from src + k,
// or is zero for k > rows, and reaches the array a cycle later.
`default_nettype none

module weight_feed #(
  parameter int unsigned Dim = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  array_types_pkg::execute_command_t next_i,

  output logic busy_o,
  output logic read_o,
  input  logic ready_i,
  output logic [array_types_pkg::SpmWidth-1:0] addr_o,
  output logic copy_o,
  output logic [IndexWidth-1:0] index_o,
  // A multiply may follow row 0: it needs row k no sooner than k cycles later.
  output logic written_o,
  output logic released_o,
  output logic done_o,

  output logic step_o,       // a row goes to the array
  output logic row_valid_o,  // one cycle later, with the scratchpad's data
  output logic row_zero_o,
  output logic row_copy_o,
  output logic [$clog2(Dim)-1:0] row_o
);
  localparam int unsigned RowWidth = $clog2(Dim);
  localparam int unsigned RowsWidth = systolic_array_pkg::PreloadRowsWidth;

  logic busy_q, copy_q, zero_q;
  logic [RowWidth-1:0] row_q;
  logic [RowsWidth-1:0] rows_q;  // still to be read after this one
  logic [array_types_pkg::SpmWidth-1:0] addr_q;
  logic [IndexWidth-1:0] index_q;

  logic fire;
  assign fire = busy_q && (zero_q || ready_i);
  assign written_o = fire && row_q == '0;
  assign released_o = fire && !zero_q && rows_q == '0;
  assign done_o = fire && row_q == RowWidth'(Dim - 1);
  assign next_pop_o = next_valid_i && (!busy_q || done_o);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      row_valid_o <= 1'b0;
    end else begin
      if (next_pop_o) busy_q <= 1'b1;
      else if (done_o) busy_q <= 1'b0;
      row_valid_o <= fire;
    end
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      copy_q <= next_i.copy;
      zero_q <= 1'b0;
      row_q <= '0;
      // Preload's row count shares the low bits of the multiply's.
      rows_q <= RowsWidth'(next_i.rows);
      addr_q <= array_types_pkg::SpmWidth'(next_i.operand >> systolic_array_pkg::PreloadSrcLsb);
      index_q <= next_index_i;
    end else if (fire) begin
      row_q <= row_q + 1'b1;
      addr_q <= addr_q + 1'b1;
      rows_q <= rows_q - 1'b1;
      if (rows_q == '0) zero_q <= 1'b1;
    end
    if (fire) begin
      row_zero_o <= zero_q;
      row_copy_o <= copy_q;
      row_o <= row_q;
    end
  end

  assign busy_o = busy_q;
  assign read_o = busy_q && !zero_q;
  assign addr_o = addr_q;
  assign copy_o = copy_q;
  assign index_o = index_q;
  assign step_o = fire;
endmodule
