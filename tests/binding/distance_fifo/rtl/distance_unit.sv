// out = (samples[a+i,j] - samples[b+i,j])^2 for each i and j, one in a cycle, through a FIFO of four.
// A row of samples has lane 3 in its lowest bits. Registers over a bus without answers: 0 start, reads 1
// when everything has left, 1 a, 2 b, 3 rows - 1.
`default_nettype none

module distance_unit (
  input  logic clk,
  input  logic rst_n,
  input  logic [1:0] reg_addr,
  input  logic reg_write,
  input  logic [7:0] reg_wdata,
  input  logic reg_read,
  output logic [7:0] reg_rdata,  // a cycle after reg_read
  input  logic smp_en,
  input  logic smp_we,
  input  logic [4:0] smp_addr,
  input  logic [63:0] smp_wdata,
  output logic [63:0] smp_rdata,
  output logic [31:0] out_data,
  output logic out_valid,
  input  logic out_ready
);
  logic [63:0] samples_q [32];
  logic [4:0] a_q, b_q;
  logic [2:0] left_q;
  logic [1:0] lane_q;
  logic busy_q;

  logic [63:0] row_a, row_b;
  logic signed [16:0] difference;
  logic [31:0] square;
  assign row_a = samples_q[a_q];
  assign row_b = samples_q[b_q];
  assign difference = 17'($signed(row_a[{~lane_q, 4'd0} +: 16]))
      - 17'($signed(row_b[{~lane_q, 4'd0} +: 16]));
  assign square = 32'(difference) * 32'(difference);

  logic [31:0] fifo_q [4];
  logic [1:0] first_q, end_q;
  logic [2:0] held_q;
  logic push, pop;
  assign out_valid = held_q != '0;
  assign out_data = fifo_q[first_q];
  assign pop = out_valid && out_ready;
  assign push = busy_q && held_q != 3'd4;

  always_ff @(posedge clk) begin
    if (smp_en && smp_we) samples_q[smp_addr] <= smp_wdata;
    if (smp_en && !smp_we) smp_rdata <= samples_q[smp_addr];
    if (push) fifo_q[end_q] <= square;
    if (reg_read) reg_rdata <= {7'd0, reg_addr == 2'd0 && !busy_q && !out_valid};
  end
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      busy_q <= 1'b0;
      first_q <= '0;
      end_q <= '0;
      held_q <= '0;
    end else begin
      first_q <= first_q + 2'(pop);
      end_q <= end_q + 2'(push);
      held_q <= held_q + 3'(push) - 3'(pop);
      if (push) begin
        lane_q <= lane_q + 1'b1;
        if (lane_q == 2'd3) begin
          a_q <= a_q + 1'b1;
          b_q <= b_q + 1'b1;
          left_q <= left_q - 1'b1;
          busy_q <= left_q != '0;
        end
      end
      if (reg_write) begin
        case (reg_addr)
          2'd0: begin
            busy_q <= 1'b1;
            lane_q <= '0;
          end
          2'd1: a_q <= reg_wdata[4:0];
          2'd2: b_q <= reg_wdata[4:0];
          default: left_q <= reg_wdata[2:0];
        endcase
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^reg_wdata[7:5];
endmodule
