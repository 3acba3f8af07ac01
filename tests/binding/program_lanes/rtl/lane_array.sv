// rows[dst+i] = rows[a+i] op rows[b+i] in eight lanes, a bit of every lane in a cycle, lowest first;
// rows are written when all were computed.
`default_nettype none

module lane_array (
  input  logic clk,
  input  logic rst_n,
  input  logic start_i,
  input  logic [31:0] command_i,  // op rows-1 dst a b
  output logic busy_o
);
  localparam logic [3:0] Sub = 4'd9, Max = 4'd10;
  logic [63:0] rows_q [32];
  logic [63:0] result_q;
  logic [63:0] results_q [8];
  logic [3:0] op_q, bit_q;
  logic [2:0] left_q, at_q, last_q;
  logic writes_q;
  logic [4:0] dst_q, a_q, b_q;
  logic [7:0] carry_q, a, b, b_added, sum, carry;
  logic [63:0] row_a, row_b, chosen;

  // A row holds bit b of lane j at 8*b + j.
  assign row_a = rows_q[a_q];
  assign row_b = rows_q[b_q];
  assign a = row_a[8*bit_q[2:0] +: 8];
  assign b = row_b[8*bit_q[2:0] +: 8];

  // a + b, or a - b = a + ~b + 1; of a - b the lanes' signs say which is larger.
  assign b_added = op_q == Sub || op_q == Max ? ~b : b;
  assign sum = a ^ b_added ^ carry_q;
  assign carry = (a & b_added) | (carry_q & (a ^ b_added));
  logic [7:0] less;
  assign less = (a & ~b) | (~(a ^ b) & sum);  // of the sign bits: a < b
  always_comb begin
    chosen = result_q;
    if (op_q != Max) chosen[8*bit_q[2:0] +: 8] = sum;
    else if (bit_q == 4'd7) chosen = (row_a & ~{8{less}}) | (row_b & {8{less}});
  end

  logic row_done;
  assign row_done = busy_o && !writes_q && bit_q == 4'd8;
  always_ff @(posedge clk) begin
    if (row_done) results_q[at_q] <= result_q;
    if (writes_q) rows_q[dst_q] <= results_q[at_q];
  end
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      busy_o <= 1'b0;
      writes_q <= 1'b0;
    end else if (start_i) begin
      busy_o <= 1'b1;
      bit_q <= '0;
      at_q <= '0;
      op_q <= command_i[31:28];
      left_q <= command_i[26:24];
      last_q <= command_i[26:24];
      dst_q <= command_i[20:16];
      a_q <= command_i[12:8];
      b_q <= command_i[4:0];
      carry_q <= {8{command_i[31:28] != 4'd8}};
    end else if (writes_q) begin
      at_q <= at_q + 1'b1;
      dst_q <= dst_q + 1'b1;
      if (at_q == last_q) {busy_o, writes_q} <= 2'b00;
    end else if (row_done) begin
      bit_q <= '0;
      carry_q <= {8{op_q != 4'd8}};
      {a_q, b_q} <= {a_q + 5'd1, b_q + 5'd1};
      left_q <= left_q - 1'b1;
      at_q <= left_q == '0 ? '0 : at_q + 1'b1;
      writes_q <= left_q == '0;
    end else if (busy_o) begin
      bit_q <= bit_q + 1'b1;
      carry_q <= carry;
      result_q <= chosen;
    end
  end

  logic unused_bits;
  assign unused_bits = ^{command_i[27], command_i[23:21], command_i[15:13], command_i[7:5]};
endmodule
