// Vectors in a memory of 64 words: buf[dst+i] = buf[a+i] op buf[b+i], a word a cycle, into a
// buffer from where they are written when all sources were read; loads and stores of the second column
// of a table of words, memory[addr+8*i+4], through a port whose data comes two cycles after the address.
`default_nettype none

module vector_unit (
  input  logic clk,
  input  logic [31:0] cmd_data,  // op n-1 dst a b, then the address
  input  logic cmd_valid,
  output logic cmd_ready,
  output logic busy,
  output logic mem_en,
  output logic mem_we,
  output logic [31:0] mem_addr,
  output logic [31:0] mem_wdata,
  input  logic [31:0] mem_rdata
);
  localparam logic [3:0] Load = 4'd1, Store = 4'd2, Add = 4'd3, Sub = 4'd4;
  typedef enum logic [2:0] {Idle, Address, Run, Drain, Write} state_e;
  state_e state_q = Idle;

  logic [31:0] words_q [64];
  logic [31:0] results_q [16];
  logic [3:0] op_q, left_q, last_q, at_q;
  logic [5:0] dst_q, a_q, b_q;
  logic [31:0] addr_q;
  logic [1:0] coming_q = '0;  // loads whose data comes in the next cycle, and in the one after it

  assign cmd_ready = state_q == Idle || state_q == Address;
  assign busy = state_q != Idle;
  assign mem_en = state_q == Run && (op_q == Load || op_q == Store);
  assign mem_we = op_q == Store;
  assign mem_addr = addr_q;

  logic [31:0] a, b, result;
  assign a = words_q[a_q];
  assign b = words_q[b_q];
  assign mem_wdata = a;
  always_comb begin
    if (op_q == Add) result = a + b;
    else if (op_q == Sub) result = a - b;
    else result = $signed(a) > $signed(b) ? a : b;
  end

  always_ff @(posedge clk) begin
    coming_q <= {mem_en && !mem_we, coming_q[1]};
    if (state_q == Run) results_q[at_q] <= result;
    if (coming_q[0] || state_q == Write) begin
      words_q[dst_q] <= op_q == Load ? mem_rdata : results_q[at_q];
      dst_q <= dst_q + 1'b1;
    end
    case (state_q)
      Idle: if (cmd_valid) begin
        state_q <= Address;
        {op_q, left_q} <= cmd_data[31:24];
        last_q <= cmd_data[27:24];
        at_q <= '0;
        dst_q <= cmd_data[21:16];
        a_q <= cmd_data[13:8];
        b_q <= cmd_data[5:0];
      end
      Address: if (cmd_valid) begin
        state_q <= Run;
        addr_q <= cmd_data + 32'd4;
      end
      Run: begin
        a_q <= a_q + 1'b1;
        b_q <= b_q + 1'b1;
        addr_q <= addr_q + 32'd8;
        left_q <= left_q - 1'b1;
        at_q <= at_q + 1'b1;
        if (left_q == '0) begin
          state_q <= op_q == Load ? Drain : op_q == Store ? Idle : Write;
          at_q <= '0;
        end
      end
      Write: begin
        at_q <= at_q + 1'b1;
        if (at_q == last_q) state_q <= Idle;
      end
      Drain: if (coming_q == '0) state_q <= Idle;
      default: state_q <= Idle;
    endcase
  end

  logic unused_bits;
  assign unused_bits = ^{cmd_data[23:22], cmd_data[15:14], cmd_data[7:6]};
endmodule
