// Element-wise work on accumulators: dst[i,j] = dst[i,j] + src[i,j], max(dst[i,j], src[i,j]) or
// dst[i,j] * factor. A row is read in one cycle, or first src and then dst where both share a bank
// or the array takes one of theirs, and written in the next. Rows run downwards when src lies below
// dst, so that overlapping operands are read before they are overwritten. The array goes first: its
// write of the next cycle is known.
`default_nettype none

module vector_unit #(
  parameter int unsigned Dim = 16,
  parameter int unsigned Banks = 2,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  array_types_pkg::execute_command_t next_i,

  input  logic array_valid_i,  // the array writes this row next cycle
  input  logic array_read_i,   // and reads it now
  input  logic [array_types_pkg::AccWidth-1:0] array_addr_i,

  output logic dst_read_o,
  output logic [array_types_pkg::AccWidth-1:0] dst_addr_o,
  input  logic [32*Dim-1:0] dst_i,
  output logic src_read_o,
  output logic [array_types_pkg::AccWidth-1:0] src_addr_o,
  input  logic [32*Dim-1:0] src_i,
  output logic write_o,
  output logic [array_types_pkg::AccWidth-1:0] write_addr_o,
  output logic [32*Dim-1:0] write_data_o,

  output logic step_o,  // a row was read
  output logic done_o,  // and it was the last: results and sources are free for others
  output array_types_pkg::execute_kind_e kind_o,
  output logic [IndexWidth-1:0] index_o
);
  localparam int unsigned AccWidth = array_types_pkg::AccWidth;

  logic busy_q, down_q, have_src_q;
  array_types_pkg::execute_kind_e kind_q;
  logic [IndexWidth-1:0] index_q;
  logic [AccWidth-1:0] dst_q, src_q;
  logic [array_types_pkg::ExecuteRowsWidth-1:0] rows_q;  // still to come after this one
  logic [31:0] factor_q;

  // ---- which banks are free
  logic binary, one_bank, dst_free, src_free;
  logic [31:0] array_bank, dst_bank, src_bank;
  assign array_bank = 32'(array_addr_i) % Banks;
  assign dst_bank = 32'(dst_q) % Banks;
  assign src_bank = 32'(src_q) % Banks;
  assign binary = kind_q != array_types_pkg::ExecuteVscale;
  assign one_bank = dst_bank == src_bank;
  assign dst_free = !array_valid_i || array_bank != dst_bank;
  assign src_free = !array_read_i || array_bank != src_bank;

  always_comb begin
    src_read_o = 1'b0;
    dst_read_o = 1'b0;
    if (busy_q) begin
      src_read_o = binary && !have_src_q && src_free;
      dst_read_o = dst_free && (!binary || have_src_q || (src_free && !one_bank));
    end
  end
  assign dst_addr_o = dst_q;
  assign src_addr_o = src_q;
  assign step_o = dst_read_o;
  assign done_o = step_o && rows_q == '0;
  assign kind_o = kind_q;
  assign index_o = index_q;
  assign next_pop_o = next_valid_i && (!busy_q || done_o);

  logic [AccWidth-1:0] next_src, next_rows;
  logic next_down;
  assign next_src = AccWidth'(next_i.operand >> systolic_array_pkg::VaddSrcLsb);
  assign next_rows = AccWidth'(next_i.rows);
  assign next_down = next_i.kind != array_types_pkg::ExecuteVscale && next_src < next_i.acc;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (next_pop_o) busy_q <= 1'b1;
    else if (done_o) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      kind_q <= next_i.kind;
      index_q <= next_index_i;
      down_q <= next_down;
      have_src_q <= 1'b0;
      dst_q <= next_down ? next_i.acc + next_rows : next_i.acc;
      src_q <= next_down ? next_src + next_rows : next_src;
      rows_q <= next_i.rows;
      factor_q <= next_i.operand >> systolic_array_pkg::VscaleFactorLsb;
    end else if (step_o) begin
      dst_q <= down_q ? dst_q - 1'b1 : dst_q + 1'b1;
      src_q <= down_q ? src_q - 1'b1 : src_q + 1'b1;
      rows_q <= rows_q - 1'b1;
      have_src_q <= 1'b0;
    end else if (src_read_o) begin
      have_src_q <= 1'b1;
    end
  end

  // ---- the row that was read last cycle
  logic write_q, take_src_q, src_taken_q;
  array_types_pkg::execute_kind_e write_kind_q;
  logic [AccWidth-1:0] write_addr_q;
  logic [31:0] write_factor_q;
  logic [32*Dim-1:0] src_row_q;  // of a pair in one bank, read a cycle or more before
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      write_q <= 1'b0;
      take_src_q <= 1'b0;
    end else begin
      write_q <= step_o;
      take_src_q <= src_read_o && !dst_read_o;
    end
  end
  always_ff @(posedge clk_i) begin
    if (take_src_q) src_row_q <= src_i;
    if (step_o) begin
      write_kind_q <= kind_q;
      write_addr_q <= dst_q;
      write_factor_q <= factor_q;
      src_taken_q <= !src_read_o;
    end
  end

  logic [32*Dim-1:0] src_row;
  always_comb begin
    src_row = src_i;
    write_data_o = dst_i;
    if (write_q) begin
      if (src_taken_q) src_row = src_row_q;
      for (int unsigned j = 0; j < Dim; j++) begin
        if (write_kind_q == array_types_pkg::ExecuteVscale)
          write_data_o[32*j +: 32] = dst_i[32*j +: 32] * write_factor_q;
        else if (write_kind_q == array_types_pkg::ExecuteVadd)
          write_data_o[32*j +: 32] = dst_i[32*j +: 32] + src_row[32*j +: 32];
        else if ($signed(src_row[32*j +: 32]) > $signed(dst_i[32*j +: 32]))
          write_data_o[32*j +: 32] = src_row[32*j +: 32];
      end
    end
  end
  assign write_o = write_q;
  assign write_addr_o = write_addr_q;
endmodule
