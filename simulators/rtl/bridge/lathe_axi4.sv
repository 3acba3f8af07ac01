// Host memory as an AXI4 subordinate: bursts INCR of whole beats, one each way at a time, one
// response of the host for each beat.
`default_nettype none

module lathe_axi4 #(
  parameter int unsigned AddrBits = 32,
  parameter int unsigned DataBits = 32,
  parameter int unsigned IdBits = 1
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic tick_i,
  output logic idle_o,

  input  logic [IdBits-1:0] awid,
  input  logic [AddrBits-1:0] awaddr,
  input  logic [7:0] awlen,
  input  logic [2:0] awsize,
  input  logic [1:0] awburst,
  input  logic awvalid,
  output logic awready,
  input  logic [DataBits-1:0] wdata,
  input  logic [DataBits/8-1:0] wstrb,
  input  logic wlast,
  input  logic wvalid,
  output logic wready,
  output logic [IdBits-1:0] bid,
  output logic [1:0] bresp,
  output logic bvalid,
  input  logic bready,
  input  logic [IdBits-1:0] arid,
  input  logic [AddrBits-1:0] araddr,
  input  logic [7:0] arlen,
  input  logic [2:0] arsize,
  input  logic [1:0] arburst,
  input  logic arvalid,
  output logic arready,
  output logic [IdBits-1:0] rid,
  output logic [DataBits-1:0] rdata,
  output logic [1:0] rresp,
  output logic rlast,
  output logic rvalid,
  input  logic rready,

  output logic rd_req_valid_o,
  input  logic rd_req_ready_i,
  output logic [31:0] rd_req_addr_o,
  input  logic rd_rsp_valid_i,
  output logic rd_rsp_ready_o,
  input  logic [DataBits-1:0] rd_rsp_data_i,
  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [DataBits-1:0] wr_req_data_o,
  output logic [DataBits/8-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o
);
  localparam int unsigned BeatBytes = DataBits / 8;
  localparam int unsigned Size = $clog2(BeatBytes);

  // What this subordinate does not do must not pass unseen.
  always_ff @(posedge clk_i) begin
    if (rst_ni && tick_i) begin
      whole_write_beats: assert (!awvalid || (awsize == 3'(Size) && awburst == 2'b01));
      whole_read_beats: assert (!arvalid || (arsize == 3'(Size) && arburst == 2'b01));
    end
  end

  // ---- reads
  logic [8:0] to_ask_q, to_answer_q;  // beats
  logic [31:0] read_addr_q;
  assign arready = to_answer_q == '0;
  assign rd_req_valid_o = to_ask_q != '0;
  assign rd_req_addr_o = read_addr_q;
  assign rd_rsp_ready_o = rready && tick_i;
  assign rvalid = rd_rsp_valid_i && to_answer_q != '0;
  assign rdata = rd_rsp_data_i;
  assign rresp = '0;
  assign rlast = to_answer_q == 9'd1;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      to_ask_q <= '0;
      to_answer_q <= '0;
    end else if (arvalid && arready && tick_i) begin
      to_ask_q <= 9'(arlen) + 9'd1;
      to_answer_q <= 9'(arlen) + 9'd1;
      read_addr_q <= 32'(araddr);
      rid <= arid;
    end else begin
      if (rd_req_valid_o && rd_req_ready_i) begin
        to_ask_q <= to_ask_q - 1'b1;
        read_addr_q <= read_addr_q + BeatBytes;
      end
      if (rvalid && rd_rsp_ready_o) to_answer_q <= to_answer_q - 1'b1;
    end
  end

  // ---- writes
  logic [8:0] to_send_q, unacked_q;
  logic [31:0] write_addr_q;
  logic writing_q, unused_last;
  assign unused_last = wlast;
  assign awready = !writing_q;
  assign wready = to_send_q != '0 && wr_req_ready_i;
  assign wr_req_valid_o = to_send_q != '0 && wvalid && tick_i;
  assign wr_req_addr_o = write_addr_q;
  assign wr_req_data_o = wdata;
  assign wr_req_strb_o = wstrb;
  assign wr_rsp_ready_o = 1'b1;
  assign bvalid = writing_q && to_send_q == '0 && unacked_q == '0;
  assign bresp = '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      writing_q <= 1'b0;
      to_send_q <= '0;
      unacked_q <= '0;
    end else if (awvalid && awready && tick_i) begin
      writing_q <= 1'b1;
      to_send_q <= 9'(awlen) + 9'd1;
      write_addr_q <= 32'(awaddr);
      bid <= awid;
    end else begin
      if (bvalid && bready && tick_i) writing_q <= 1'b0;
      if (wr_req_valid_o && wr_req_ready_i) begin
        to_send_q <= to_send_q - 1'b1;
        write_addr_q <= write_addr_q + BeatBytes;
      end
      unacked_q <= unacked_q + 9'(wr_req_valid_o && wr_req_ready_i) - 9'(wr_rsp_valid_i);
    end
  end
  assign idle_o = !writing_q && to_answer_q == '0;
endmodule
