// res[d+i,j] (+)= sum(k) spm[a+i,k] * w[k,j], a k in a cycle, where w are four rows of spm from b on.
// A row of spm has lanes of 24 bits in the order 0, 2, 1, 3.
// Registers over APB: 0x00 start (bit 1: multiply, otherwise take the weights; bit 2: add), 0x04 done,
// which stays until 1 is written, 0x08 a, 0x0c b, 0x10 d, 0x14 rows - 1.
`default_nettype none

module dot_unit (
  input  logic pclk,
  input  logic presetn,
  input  logic [4:0] paddr,
  input  logic psel,
  input  logic penable,
  input  logic pwrite,
  input  logic [31:0] pwdata,
  output logic [31:0] prdata,
  output logic pready,

  input  logic spm_en,
  input  logic spm_we,
  input  logic [4:0] spm_addr,
  input  logic [95:0] spm_wdata,
  output logic [95:0] spm_rdata,
  input  logic res_ce,
  input  logic res_we,
  input  logic [4:0] res_addr,
  input  logic [127:0] res_wdata,
  output logic [127:0] res_rdata
);
  logic [95:0] spm_q [32];
  logic [127:0] res_q [32];
  logic [255:0] w_q;
  logic [4:0] a_q, b_q, d_q;
  logic [2:0] left_q;
  logic [1:0] k_q;
  logic busy_q, done_q, multiply_q, add_q;
  logic [127:0] sum_q;

  // ---- registers: one wait state
  logic ready_q, write;
  assign pready = ready_q;
  assign write = psel && penable && pwrite && ready_q;
  assign prdata = paddr == 5'h04 ? {31'd0, done_q} : '0;
  always_ff @(posedge pclk) begin
    if (!presetn) ready_q <= 1'b0;
    else ready_q <= psel && !ready_q;
  end

  // ---- one k a cycle
  logic [95:0] a, b;
  logic [15:0] a_k;
  logic [127:0] sum, old;
  logic last_k;
  assign a = spm_q[a_q];
  assign b = spm_q[b_q];
  assign a_k = a[24*{k_q[0], k_q[1]} +: 16];
  assign old = k_q != '0 ? sum_q : add_q ? res_q[d_q] : '0;
  assign last_k = busy_q && k_q == 2'd3;
  always_comb begin
    for (int unsigned j = 0; j < 4; j++) begin
      sum[32*j +: 32] = old[32*j +: 32]
          + 32'($signed(a_k)) * 32'($signed(w_q[64*32'(k_q) + 16*j +: 16]));
    end
  end

  // ---- memories
  always_ff @(posedge pclk) begin
    if (spm_en && spm_we) spm_q[spm_addr] <= spm_wdata;
    if (spm_en && !spm_we) spm_rdata <= spm_q[spm_addr];
    if (busy_q && !multiply_q)
      w_q[64*32'(k_q) +: 64] <= {b[72 +: 16], b[24 +: 16], b[48 +: 16], b[0 +: 16]};
    if (last_k && multiply_q) res_q[d_q] <= sum;
    else if (res_ce && res_we) res_q[res_addr] <= res_wdata;
    if (res_ce && !res_we) res_rdata <= res_q[res_addr];
  end

  always_ff @(posedge pclk) begin
    if (!presetn) begin
      busy_q <= 1'b0;
      done_q <= 1'b0;
    end else begin
      if (busy_q) begin
        sum_q <= sum;
        k_q <= k_q + 1'b1;
        b_q <= b_q + 1'b1;
        if (last_k) begin
          a_q <= a_q + 1'b1;
          d_q <= d_q + 1'b1;
          left_q <= left_q - 1'b1;
          if (!multiply_q || left_q == '0) {busy_q, done_q} <= 2'b01;
        end
      end
      if (write) begin
        case (paddr)
          5'h00: begin
            busy_q <= pwdata[0];
            multiply_q <= pwdata[1];
            add_q <= pwdata[2];
            k_q <= '0;
          end
          5'h04: if (pwdata[0]) done_q <= 1'b0;
          5'h08: a_q <= pwdata[4:0];
          5'h0c: b_q <= pwdata[4:0];
          5'h10: d_q <= pwdata[4:0];
          5'h14: left_q <= pwdata[2:0];
          default: ;
        endcase
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{pwdata[31:5], a, b};
endmodule
