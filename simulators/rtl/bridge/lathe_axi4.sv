// Host memory as an AXI4 subordinate: bursts INCR of whole beats, answered in order, one response of
// the host for each beat. Some bursts each way may be on their way at a time.
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
  localparam int unsigned Bursts = 16;  // that are accepted and not answered; a power of two
  localparam int unsigned Which = $clog2(Bursts);
  logic [7:0] read_lens_q [Bursts];
  logic [IdBits-1:0] read_ids_q [Bursts];
  logic [Which-1:0] read_first_q, read_end_q;
  logic [Which:0] reads_q;
  logic [8:0] to_ask_q;  // beats of the last one
  logic [7:0] answered_q;  // beats of the first one
  logic [31:0] read_addr_q;
  logic ask, read_begins, answer;
  assign rd_req_valid_o = to_ask_q != '0;
  assign rd_req_addr_o = read_addr_q;
  assign ask = rd_req_valid_o && rd_req_ready_i;
  assign arready = (to_ask_q == '0 || (to_ask_q == 9'd1 && ask)) && 32'(reads_q) != Bursts;
  assign read_begins = arvalid && arready && tick_i;
  assign rd_rsp_ready_o = rready && tick_i;
  assign rvalid = rd_rsp_valid_i && reads_q != '0;
  assign answer = rvalid && rready && tick_i;
  assign rdata = rd_rsp_data_i;
  assign rid = read_ids_q[read_first_q];
  assign rresp = '0;
  assign rlast = answered_q == read_lens_q[read_first_q];
  always_ff @(posedge clk_i) begin
    if (read_begins) begin
      read_lens_q[read_end_q] <= arlen;
      read_ids_q[read_end_q] <= arid;
    end
    if (!rst_ni) begin
      to_ask_q <= '0;
      answered_q <= '0;
      read_first_q <= '0;
      read_end_q <= '0;
      reads_q <= '0;
    end else begin
      if (read_begins) begin
        to_ask_q <= 9'(arlen) + 9'd1;
        read_addr_q <= 32'(araddr);
      end else if (ask) begin
        to_ask_q <= to_ask_q - 1'b1;
        read_addr_q <= read_addr_q + BeatBytes;
      end
      if (answer) answered_q <= rlast ? '0 : answered_q + 1'b1;
      read_end_q <= read_end_q + Which'(read_begins);
      read_first_q <= read_first_q + Which'(answer && rlast);
      reads_q <= reads_q + (Which+1)'(read_begins) - (Which+1)'(answer && rlast);
    end
  end

  // ---- writes
  logic [7:0] write_lens_q [Bursts];
  logic [IdBits-1:0] write_ids_q [Bursts];
  logic [Which-1:0] write_first_q, write_end_q;
  logic [Which:0] writes_q;
  logic [8:0] to_send_q, to_send;  // beats of the last one, whose first may come with its address
  logic [15:0] acked_q, acked_after;  // beats of bursts that are not answered
  logic [31:0] write_addr_q, write_addr;
  logic send, write_begins, write_ends, unused_last;
  assign unused_last = wlast;
  assign awready = to_send_q == '0 && 32'(writes_q) != Bursts;
  assign write_begins = awvalid && awready && tick_i;
  assign to_send = write_begins ? 9'(awlen) + 9'd1 : to_send_q;
  assign write_addr = write_begins ? 32'(awaddr) : write_addr_q;
  assign wready = to_send != '0 && wr_req_ready_i;
  assign wr_req_valid_o = to_send != '0 && wvalid && tick_i;
  assign wr_req_addr_o = write_addr;
  assign wr_req_data_o = wdata;
  assign wr_req_strb_o = wstrb;
  assign wr_rsp_ready_o = 1'b1;
  assign send = wr_req_valid_o && wr_req_ready_i;
  assign bvalid = writes_q != '0 && acked_q > 16'(write_lens_q[write_first_q]);
  assign bid = write_ids_q[write_first_q];
  assign bresp = '0;
  assign write_ends = bvalid && bready && tick_i;
  assign acked_after = write_ends ? acked_q - 16'(write_lens_q[write_first_q]) - 16'd1 : acked_q;
  always_ff @(posedge clk_i) begin
    if (write_begins) begin
      write_lens_q[write_end_q] <= awlen;
      write_ids_q[write_end_q] <= awid;
    end
    if (!rst_ni) begin
      to_send_q <= '0;
      acked_q <= '0;
      write_first_q <= '0;
      write_end_q <= '0;
      writes_q <= '0;
    end else begin
      to_send_q <= to_send - 9'(send);
      write_addr_q <= send ? write_addr + BeatBytes : write_addr;
      acked_q <= acked_after + 16'(wr_rsp_valid_i && writes_q != '0);
      write_end_q <= write_end_q + Which'(write_begins);
      write_first_q <= write_first_q + Which'(write_ends);
      writes_q <= writes_q + (Which+1)'(write_begins) - (Which+1)'(write_ends);
    end
  end
  assign idle_o = writes_q == '0 && reads_q == '0;
endmodule
