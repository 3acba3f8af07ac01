// Feeds the array: row i of a multiply is read from a + i * step, one a cycle, and the next
// multiply's first row in the cycle after its predecessor's last.
`default_nettype none

module array_feed #(
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  array_types_pkg::execute_command_t next_i,

  output logic read_o,
  input  logic ready_i,
  output logic [array_types_pkg::SpmWidth-1:0] addr_o,
  output logic copy_o,
  output logic last_o,  // the row is its command's last
  output logic [IndexWidth-1:0] index_o
);
  logic busy_q, copy_q;
  logic [array_types_pkg::SpmWidth-1:0] addr_q;
  logic [array_types_pkg::StepWidth-1:0] step_q;
  logic [array_types_pkg::ExecuteRowsWidth-1:0] rows_q;  // still to come after this one
  logic [IndexWidth-1:0] index_q;

  logic fire;
  assign fire = busy_q && ready_i;
  assign last_o = rows_q == '0;
  assign next_pop_o = next_valid_i && (!busy_q || (fire && last_o));

  always_ff @(posedge clk_i) begin
    if (!rst_ni) busy_q <= 1'b0;
    else if (next_pop_o) busy_q <= 1'b1;
    else if (fire && last_o) busy_q <= 1'b0;
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      copy_q <= next_i.copy;
      addr_q <= array_types_pkg::SpmWidth'(next_i.operand >> systolic_array_pkg::MatmulALsb);
      step_q <= array_types_pkg::StepWidth'(next_i.operand >> systolic_array_pkg::MatmulStepLsb);
      rows_q <= next_i.rows;
      index_q <= next_index_i;
    end else if (fire) begin
      addr_q <= addr_q + array_types_pkg::SpmWidth'(step_q);
      rows_q <= rows_q - 1'b1;
    end
  end

  assign read_o = busy_q;
  assign addr_o = addr_q;
  assign copy_o = copy_q;
  assign index_o = index_q;
endmodule
