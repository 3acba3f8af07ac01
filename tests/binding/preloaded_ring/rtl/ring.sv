// products[y+i,j] = cells[x+i,(j+1)%8] * factors[w+i,j]: a cell takes the number of its neighbour on the
// ring, and a bit of every factor in a cycle. Memories are filled
// while the ring is in reset; it runs once when that ends, with the operands that its inputs hold.
`default_nettype none

module ring (
  input  logic clk,
  input  logic rst,
  input  logic scan_en,  // shifts cells and factors, one long chain
  input  logic scan_in,
  input  logic [3:0] x_row,
  input  logic [3:0] w_row,
  input  logic [3:0] y_row,
  input  logic [2:0] rows,
  output logic done,
  output logic [4095:0] products  // every row
);
  logic [63:0] cells_q [16];
  logic [63:0] factors_q [16];
  logic [255:0] products_q [16];
  logic [255:0] sums_q, sums;
  logic [2:0] row_q, bit_q;
  logic [63:0] cells, factors;

  assign done = row_q == rows;
  assign cells = cells_q[x_row + 4'(row_q)];
  assign factors = factors_q[w_row + 4'(row_q)];
  for (genvar i = 0; i < 16; i++) begin : g_row
    assign products[256*i +: 256] = products_q[i];
  end

  // The highest bit of a factor counts negative.
  for (genvar j = 0; j < 8; j++) begin : g_cell
    logic signed [31:0] term, old;
    assign term = factors[8*j + 32'(bit_q)]
        ? 32'($signed(cells[8*((j+1)%8) +: 8])) <<< bit_q : '0;
    assign old = bit_q == '0 ? '0 : sums_q[32*j +: 32];
    assign sums[32*j +: 32] = bit_q == 3'd7 ? old - term : old + term;
  end

  always_ff @(posedge clk) begin
    if (scan_en) begin
      for (int unsigned i = 0; i < 16; i++) begin
        cells_q[i] <= {cells_q[i][62:0], i == 0 ? scan_in : factors_q[i-1][63]};
        factors_q[i] <= {factors_q[i][62:0], cells_q[i][63]};
      end
    end
    if (!rst && !done && bit_q == 3'd7) products_q[y_row + 4'(row_q)] <= sums;
  end
  always_ff @(posedge clk) begin
    if (rst) begin
      row_q <= '0;
      bit_q <= '0;
    end else if (!done) begin
      bit_q <= bit_q + 1'b1;
      sums_q <= sums;
      if (bit_q == 3'd7) row_q <= row_q + 1'b1;
    end
  end
endmodule
