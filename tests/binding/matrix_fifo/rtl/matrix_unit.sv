// acc[i,j] (+)= sum(k) a[i,k] * w[k,j], a k in a cycle; commands of four words are popped from a FIFO,
// rows of
// bytes move over AXI4, whose side has a clock of its own; activations arrive with their columns reversed.
`default_nettype none

module matrix_unit (
  input  logic clk,
  input  logic axi_clk,
  input  logic rst_n,
  input  logic test_mode,  // stops taking commands
  input  logic [15:0] fifo_data,  // lowest word first
  input  logic fifo_empty,
  output logic fifo_pop,
  output logic idle,

  output logic [31:0] m_axi_araddr,
  output logic [7:0] m_axi_arlen,
  output logic [2:0] m_axi_arsize,
  output logic [1:0] m_axi_arburst,
  output logic m_axi_arvalid,
  input  logic m_axi_arready,
  input  logic [7:0] m_axi_rdata,
  input  logic m_axi_rlast,
  input  logic m_axi_rvalid,
  output logic m_axi_rready,
  output logic [31:0] m_axi_awaddr,
  output logic [7:0] m_axi_awlen,
  output logic [2:0] m_axi_awsize,
  output logic [1:0] m_axi_awburst,
  output logic m_axi_awvalid,
  input  logic m_axi_awready,
  output logic [7:0] m_axi_wdata,
  output logic m_axi_wstrb,
  output logic m_axi_wlast,
  output logic m_axi_wvalid,
  input  logic m_axi_wready,
  input  logic m_axi_bvalid,
  output logic m_axi_bready
);
  localparam logic [3:0] SetStride = 4'd1, Load = 4'd2, Preload = 4'd3, Matmul = 4'd4,
                         MatmulAcc = 4'd5, Store = 4'd6, LoadAcc = 4'd7;
  typedef enum logic [2:0] {Fetch, Decode, Burst, Move, Multiply, Take} state_e;
  state_e state_q;

  logic [63:0] act_q [64];
  logic [255:0] acc_q [64];
  logic [511:0] w_q;
  logic [63:0] command_q;
  logic [1:0] word_q;
  logic [31:0] stride_q, addr_q;
  logic [2:0] row_q, last_row, k_q;
  logic [4:0] byte_q;
  logic [255:0] sums_q, sums;

  logic [3:0] op;
  logic [5:0] act_row, acc_row;
  assign op = command_q[63:60];
  assign last_row = op == Preload ? 3'd7 : {1'b0, command_q[57:56]};
  assign act_row = command_q[37:32] + 6'(row_q);
  assign acc_row = (op == LoadAcc ? command_q[37:32] : command_q[45:40]) + 6'(row_q);
  assign fifo_pop = state_q == Fetch && !fifo_empty && !test_mode;
  assign idle = state_q == Fetch && word_q == '0;

  // ---- memory side
  logic busy, byte_valid, byte_taken, start;
  logic [7:0] got;
  logic [255:0] stored;
  assign start = state_q == Burst && !busy;
  assign stored = acc_q[acc_row];
  axi_bytes u_axi (
    .clk(axi_clk), .rst_n,
    .start_i(start), .write_i(op == Store), .addr_i(addr_q), .len_i(op == Load ? 8'd7 : 8'd31),
    .busy_o(busy), .byte_valid_o(byte_valid), .byte_o(got),
    .byte_i(stored[8*byte_q +: 8]), .byte_taken_o(byte_taken),
    .araddr(m_axi_araddr), .arlen(m_axi_arlen), .arsize(m_axi_arsize), .arburst(m_axi_arburst),
    .arvalid(m_axi_arvalid), .arready(m_axi_arready), .rdata(m_axi_rdata), .rlast(m_axi_rlast),
    .rvalid(m_axi_rvalid), .rready(m_axi_rready),
    .awaddr(m_axi_awaddr), .awlen(m_axi_awlen), .awsize(m_axi_awsize), .awburst(m_axi_awburst),
    .awvalid(m_axi_awvalid), .awready(m_axi_awready), .wdata(m_axi_wdata), .wstrb(m_axi_wstrb),
    .wlast(m_axi_wlast), .wvalid(m_axi_wvalid), .wready(m_axi_wready),
    .bvalid(m_axi_bvalid), .bready(m_axi_bready)
  );

  // ---- one k of a row
  logic [63:0] a;
  logic [7:0] a_k;
  assign a = act_q[act_row];
  assign a_k = a[8*k_q +: 8];
  always_comb begin
    for (int unsigned j = 0; j < 8; j++) begin
      sums[32*j +: 32] = sums_q[32*j +: 32]
          + 32'($signed(a_k)) * 32'($signed(w_q[64*32'(k_q) + 8*j +: 8]));
    end
  end

  always_ff @(posedge clk) begin
    if (byte_valid && op == Load) act_q[act_row][8*(3'd7 - byte_q[2:0]) +: 8] <= got;
    if (byte_valid && op == LoadAcc) acc_q[acc_row][8*byte_q +: 8] <= got;
    if (state_q == Take) w_q[64*32'(row_q) +: 64] <= a;
    if (state_q == Multiply && k_q == 3'd7) acc_q[acc_row] <= sums;
  end

  logic row_done;
  assign row_done = (state_q == Move && !busy) || (state_q == Multiply && k_q == 3'd7)
      || state_q == Take;
  always_ff @(posedge clk) begin
    if (!rst_n) begin
      state_q <= Fetch;
      word_q <= '0;
    end else begin
      case (state_q)
        Fetch: if (fifo_pop) begin
          command_q <= {fifo_data, command_q[63:16]};
          word_q <= word_q + 1'b1;
          if (word_q == 2'd3) state_q <= Decode;
        end
        Decode: begin
          row_q <= '0;
          k_q <= '0;
          byte_q <= '0;
          addr_q <= command_q[31:0];
          sums_q <= op == MatmulAcc ? acc_q[command_q[45:40]] : '0;
          if (op == SetStride) stride_q <= command_q[31:0];
          case (op)
            Load, LoadAcc, Store: state_q <= Burst;
            Matmul, MatmulAcc: state_q <= Multiply;
            Preload: state_q <= Take;
            default: state_q <= Fetch;
          endcase
        end
        Burst: state_q <= Move;
        Move: begin
          if (byte_valid || byte_taken) byte_q <= byte_q + 1'b1;
          if (!busy) state_q <= row_q == last_row ? Fetch : Burst;
        end
        Take: if (row_q == last_row) state_q <= Fetch;
        Multiply: begin
          k_q <= k_q + 1'b1;
          sums_q <= sums;
          if (k_q == 3'd7) begin
            sums_q <= op == MatmulAcc ? acc_q[acc_row + 1'b1] : '0;
            if (row_q == last_row) state_q <= Fetch;
          end
        end
        default: state_q <= Fetch;
      endcase
      if (row_done) begin
        row_q <= row_q + 1'b1;
        byte_q <= '0;
        addr_q <= addr_q + stride_q;
      end
    end
  end

  logic unused_bits;
  assign unused_bits = ^{command_q[59:58], command_q[55:46], command_q[39:38]};
endmodule
