// Manager of a bus without answers: a write takes a cycle, read data comes Latency cycles later.
`default_nettype none

module lathe_plain #(
  parameter int unsigned AddrBits = 8,
  parameter int unsigned DataBits = 32,
  parameter int unsigned Latency = 1  // cycles from `read` to `rdata`
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic tick_i,  // the design's clock ticks at the end of this cycle

  input  logic req_i,  // stays, with what belongs to it, until ack_o
  input  logic write_i,
  input  logic [31:0] addr_i,
  input  logic [63:0] wdata_i,
  output logic ack_o,
  output logic [63:0] rdata_o,

  output logic [AddrBits-1:0] addr,
  output logic write,
  output logic [DataBits-1:0] wdata,
  output logic read,
  input  logic [DataBits-1:0] rdata
);
  logic [4:0] waited_q;
  assign addr = AddrBits'(addr_i);
  assign wdata = DataBits'(wdata_i);
  assign rdata_o = 64'(rdata);
  assign write = req_i && write_i;
  assign read = req_i && !write_i && waited_q == '0;
  assign ack_o = req_i && tick_i && (write_i || 32'(waited_q) == Latency);
  always_ff @(posedge clk_i) begin
    if (!rst_ni || ack_o) waited_q <= '0;
    else if (req_i && !write_i && tick_i) waited_q <= waited_q + 1'b1;
  end
endmodule
