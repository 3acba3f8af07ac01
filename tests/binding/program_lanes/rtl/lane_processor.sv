// Runs the program that the kernel table names: over AXI-Lite, 0x00 start, 0x04 interrupt, which stays
// until something is written there, 0x10 first command, 0x14 number of commands, 0x100 commands.
`default_nettype none

module lane_processor (
  input  logic aclk,
  input  logic aresetn,
  input  logic [9:0] s_axi_awaddr,
  input  logic s_axi_awvalid,
  output logic s_axi_awready,
  input  logic [31:0] s_axi_wdata,
  input  logic [3:0] s_axi_wstrb,
  input  logic s_axi_wvalid,
  output logic s_axi_wready,
  output logic [1:0] s_axi_bresp,
  output logic s_axi_bvalid,
  input  logic s_axi_bready,
  input  logic [9:0] s_axi_araddr,
  input  logic s_axi_arvalid,
  output logic s_axi_arready,
  output logic [31:0] s_axi_rdata,
  output logic [1:0] s_axi_rresp,
  output logic s_axi_rvalid,
  input  logic s_axi_rready,
  output logic irq
);
  logic [31:0] program_q [16];
  logic [3:0] first_q, at_q;
  logic [4:0] count_q, left_q;

  // ---- the bus: address, then data, then the answer
  typedef enum logic [1:0] {Addr, Data, Answer} bus_e;
  bus_e write_q;
  logic [9:0] addr_q;
  logic write;
  assign s_axi_awready = write_q == Addr;
  assign s_axi_wready = write_q == Data;
  assign s_axi_bvalid = write_q == Answer;
  assign s_axi_bresp = '0;
  assign write = s_axi_wready && s_axi_wvalid && s_axi_wstrb == '1;
  always_ff @(posedge aclk) begin
    if (!aresetn) write_q <= Addr;
    else case (write_q)
      Addr: if (s_axi_awvalid) begin
        write_q <= Data;
        addr_q <= s_axi_awaddr;
      end
      Data: if (s_axi_wvalid) write_q <= Answer;
      default: if (s_axi_bready) write_q <= Addr;
    endcase
  end

  assign s_axi_arready = !s_axi_rvalid;
  assign s_axi_rresp = '0;
  always_ff @(posedge aclk) begin
    if (!aresetn) s_axi_rvalid <= 1'b0;
    else if (s_axi_arvalid && s_axi_arready) begin
      s_axi_rvalid <= 1'b1;
      s_axi_rdata <= s_axi_araddr == 10'h004 ? {31'd0, irq} : '0;
    end else if (s_axi_rready) s_axi_rvalid <= 1'b0;
  end

  // ---- the program
  logic busy, start, running_q;
  assign start = running_q && !busy && left_q != '0;
  lane_array u_lanes (
    .clk(aclk), .rst_n(aresetn), .start_i(start), .command_i(program_q[at_q]), .busy_o(busy)
  );
  always_ff @(posedge aclk) begin
    if (write && addr_q[9:8] == 2'd1) program_q[addr_q[5:2]] <= s_axi_wdata;
    if (write && addr_q == 10'h010) first_q <= s_axi_wdata[3:0];
    if (write && addr_q == 10'h014) count_q <= s_axi_wdata[4:0];
  end
  always_ff @(posedge aclk) begin
    if (!aresetn) begin
      running_q <= 1'b0;
      irq <= 1'b0;
    end else begin
      if (start) begin
        at_q <= at_q + 1'b1;
        left_q <= left_q - 1'b1;
      end
      if (running_q && !busy && left_q == '0) {running_q, irq} <= 2'b01;
      if (write && addr_q == 10'h000) begin
        running_q <= 1'b1;
        at_q <= first_q;
        left_q <= count_q;
      end
      if (write && addr_q == 10'h004) irq <= 1'b0;
    end
  end
endmodule
