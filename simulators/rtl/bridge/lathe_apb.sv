// Manager of an APB: a setup cycle, then access cycles until `pready`.
`default_nettype none

module lathe_apb #(
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

  output logic [AddrBits-1:0] paddr,
  output logic psel,
  output logic penable,
  output logic pwrite,
  output logic [DataBits-1:0] pwdata,
  output logic [DataBits/8-1:0] pstrb,
  output logic [2:0] pprot,
  input  logic [DataBits-1:0] prdata,
  input  logic pready,
  input  logic pslverr
);
  logic access_q, unused_error;
  assign unused_error = pslverr;
  assign paddr = AddrBits'(addr_i);
  assign pwdata = DataBits'(wdata_i);
  assign pstrb = '1;
  assign pprot = '0;
  assign pwrite = write_i;
  assign psel = req_i;
  assign penable = req_i && access_q;
  assign rdata_o = 64'(prdata);
  assign ack_o = penable && pready && tick_i;
  always_ff @(posedge clk_i) begin
    if (!rst_ni || ack_o) access_q <= 1'b0;
    else if (req_i && tick_i) access_q <= 1'b1;
  end
endmodule
