// The accumulators: row a is in bank a modulo Banks, a bank has one read and one write port, and a
// read sees a write of the same cycle. The array and the vector pipe are always served (the vector
// pipe keeps out of the array's way itself); the store's reads and the load's writes take the rest.
`default_nettype none

module accumulators #(
  parameter int unsigned Dim = 16,
  parameter int unsigned Rows = 1024,
  parameter int unsigned Banks = 2
) (
  input  logic clk_i,
  input  logic rst_ni, // for the assertions: what comes before reset is nobody's promise

  input  logic array_read_i,
  input  logic [array_types_pkg::AccWidth-1:0] array_read_addr_i,
  output logic [32*Dim-1:0] array_data_o,
  input  logic array_write_i,
  input  logic [array_types_pkg::AccWidth-1:0] array_write_addr_i,
  input  logic [32*Dim-1:0] array_write_data_i,

  input  logic dst_read_i,
  input  logic [array_types_pkg::AccWidth-1:0] dst_addr_i,
  output logic [32*Dim-1:0] dst_data_o,
  input  logic src_read_i,
  input  logic [array_types_pkg::AccWidth-1:0] src_addr_i,
  output logic [32*Dim-1:0] src_data_o,
  input  logic vector_write_i,
  input  logic [array_types_pkg::AccWidth-1:0] vector_write_addr_i,
  input  logic [32*Dim-1:0] vector_write_data_i,

  input  logic store_read_i,
  output logic store_ready_o,
  input  logic [array_types_pkg::AccWidth-1:0] store_addr_i,
  output logic [32*Dim-1:0] store_data_o,

  input  logic load_write_i,
  output logic load_ready_o,
  input  logic [array_types_pkg::AccWidth-1:0] load_addr_i,
  input  logic [32*Dim-1:0] load_data_i
);
  localparam int unsigned BankRows = (Rows + Banks - 1) / Banks;
  localparam int unsigned AddrWidth = BankRows > 1 ? $clog2(BankRows) : 1;
  localparam int unsigned BankWidth = Banks > 1 ? $clog2(Banks) : 1;

  logic [BankWidth-1:0] array_bank, write_bank, dst_bank, src_bank, vector_bank, store_bank;
  logic [BankWidth-1:0] load_bank, array_bank_q, dst_bank_q, src_bank_q, store_bank_q;
  assign array_bank = BankWidth'(32'(array_read_addr_i) % Banks);
  assign write_bank = BankWidth'(32'(array_write_addr_i) % Banks);
  assign dst_bank = BankWidth'(32'(dst_addr_i) % Banks);
  assign src_bank = BankWidth'(32'(src_addr_i) % Banks);
  assign vector_bank = BankWidth'(32'(vector_write_addr_i) % Banks);
  assign store_bank = BankWidth'(32'(store_addr_i) % Banks);
  assign load_bank = BankWidth'(32'(load_addr_i) % Banks);

  assign store_ready_o = !(array_read_i && array_bank == store_bank)
      && !(dst_read_i && dst_bank == store_bank) && !(src_read_i && src_bank == store_bank);
  assign load_ready_o = !(array_write_i && write_bank == load_bank)
      && !(vector_write_i && vector_bank == load_bank);

  always_ff @(posedge clk_i) begin
    if (array_read_i) array_bank_q <= array_bank;
    if (dst_read_i) dst_bank_q <= dst_bank;
    if (src_read_i) src_bank_q <= src_bank;
    if (store_read_i) store_bank_q <= store_bank;
  end

  logic [32*Dim*Banks-1:0] data;
  for (genvar b = 0; b < Banks; b++) begin : g_bank
    logic read, write;
    logic [AddrWidth-1:0] read_addr, write_addr;
    logic [32*Dim-1:0] write_data;
    always_comb begin
      read = 1'b1;
      read_addr = '0;
      if (array_read_i && array_bank == BankWidth'(b))
        read_addr = AddrWidth'(32'(array_read_addr_i) / Banks);
      else if (dst_read_i && dst_bank == BankWidth'(b))
        read_addr = AddrWidth'(32'(dst_addr_i) / Banks);
      else if (src_read_i && src_bank == BankWidth'(b))
        read_addr = AddrWidth'(32'(src_addr_i) / Banks);
      else if (store_read_i && store_bank == BankWidth'(b))
        read_addr = AddrWidth'(32'(store_addr_i) / Banks);
      else read = 1'b0;
    end
    always_comb begin
      write = 1'b1;
      write_addr = AddrWidth'(32'(load_addr_i) / Banks);
      write_data = load_data_i;
      if (array_write_i && write_bank == BankWidth'(b)) begin
        write_addr = AddrWidth'(32'(array_write_addr_i) / Banks);
        write_data = array_write_data_i;
      end else if (vector_write_i && vector_bank == BankWidth'(b)) begin
        write_addr = AddrWidth'(32'(vector_write_addr_i) / Banks);
        write_data = vector_write_data_i;
      end else begin
        write = load_write_i && load_bank == BankWidth'(b);
      end
    end
    memory_bank #(
      .Rows(BankRows), .Width(32*Dim), .AddrWidth(AddrWidth), .Forward(1'b1)
    ) u_bank (
      .clk_i,
      .write_i(write), .write_addr_i(write_addr), .write_data_i(write_data),
      .read_i(read), .read_addr_i(read_addr), .read_data_o(data[32*Dim*b +: 32*Dim])
    );
  end

  always_comb begin
    array_data_o = data[32*Dim-1:0];
    dst_data_o = data[32*Dim-1:0];
    src_data_o = data[32*Dim-1:0];
    store_data_o = data[32*Dim-1:0];
    for (int unsigned b = 1; b < Banks; b++) begin
      if (array_bank_q == BankWidth'(b)) array_data_o = data[32*Dim*b +: 32*Dim];
      if (dst_bank_q == BankWidth'(b)) dst_data_o = data[32*Dim*b +: 32*Dim];
      if (src_bank_q == BankWidth'(b)) src_data_o = data[32*Dim*b +: 32*Dim];
      if (store_bank_q == BankWidth'(b)) store_data_o = data[32*Dim*b +: 32*Dim];
    end
  end

`ifndef SYNTHESIS
  // The array's pipeline cannot wait, so whoever shares a bank must have kept away.
  vector_reads_beside_array: assert property (@(posedge clk_i) disable iff (!rst_ni)
    !(array_read_i && dst_read_i && array_bank == dst_bank)
    && !(array_read_i && src_read_i && array_bank == src_bank));
  vector_reads_one_row_of_a_bank: assert property (@(posedge clk_i) disable iff (!rst_ni)
    !(dst_read_i && src_read_i && dst_bank == src_bank));
  vector_writes_beside_array: assert property (@(posedge clk_i) disable iff (!rst_ni)
    !(array_write_i && vector_write_i && write_bank == vector_bank));
`endif
endmodule
