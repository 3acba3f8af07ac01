// Takes the array's sums to the accumulators, in order with the rows that were fed:
// acc[base + i] = sums_i + (accumulate ? acc[base + i] : 0), 2 * Dim cycles after row i was read.
// The accumulator row is read in the cycle before its sums arrive.
`default_nettype none

module array_drain #(
  parameter int unsigned Dim = 16,
  parameter int unsigned IndexWidth = 4
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic fed_i,            // a row was read from the scratchpad
  output logic active_o,         // some row is between the array's input and the accumulators

  // the oldest command with rows on the way
  input  array_types_pkg::execute_command_t head_i,
  input  logic [IndexWidth-1:0] head_index_i,
  output logic head_pop_o,       // its last row is two cycles from being written
  output logic [IndexWidth-1:0] head_index_o,

  output logic read_valid_o,     // a row is written next cycle, to this address
  output logic read_accumulate_o,
  output logic [array_types_pkg::AccWidth-1:0] read_addr_o,
  output logic write_valid_o,
  output logic [array_types_pkg::AccWidth-1:0] write_addr_o,
  output logic [32*Dim-1:0] write_data_o,
  input  logic [32*Dim-1:0] sums_i,
  input  logic [32*Dim-1:0] acc_i
);
  localparam int unsigned Stages = 2 * Dim - 2;

  logic [Stages-1:0] fed_q;
  logic due, read_q, write_q, read_accumulate_q, write_accumulate_q;
  logic [array_types_pkg::AccWidth-1:0] read_addr_q, write_addr_q;
  logic [array_types_pkg::ExecuteRowsWidth-1:0] row_q;
  assign active_o = fed_q != '0 || read_q;
  assign due = fed_q[Stages-1];
  assign head_pop_o = due && row_q == head_i.rows;
  assign head_index_o = head_index_i;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      fed_q <= '0;
      read_q <= 1'b0;
      write_q <= 1'b0;
      row_q <= '0;
    end else begin
      fed_q <= {fed_q[Stages-2:0], fed_i};
      read_q <= due;
      write_q <= read_q;
      if (due) row_q <= head_pop_o ? '0 : row_q + 1'b1;
    end
  end
  always_ff @(posedge clk_i) begin
    if (due) begin
      read_addr_q <= head_i.acc + array_types_pkg::AccWidth'(row_q);
      read_accumulate_q <= head_i.kind == array_types_pkg::ExecuteMatmulAcc;
    end
    if (read_q) begin
      write_addr_q <= read_addr_q;
      write_accumulate_q <= read_accumulate_q;
    end
  end

  always_comb begin
    write_data_o = sums_i;
    if (write_q && write_accumulate_q) begin
      for (int unsigned j = 0; j < Dim; j++) begin
        write_data_o[32*j +: 32] = sums_i[32*j +: 32] + acc_i[32*j +: 32];
      end
    end
  end

  assign read_valid_o = read_q;
  assign read_accumulate_o = read_accumulate_q;
  assign read_addr_o = read_addr_q;
  assign write_valid_o = write_q;
  assign write_addr_o = write_addr_q;
endmodule
