// The matrix unit as a manager on AXI4: each beat that it asks for is a burst of one, answered in order.
`default_nettype none

module new_target_axi4 #(
  parameter int unsigned Dim = 4,        // rows and columns of the weights
  parameter int unsigned SpmRows = 256,  // rows of Dim bytes
  parameter int unsigned AccRows = 64    // rows of Dim 32-bit words
) (
  input  logic aclk,
  input  logic aresetn,

  input  logic cmd_valid,
  output logic cmd_ready,
  input  logic [63:0] cmd_data,
  output logic idle,
  output logic [7:0] error,

  output logic [31:0] m_axi_araddr,
  output logic [7:0] m_axi_arlen,
  output logic [2:0] m_axi_arsize,
  output logic [1:0] m_axi_arburst,
  output logic m_axi_arvalid,
  input  logic m_axi_arready,
  input  logic [32*Dim-1:0] m_axi_rdata,
  input  logic [1:0] m_axi_rresp,
  input  logic m_axi_rlast,
  input  logic m_axi_rvalid,
  output logic m_axi_rready,
  output logic [31:0] m_axi_awaddr,
  output logic [7:0] m_axi_awlen,
  output logic [2:0] m_axi_awsize,
  output logic [1:0] m_axi_awburst,
  output logic m_axi_awvalid,
  input  logic m_axi_awready,
  output logic [32*Dim-1:0] m_axi_wdata,
  output logic [4*Dim-1:0] m_axi_wstrb,
  output logic m_axi_wlast,
  output logic m_axi_wvalid,
  input  logic m_axi_wready,
  input  logic [1:0] m_axi_bresp,
  input  logic m_axi_bvalid,
  output logic m_axi_bready
);
  localparam logic [2:0] BeatSize = 3'($clog2(4 * Dim));

  logic write, write_ready;
  logic [31:0] write_addr;
  logic [32*Dim-1:0] write_data;
  logic [4*Dim-1:0] write_strobe;
  logic [47:0] unused_counter;
  lathe_top #(.Dim(Dim), .SpmRows(SpmRows), .AccRows(AccRows)) u_unit (
    .clk_i(aclk), .rst_ni(aresetn),
    .cmd_valid_i(cmd_valid), .cmd_ready_o(cmd_ready), .cmd_word_i(cmd_data),
    .rd_req_valid_o(m_axi_arvalid), .rd_req_ready_i(m_axi_arready), .rd_req_addr_o(m_axi_araddr),
    .rd_rsp_valid_i(m_axi_rvalid), .rd_rsp_ready_o(m_axi_rready), .rd_rsp_data_i(m_axi_rdata),
    .wr_req_valid_o(write), .wr_req_ready_i(write_ready), .wr_req_addr_o(write_addr),
    .wr_req_data_o(write_data), .wr_req_strb_o(write_strobe),
    .wr_rsp_valid_i(m_axi_bvalid), .wr_rsp_ready_o(m_axi_bready),
    .idle_o(idle), .error_o(error), .perf_sel_i('0), .perf_data_o(unused_counter)
  );

  assign {m_axi_arlen, m_axi_arsize, m_axi_arburst} = {8'd0, BeatSize, 2'b01};
  assign {m_axi_awlen, m_axi_awsize, m_axi_awburst} = {8'd0, BeatSize, 2'b01};
  assign m_axi_wlast = 1'b1;

  // A write waits in two registers, one for each channel: neither channel waits for the other.
  assign write_ready = (!m_axi_awvalid || m_axi_awready) && (!m_axi_wvalid || m_axi_wready);
  always_ff @(posedge aclk) begin
    if (write && write_ready) begin
      m_axi_awaddr <= write_addr;
      m_axi_wdata <= write_data;
      m_axi_wstrb <= write_strobe;
    end
    if (!aresetn) begin
      m_axi_awvalid <= 1'b0;
      m_axi_wvalid <= 1'b0;
    end else begin
      m_axi_awvalid <= (write && write_ready) || (m_axi_awvalid && !m_axi_awready);
      m_axi_wvalid <= (write && write_ready) || (m_axi_wvalid && !m_axi_wready);
    end
  end

  // YOUR ERRORS: this unit believes that memory always answers.
  logic unused_answers;
  assign unused_answers = ^{m_axi_rresp, m_axi_rlast, m_axi_bresp};
endmodule
