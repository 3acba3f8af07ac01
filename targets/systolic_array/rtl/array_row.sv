// One row of the array, a processing element a column: sums_o[j] = sums_i[j] + a[j] * w[copy[j]][j],
// a cycle later; activations, their copy and their validity move one column right a cycle.
// A weight write moves right the same way, so that it may follow the last row that used the copy.
`default_nettype none

module array_row #(
  parameter int unsigned Dim = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic valid_i,
  input  logic copy_i,
  input  logic [7:0] a_i,
  output logic valid_o,  // to the row below, a cycle later
  output logic copy_o,

  input  logic load_i,               // column 0 takes its weight now, column j in j cycles
  input  logic load_copy_i,
  input  logic [8*Dim-1:0] weights_i,  // skewed like the load

  input  logic [32*Dim-1:0] sums_i,
  output logic [32*Dim-1:0] sums_o
);
  logic [Dim-1:0] valid, copy;
  logic [Dim-2:0] valid_q, copy_q;
  logic [8*Dim-1:0] a;
  logic [8*(Dim-1)-1:0] a_q;
  assign valid = {valid_q, valid_i};
  assign copy = {copy_q, copy_i};
  assign a = {a_q, a_i};
  assign valid_o = valid_q[0];
  assign copy_o = copy_q[0];

  logic any_valid;
  assign any_valid = |valid;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) valid_q <= '0;
    else valid_q <= valid[Dim-2:0];
  end

  // ---- weights: one column a cycle
  logic [8*Dim-1:0] weights0_q, weights1_q;
  logic [Dim-1:0] load;
  logic [Dim-2:0] load_q;
  logic load_copy_q, load_copy, any_load;
  assign load = {load_q, load_i};
  assign load_copy = load_i ? load_copy_i : load_copy_q;
  assign any_load = |load;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) load_q <= '0;
    else load_q <= load[Dim-2:0];
  end
  always_ff @(posedge clk_i) begin
    if (load_i) load_copy_q <= load_copy_i;
    if (any_load) begin
      for (int unsigned j = 0; j < Dim; j++) begin
        if (load[j] && !load_copy) weights0_q[8*j +: 8] <= weights_i[8*j +: 8];
        if (load[j] && load_copy) weights1_q[8*j +: 8] <= weights_i[8*j +: 8];
      end
    end
  end

  // ---- multiply and add
  always_ff @(posedge clk_i) begin
    if (any_valid) begin
      copy_q <= copy[Dim-2:0];
      a_q <= a[8*(Dim-1)-1:0];
      for (int unsigned j = 0; j < Dim; j++) begin
        sums_o[32*j +: 32] <= sums_i[32*j +: 32] + 32'($signed(a[8*j +: 8]))
            * 32'($signed(copy[j] ? weights1_q[8*j +: 8] : weights0_q[8*j +: 8]));
      end
    end
  end
endmodule
