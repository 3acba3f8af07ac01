// One row of the array, an element a column: sums_o[j] = sums_i[j] + a[j] * w[copy[j]][j], a cycle
// later; activations and their copy move one column right a cycle. The activation arrives Delay
// cycles before the copy, with the rest of its vector.
// A weight write moves right the same way, so that it may follow the last row that used the copy.
`default_nettype none

module array_row #(
  parameter int unsigned Dim = 16,
  parameter int unsigned Delay = 0
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic active_i,  // a row is somewhere in the array
  input  logic copy_i,
  input  logic [7:0] a_i,  // Delay cycles early
  output logic copy_o,     // to the row below, a cycle later

  input  logic load_i,                 // column 0 takes its weight now, column j in j cycles
  input  logic load_copy_i,
  input  logic [8*Dim-1:0] weights_i,  // skewed like the load

  input  logic [32*Dim-1:0] sums_i,
  output logic [32*Dim-1:0] sums_o
);
  localparam int unsigned ColumnWidth = $clog2(Dim);
  localparam int unsigned Copy1 = 1 << ColumnWidth;
  localparam int unsigned Stages = Delay + Dim - 1;

  // Column j of copy c is element c * Copy1 + j.
  logic [7:0] weights_q [2*Copy1];

  // ---- multiply and add: column j works with stage j - 1 of what moves right, column 0 with what
  // arrives
  logic [Dim-2:0] copy_q;
  logic [8*Stages-1:0] a_q;
  logic [7:0] a;
  if (Delay == 0) begin : g_now
    assign a = a_i;
  end else begin : g_delayed
    assign a = a_q[8*(Delay-1) +: 8];
  end
  assign copy_o = copy_q[0];
  always_ff @(posedge clk_i) begin
    if (active_i) begin
      a_q <= {a_q[8*(Stages-1)-1:0], a_i};
      copy_q <= {copy_q[Dim-3:0], copy_i};
      sums_o[31:0] <= sums_i[31:0]
          + 32'($signed(a)) * 32'($signed(copy_i ? weights_q[Copy1] : weights_q[0]));
      for (int unsigned j = 1; j < Dim; j++) begin
        sums_o[32*j +: 32] <= sums_i[32*j +: 32] + 32'($signed(a_q[8*(Delay+j-1) +: 8]))
            * 32'($signed(copy_q[j-1] ? weights_q[Copy1+j] : weights_q[j]));
      end
    end
  end

  // ---- weights: one column a cycle; column 0, where the next load begins, is also rest
  logic copy_of_load_q, write_copy, write;
  logic [ColumnWidth-1:0] column_q;
  assign write = load_i || column_q != '0;
  assign write_copy = load_i ? load_copy_i : copy_of_load_q;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) column_q <= '0;
    else if (write) column_q <= column_q == ColumnWidth'(Dim - 1) ? '0 : column_q + 1'b1;
  end
  always_ff @(posedge clk_i) begin
    if (load_i) copy_of_load_q <= load_copy_i;
    if (write) weights_q[{write_copy, column_q}] <= weights_i[8*column_q +: 8];
  end
endmodule
