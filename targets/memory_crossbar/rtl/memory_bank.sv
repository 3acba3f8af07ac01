// One bank, one read port and one write port: read_data_o = row[read_addr_i], a cycle later. A row
// written in the cycle that reads it is read as it was, or as written when Forward is set.
`default_nettype none

module memory_bank #(
  parameter int unsigned Rows = 1024,
  parameter int unsigned Width = 128,
  parameter int unsigned AddrWidth = 10,
  parameter bit Forward = 1'b0
) (
  input  logic clk_i,
  input  logic write_i,
  input  logic [AddrWidth-1:0] write_addr_i,
  input  logic [Width-1:0] write_data_i,
  input  logic read_i,
  input  logic [AddrWidth-1:0] read_addr_i,
  output logic [Width-1:0] read_data_o
);
  logic [Width-1:0] rows_q [Rows];
  always_ff @(posedge clk_i) begin
    if (write_i) rows_q[write_addr_i] <= write_data_i;
  end
  always_ff @(posedge clk_i) begin
    if (read_i) begin
      if (Forward && write_i && write_addr_i == read_addr_i) read_data_o <= write_data_i;
      else read_data_o <= rows_q[read_addr_i];
    end
  end
endmodule
