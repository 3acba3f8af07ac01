// The weight-stationary array: sums_o[j] = sum(k) a_i[k] * w[copy][k][j], 2 * Dim - 1 cycles after
// a_i, a row a cycle. Row k of the array sees element k of the input k cycles late, and column j
// another j, so sums fall straight down and are lined up again at the bottom.
`default_nettype none

module systolic_mesh #(
  parameter int unsigned Dim = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic active_i,  // a row arrives or is on its way; what moves between rows is ignored
  input  logic copy_i,
  input  logic [8*Dim-1:0] a_i,
  output logic [32*Dim-1:0] sums_o,

  input  logic load_i,
  input  logic load_copy_i,
  input  logic [$clog2(Dim)-1:0] load_row_i,
  input  logic [8*Dim-1:0] weights_i,
  output logic loading_o
);
  logic [8*Dim-1:0] weights;
  // Weights of a row leave the skew in the Dim - 1 cycles after they came.
  logic [Dim-2:0] loading_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) loading_q <= '0;
    else loading_q <= {loading_q[Dim-3:0], load_i};
  end
  assign loading_o = load_i || loading_q != '0;
  skew #(.Lanes(Dim), .Width(8)) u_skew_weights (
    .clk_i, .step_i(loading_o), .in_i(weights_i), .out_o(weights)
  );

  logic [Dim-1:0] load;
  always_comb begin
    load = '0;
    if (load_i) load[load_row_i] = 1'b1;
  end

  for (genvar k = 0; k < Dim; k++) begin : g_row
    logic copy;
    logic [32*Dim-1:0] sums;
    if (k == 0) begin : g_first
      array_row #(.Dim(Dim), .Delay(k)) u_row (
        .clk_i, .rst_ni, .active_i, .copy_i, .a_i(a_i[7:0]), .copy_o(copy),
        .load_i(load[k]), .load_copy_i, .weights_i(weights),
        .sums_i('0), .sums_o(sums)
      );
    end else begin : g_next
      array_row #(.Dim(Dim), .Delay(k)) u_row (
        .clk_i, .rst_ni, .active_i, .copy_i(g_row[k-1].copy), .a_i(a_i[8*k +: 8]), .copy_o(copy),
        .load_i(load[k]), .load_copy_i, .weights_i(weights),
        .sums_i(g_row[k-1].sums), .sums_o(sums)
      );
    end
  end

  deskew #(.Lanes(Dim), .Width(32)) u_deskew (
    .clk_i, .step_i(active_i), .in_i(g_row[Dim-1].sums), .out_o(sums_o)
  );

  logic unused_bottom;
  assign unused_bottom = g_row[Dim-1].copy;
endmodule
