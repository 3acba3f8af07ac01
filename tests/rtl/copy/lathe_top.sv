// The smallest machine that obeys the port contract: memory[dst + i] = memory[src + i], i < beats.
//
// Command: op[63:60] beats[59:48] src[47:24] dst[23:0], src and dst in beats. Every op other than
// Copy is a way to fail, so that what watches the machine can be tested.
`default_nettype none
`include "copy_ops.svh"

module lathe_top #(
  parameter int unsigned MemBytes = 16,
  parameter int unsigned CommandBits = 64  // at least 64; bits above are ignored
) (
  input  wire logic                   clk_i,
  input  wire logic                   rst_ni,
  input  wire logic                   cmd_valid_i,
  output logic                        cmd_ready_o,
  input  wire logic [CommandBits-1:0] cmd_word_i,
  output logic                        rd_req_valid_o,
  input  wire logic                   rd_req_ready_i,
  output logic [31:0]                 rd_req_addr_o,
  input  wire logic                   rd_rsp_valid_i,
  output logic                        rd_rsp_ready_o,
  input  wire logic [8*MemBytes-1:0]  rd_rsp_data_i,
  output logic                        wr_req_valid_o,
  input  wire logic                   wr_req_ready_i,
  output logic [31:0]                 wr_req_addr_o,
  output logic [8*MemBytes-1:0]       wr_req_data_o,
  output logic [MemBytes-1:0]         wr_req_strb_o,
  input  wire logic                   wr_rsp_valid_i,
  output logic                        wr_rsp_ready_o,
  output logic                        idle_o,
  output logic [7:0]                  error_o,
  input  wire logic [7:0]             perf_sel_i,
  output logic [47:0]                 perf_data_o
);
  localparam int unsigned BeatShift = $clog2(MemBytes);
  localparam int unsigned FifoDepth = 64;

  logic [3:0]  op;
  logic [11:0] beats;
  logic [11:0] reads_left_q, writes_left_q, acks_left_q;
  logic [6:0]  credits_q;  // free entries of the queue that no response is on its way to
  logic [31:0] src_q, dst_q;
  logic        waiting_q;  // an op that never ends
  logic [7:0]  error_q;
  logic [47:0] cycles_q, commands_q, reads_q, writes_q, perf_q;
  logic        accept, read_fires, response_fires, write_fires, ack_fires, beat_valid;
  logic        busy;

  assign op    = cmd_word_i[63:60];
  assign beats = cmd_word_i[59:48];
  assign busy  = waiting_q || acks_left_q != '0;

  assign cmd_ready_o    = !busy;
  assign rd_req_valid_o = reads_left_q != '0 && credits_q != '0;
  assign rd_req_addr_o  = src_q << BeatShift;
  assign rd_rsp_ready_o = 1'b1;
  assign wr_req_valid_o = writes_left_q != '0 && beat_valid;
  assign wr_req_addr_o  = dst_q << BeatShift;
  assign wr_req_strb_o  = '1;
  assign wr_rsp_ready_o = 1'b1;
  assign idle_o         = !busy;
  assign error_o        = error_q;
  assign perf_data_o    = perf_q;

  assign accept         = cmd_valid_i && cmd_ready_o;
  assign read_fires     = rd_req_valid_o && rd_req_ready_i;
  assign response_fires = rd_rsp_valid_i && rd_rsp_ready_o;
  assign write_fires    = wr_req_valid_o && wr_req_ready_i;
  assign ack_fires      = wr_rsp_valid_i && wr_rsp_ready_o;

  copy_fifo #(
    .Width(8 * MemBytes),
    .Depth(FifoDepth)
  ) u_fifo (
    .clk_i  (clk_i),
    .rst_ni (rst_ni),
    .push_i (response_fires),
    .data_i (rd_rsp_data_i),
    .pop_i  (write_fires),
    .valid_o(beat_valid),
    .data_o (wr_req_data_o)
  );

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      reads_left_q  <= '0;
      writes_left_q <= '0;
      acks_left_q   <= '0;
      credits_q     <= 7'(FifoDepth);
      src_q         <= '0;
      dst_q         <= '0;
      waiting_q     <= 1'b0;
      error_q       <= '0;
    end else begin
      credits_q <= credits_q - 7'(read_fires) + 7'(write_fires);
      if (accept && op == `COPY_OP_COPY) begin
        reads_left_q  <= beats;
        writes_left_q <= beats;
        acks_left_q   <= beats;
        src_q         <= 32'(cmd_word_i[47:24]);
        dst_q         <= 32'(cmd_word_i[23:0]);
      end else begin
        if (read_fires) begin
          reads_left_q <= reads_left_q - 1'b1;
          src_q        <= src_q + 1;
        end
        if (write_fires) begin
          writes_left_q <= writes_left_q - 1'b1;
          dst_q         <= dst_q + 1;
        end
        if (ack_fires) acks_left_q <= acks_left_q - 1'b1;
      end
      if (accept && op == `COPY_OP_HANG) waiting_q <= 1'b1;
      if (accept && op == `COPY_OP_REJECT && error_q == '0) error_q <= cmd_word_i[7:0];
    end
  end

  always_ff @(posedge clk_i) begin
    if (accept && op == `COPY_OP_FATAL) $fatal(1, "told to stop");
    if (accept && op == `COPY_OP_FINISH) $finish;
    if (accept && op == `COPY_OP_PRINT) $display("beats is %0d", beats);
  end

  // The command that breaks a promise is there to be caught.
  keeps_promises : assert property (@(posedge clk_i) disable iff (!rst_ni)
      !(accept && op == `COPY_OP_BREAK));

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      cycles_q   <= '0;
      commands_q <= '0;
      reads_q    <= '0;
      writes_q   <= '0;
      perf_q     <= '0;
    end else begin
      cycles_q   <= cycles_q + 1'b1;
      commands_q <= commands_q + 48'(accept);
      reads_q    <= reads_q + 48'(read_fires);
      writes_q   <= writes_q + 48'(write_fires);
      case (perf_sel_i)
        8'd0:    perf_q <= cycles_q;
        8'd1:    perf_q <= commands_q;
        8'd2:    perf_q <= reads_q;
        8'd3:    perf_q <= writes_q;
        default: perf_q <= '0;
      endcase
    end
  end
endmodule

`default_nettype wire
