// The scratchpad: row a is in bank a modulo Banks. Two writers (loads and moves) and two readers
// (activation rows and weight rows) are both served unless they meet in a bank; of writers the load
// goes first. Data that are read follow a cycle later.
`default_nettype none

module scratchpad #(
  parameter int unsigned Dim = 16,
  parameter int unsigned Rows = 16384,
  parameter int unsigned Banks = 4
) (
  input  logic clk_i,

  input  logic load_write_i,
  input  logic [array_types_pkg::SpmWidth-1:0] load_addr_i,
  input  logic [8*Dim-1:0] load_data_i,
  input  logic move_write_i,
  output logic move_ready_o,
  input  logic [array_types_pkg::SpmWidth-1:0] move_addr_i,
  input  logic [8*Dim-1:0] move_data_i,

  input  logic weights_first_i,  // who is served when both ask for one bank
  input  logic a_read_i,
  output logic a_ready_o,
  input  logic [array_types_pkg::SpmWidth-1:0] a_addr_i,
  output logic [8*Dim-1:0] a_data_o,
  input  logic w_read_i,
  output logic w_ready_o,
  input  logic [array_types_pkg::SpmWidth-1:0] w_addr_i,
  output logic [8*Dim-1:0] w_data_o
);
  localparam int unsigned BankRows = (Rows + Banks - 1) / Banks;
  localparam int unsigned AddrWidth = BankRows > 1 ? $clog2(BankRows) : 1;
  localparam int unsigned BankWidth = Banks > 1 ? $clog2(Banks) : 1;

  logic [BankWidth-1:0] load_bank, move_bank, a_bank, w_bank, a_bank_q, w_bank_q;
  logic [AddrWidth-1:0] load_row, move_row, a_row, w_row;
  assign load_bank = BankWidth'(32'(load_addr_i) % Banks);
  assign load_row = AddrWidth'(32'(load_addr_i) / Banks);
  assign move_bank = BankWidth'(32'(move_addr_i) % Banks);
  assign move_row = AddrWidth'(32'(move_addr_i) / Banks);
  assign a_bank = BankWidth'(32'(a_addr_i) % Banks);
  assign a_row = AddrWidth'(32'(a_addr_i) / Banks);
  assign w_bank = BankWidth'(32'(w_addr_i) % Banks);
  assign w_row = AddrWidth'(32'(w_addr_i) / Banks);

  assign move_ready_o = !load_write_i || load_bank != move_bank;

  logic meet;
  assign meet = a_read_i && w_read_i && a_bank == w_bank;
  assign a_ready_o = !meet || !weights_first_i;
  assign w_ready_o = !meet || weights_first_i;

  logic a_go, w_go;
  assign a_go = a_read_i && a_ready_o;
  assign w_go = w_read_i && w_ready_o;
  always_ff @(posedge clk_i) begin
    if (a_go) a_bank_q <= a_bank;
    if (w_go) w_bank_q <= w_bank;
  end

  logic [8*Dim*Banks-1:0] data;
  for (genvar b = 0; b < Banks; b++) begin : g_bank
    logic a_here, w_here, load_here, move_here;
    assign load_here = load_write_i && load_bank == BankWidth'(b);
    assign move_here = move_write_i && move_bank == BankWidth'(b);
    assign a_here = a_go && a_bank == BankWidth'(b);
    assign w_here = w_go && w_bank == BankWidth'(b);
    memory_bank #(.Rows(BankRows), .Width(8*Dim), .AddrWidth(AddrWidth)) u_bank (
      .clk_i,
      .write_i(load_here || move_here),
      .write_addr_i(load_here ? load_row : move_row),
      .write_data_i(load_here ? load_data_i : move_data_i),
      .read_i(a_here || w_here), .read_addr_i(a_here ? a_row : w_row),
      .read_data_o(data[8*Dim*b +: 8*Dim])
    );
  end

  always_comb begin
    a_data_o = data[8*Dim-1:0];
    w_data_o = data[8*Dim-1:0];
    for (int unsigned b = 1; b < Banks; b++) begin
      if (a_bank_q == BankWidth'(b)) a_data_o = data[8*Dim*b +: 8*Dim];
      if (w_bank_q == BankWidth'(b)) w_data_o = data[8*Dim*b +: 8*Dim];
    end
  end
endmodule
