// Host memory as an SRAM: rdata(t + Latency) = memory[addr(t)], in ticks of the design's clock, which
// is held while the host takes its time.
`default_nettype none

module lathe_host_sram #(
  parameter int unsigned AddrBits = 32,
  parameter int unsigned DataBits = 32,
  parameter int unsigned Latency = 1  // ticks
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic tick_i,
  output logic stall_o,  // the design's clock must not tick
  output logic idle_o,   // no write waits for its acknowledgement

  input  logic en,
  input  logic we,
  input  logic [AddrBits-1:0] addr,  // of a byte
  input  logic [DataBits-1:0] wdata,
  input  logic [DataBits/8-1:0] be,
  output logic [DataBits-1:0] rdata,

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
  localparam logic [31:0] OffsetMask = 32'(BeatBytes - 1);

  // What does not begin with a beat lies in two.
  logic served_q, asked_q, second_q, straddles, done;
  logic [15:0] unanswered_q;
  logic [31:0] byte_addr, offset, beat_addr;
  logic [DataBits-1:0] first_q, data, data_q, unused_above;
  logic [2*DataBits-1:0] write_data;
  logic [2*BeatBytes-1:0] write_strb;
  logic [DataBits-1:0] pipe_q [Latency + 1];
  assign byte_addr = 32'(addr);
  assign offset = byte_addr & OffsetMask;
  assign straddles = offset != 0;
  assign beat_addr = (byte_addr & ~OffsetMask) + (second_q ? BeatBytes : 0);

  assign stall_o = rst_ni && en && !served_q;
  assign idle_o = unanswered_q == '0 && !asked_q;
  assign rd_req_valid_o = stall_o && !we && !asked_q;
  assign rd_req_addr_o = beat_addr;
  assign rd_rsp_ready_o = 1'b1;
  assign {unused_above, data} =
      {rd_rsp_data_i, second_q ? first_q : rd_rsp_data_i} >> (8 * offset);
  assign wr_req_valid_o = stall_o && we;
  assign wr_req_addr_o = beat_addr;
  assign write_data = (2*DataBits)'(wdata) << (8 * offset);
  assign write_strb = (2*BeatBytes)'(be) << offset;
  assign wr_req_data_o = second_q ? write_data[2*DataBits-1:DataBits] : write_data[DataBits-1:0];
  assign wr_req_strb_o = second_q ? write_strb[2*BeatBytes-1:BeatBytes] : write_strb[BeatBytes-1:0];
  assign wr_rsp_ready_o = 1'b1;
  assign done = (rd_rsp_valid_i && asked_q) || (wr_req_valid_o && wr_req_ready_i);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      served_q <= 1'b0;
      asked_q <= 1'b0;
      second_q <= 1'b0;
      unanswered_q <= '0;
    end else begin
      if (tick_i) served_q <= 1'b0;
      if (rd_req_valid_o && rd_req_ready_i) asked_q <= 1'b1;
      else if (done) asked_q <= 1'b0;
      if (done) begin
        second_q <= straddles && !second_q;
        served_q <= !straddles || second_q;
        first_q <= rd_rsp_data_i;
        data_q <= data;
      end
      unanswered_q <= unanswered_q + 16'(wr_req_valid_o && wr_req_ready_i) - 16'(wr_rsp_valid_i);
    end
  end

  // A read is answered at the tick that takes it, and delayed by the ticks that remain.
  always_ff @(posedge clk_i) begin
    if (tick_i) begin
      if (en && !we) pipe_q[0] <= data_q;
      for (int unsigned i = 1; i <= Latency; i++) pipe_q[i] <= pipe_q[i-1];
    end
  end
  assign rdata = Latency == 0 ? data_q : pipe_q[Latency == 0 ? 0 : Latency - 1];
endmodule
