// Reads the rows of each store, one a cycle, and adds its bias row: row_o[j] = acc[src + i][j] +
// bias[b][j], two cycles after the row was read. A row is read only when there is room for it.
`default_nettype none

module store_reader #(
  parameter int unsigned Dim = 16,
  parameter int unsigned IndexWidth = 3
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic next_valid_i,
  output logic next_pop_o,
  input  logic [IndexWidth-1:0] next_index_i,
  input  array_types_pkg::store_command_t next_i,

  output logic read_o,
  input  logic ready_i,
  output logic [array_types_pkg::AccWidth-1:0] addr_o,
  output logic [array_types_pkg::BiasWidth-1:0] bias_addr_o,
  input  logic [32*Dim-1:0] acc_i,
  input  logic [32*Dim-1:0] bias_i,
  output logic released_o,
  output logic [IndexWidth-1:0] index_o,

  output logic row_valid_o,
  input  logic row_pop_i,
  output logic [32*Dim-1:0] row_o
);
  // Rows on the way and waiting: two on the way, one leaving, one to spare.
  localparam int unsigned Room = 4;

  logic busy_q, read_q;
  logic [array_types_pkg::AccWidth-1:0] addr_q;
  logic [array_types_pkg::BiasWidth-1:0] bias_q;
  logic [array_types_pkg::MoveRowsWidth-1:0] rows_q;  // still to come after this one
  logic [IndexWidth-1:0] index_q;
  logic [2:0] used_q;

  logic fire, done;
  assign read_o = busy_q && used_q != 3'(Room);
  assign fire = read_o && ready_i;
  assign done = fire && rows_q == '0;
  assign released_o = done;
  assign next_pop_o = next_valid_i && (!busy_q || done);
  assign addr_o = addr_q;
  assign bias_addr_o = bias_q;
  assign index_o = index_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      read_q <= 1'b0;
      used_q <= '0;
    end else begin
      if (next_pop_o) busy_q <= 1'b1;
      else if (done) busy_q <= 1'b0;
      read_q <= fire;
      used_q <= used_q + 3'(fire) - 3'(row_pop_i);
    end
  end
  always_ff @(posedge clk_i) begin
    if (next_pop_o) begin
      addr_q <= next_i.src;
      bias_q <= next_i.bias;
      rows_q <= next_i.rows;
      index_q <= next_index_i;
    end else if (fire) begin
      addr_q <= addr_q + 1'b1;
      rows_q <= rows_q - 1'b1;
    end
  end

  logic [32*Dim-1:0] sum;
  always_comb begin
    sum = acc_i;
    if (read_q) begin
      for (int unsigned j = 0; j < Dim; j++) begin
        sum[32*j +: 32] = acc_i[32*j +: 32] + bias_i[32*j +: 32];
      end
    end
  end
  logic unused_full;
  fifo #(.Width(32*Dim), .Depth(Room)) u_rows (
    .clk_i, .rst_ni, .push_i(read_q), .data_i(sum), .pop_i(row_pop_i),
    .valid_o(row_valid_o), .full_o(unused_full), .data_o(row_o)
  );
endmodule
