// YOUR ARITHMETIC: a row times the weights, sum_o[j] = acc_i[j] + sum(k) a_i[k] * w_i[k][j] in
// wrapping 32 bits. No register: longer pipelines state their latency in the machine file.
`default_nettype none

module matrix_row #(
  parameter int unsigned Dim = 4
) (
  input  logic [8*Dim-1:0] a_i,
  input  logic [8*Dim*Dim-1:0] w_i,
  input  logic [32*Dim-1:0] acc_i,
  output logic [32*Dim-1:0] sum_o
);
  always_comb begin
    sum_o = acc_i;
    for (int unsigned j = 0; j < Dim; j++) begin
      for (int unsigned k = 0; k < Dim; k++) begin
        sum_o[32*j +: 32] = $signed(sum_o[32*j +: 32])
            + 32'($signed(a_i[8*k +: 8])) * 32'($signed(w_i[8*(Dim*k + j) +: 8]));
      end
    end
  end
endmodule
