// A row of bytes as a row of a memory, zero behind the last column:
// for j <= cols_i, narrow_o[j] = i8[j] and wide_o[j] = extend_i ? i32(i8[j]) : i32[j].
`default_nettype none

module load_widen #(
  parameter int unsigned Dim = 16
) (
  input  logic narrow_i,
  input  logic wide_i,
  input  logic extend_i,
  input  logic [array_types_pkg::ColsWidth-1:0] cols_i,  // minus one
  input  logic [32*Dim-1:0] row_i,
  output logic [8*Dim-1:0] narrow_o,
  output logic [32*Dim-1:0] wide_o
);
  always_comb begin
    narrow_o = row_i[8*Dim-1:0];
    if (narrow_i && 32'(cols_i) < Dim - 1) begin
      for (int unsigned j = 0; j < Dim; j++) begin
        if (j > 32'(cols_i)) narrow_o[8*j +: 8] = '0;
      end
    end
  end
  always_comb begin
    wide_o = row_i;
    if (wide_i) begin
      for (int unsigned j = 0; j < Dim; j++) begin
        if (j > 32'(cols_i)) wide_o[32*j +: 32] = '0;
        else if (extend_i) wide_o[32*j +: 32] = {{24{row_i[8*j+7]}}, row_i[8*j +: 8]};
      end
    end
  end
endmodule
