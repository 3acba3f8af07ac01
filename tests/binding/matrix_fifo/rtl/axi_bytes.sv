// One burst at a time over AXI4 with a data bus of a byte: len_i + 1 bytes from or to addr_i.
`default_nettype none

module axi_bytes (
  input  logic clk,
  input  logic rst_n,
  input  logic start_i,
  input  logic write_i,
  input  logic [31:0] addr_i,
  input  logic [7:0] len_i,
  output logic busy_o,
  output logic byte_valid_o,  // of a read
  output logic [7:0] byte_o,
  input  logic [7:0] byte_i,  // of a write; the next one when byte_taken_o
  output logic byte_taken_o,

  output logic [31:0] araddr,
  output logic [7:0] arlen,
  output logic [2:0] arsize,
  output logic [1:0] arburst,
  output logic arvalid,
  input  logic arready,
  input  logic [7:0] rdata,
  input  logic rlast,
  input  logic rvalid,
  output logic rready,
  output logic [31:0] awaddr,
  output logic [7:0] awlen,
  output logic [2:0] awsize,
  output logic [1:0] awburst,
  output logic awvalid,
  input  logic awready,
  output logic [7:0] wdata,
  output logic wstrb,
  output logic wlast,
  output logic wvalid,
  input  logic wready,
  input  logic bvalid,
  output logic bready
);
  typedef enum logic [2:0] {Idle, ReadAddr, Read, WriteAddr, Write, Answer} state_e;
  state_e state_q;
  logic [31:0] addr_q;
  logic [7:0] len_q, left_q;

  assign busy_o = state_q != Idle;
  assign {araddr, arlen, arsize, arburst} = {addr_q, len_q, 3'd0, 2'b01};
  assign {awaddr, awlen, awsize, awburst} = {addr_q, len_q, 3'd0, 2'b01};
  assign arvalid = state_q == ReadAddr;
  assign awvalid = state_q == WriteAddr;
  assign rready = state_q == Read;
  assign bready = state_q == Answer;
  assign wvalid = state_q == Write;
  assign wlast = left_q == '0;
  assign wstrb = 1'b1;
  assign wdata = byte_i;
  assign byte_taken_o = wvalid && wready;
  assign byte_valid_o = rready && rvalid;
  assign byte_o = rdata;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      state_q <= Idle;
    end else begin
      case (state_q)
        Idle: if (start_i) begin
          state_q <= write_i ? WriteAddr : ReadAddr;
          addr_q <= addr_i;
          len_q <= len_i;
          left_q <= len_i;
        end
        ReadAddr: if (arready) state_q <= Read;
        Read: if (rvalid && rlast) state_q <= Idle;
        WriteAddr: if (awready) state_q <= Write;
        Write: if (wready) begin
          left_q <= left_q - 1'b1;
          if (left_q == '0) state_q <= Answer;
        end
        Answer: if (bvalid) state_q <= Idle;
        default: state_q <= Idle;
      endcase
    end
  end
endmodule
