// Manager of an AXI4-Lite: one access at a time, address and data of a write offered together.
`default_nettype none

module lathe_axi_lite #(
  parameter int unsigned AddrBits = 8,
  parameter int unsigned DataBits = 32
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic tick_i,

  input  logic req_i,
  input  logic write_i,
  input  logic [31:0] addr_i,
  input  logic [63:0] wdata_i,
  output logic ack_o,
  output logic [63:0] rdata_o,

  output logic [AddrBits-1:0] awaddr,
  output logic [2:0] awprot,
  output logic awvalid,
  input  logic awready,
  output logic [DataBits-1:0] wdata,
  output logic [DataBits/8-1:0] wstrb,
  output logic wvalid,
  input  logic wready,
  input  logic [1:0] bresp,
  input  logic bvalid,
  output logic bready,
  output logic [AddrBits-1:0] araddr,
  output logic [2:0] arprot,
  output logic arvalid,
  input  logic arready,
  input  logic [DataBits-1:0] rdata,
  input  logic [1:0] rresp,
  input  logic rvalid,
  output logic rready
);
  logic addr_taken_q, data_taken_q, unused_resp;
  assign unused_resp = ^{bresp, rresp};
  assign awaddr = AddrBits'(addr_i);
  assign araddr = AddrBits'(addr_i);
  assign awprot = '0;
  assign arprot = '0;
  assign wdata = DataBits'(wdata_i);
  assign wstrb = '1;
  assign rdata_o = 64'(rdata);

  assign awvalid = req_i && write_i && !addr_taken_q;
  assign wvalid = req_i && write_i && !data_taken_q;
  assign arvalid = req_i && !write_i && !addr_taken_q;
  assign bready = req_i && write_i && addr_taken_q && data_taken_q;
  assign rready = req_i && !write_i && addr_taken_q;
  assign ack_o = tick_i && ((bready && bvalid) || (rready && rvalid));
  always_ff @(posedge clk_i) begin
    if (!rst_ni || ack_o) begin
      addr_taken_q <= 1'b0;
      data_taken_q <= 1'b0;
    end else if (tick_i) begin
      if ((awvalid && awready) || (arvalid && arready)) addr_taken_q <= 1'b1;
      if (wvalid && wready) data_taken_q <= 1'b1;
    end
  end
endmodule
