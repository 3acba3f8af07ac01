// The accumulators, a bank for each group of `Adcs` columns: a bank has one read and one write port,
// and a read sees a write of the same cycle. The read unit is always served, and goes on to the next
// bank each cycle; stores (reads) and loads (writes) take what is left.
`default_nettype none

module accumulators #(
  parameter int unsigned Cols = 128,
  parameter int unsigned Adcs = 32,
  parameter int unsigned AccRows = 512,
  parameter int unsigned PhaseWidth = 2
) (
  input  logic clk_i,

  input  logic array_read_i,
  input  logic [crossbar_types_pkg::AccWidth-1:0] array_read_addr_i,
  input  logic [PhaseWidth-1:0] array_read_phase_i,
  output logic [32*Adcs-1:0] array_data_o,
  input  logic array_write_i,
  input  logic [crossbar_types_pkg::AccWidth-1:0] array_write_addr_i,
  input  logic [PhaseWidth-1:0] array_write_phase_i,
  input  logic [32*Adcs-1:0] array_write_data_i,

  input  logic store_read_i,
  output logic store_ready_o,
  input  logic [crossbar_types_pkg::AccWidth-1:0] store_addr_i,
  input  logic [PhaseWidth-1:0] store_phase_i,
  output logic [32*Adcs-1:0] store_data_o,

  input  logic load_write_i,
  output logic load_ready_o,
  input  logic [crossbar_types_pkg::AccWidth-1:0] load_addr_i,
  input  logic [PhaseWidth-1:0] load_phase_i,
  input  logic [32*Adcs-1:0] load_data_i
);
  localparam int unsigned Phases = Cols / Adcs;
  localparam int unsigned AddrWidth = AccRows > 1 ? $clog2(AccRows) : 1;

  assign store_ready_o = !array_read_i || array_read_phase_i != store_phase_i;
  assign load_ready_o = !array_write_i || array_write_phase_i != load_phase_i;

  logic [PhaseWidth-1:0] array_phase_q, store_phase_q;
  always_ff @(posedge clk_i) begin
    if (array_read_i) array_phase_q <= array_read_phase_i;
    if (store_read_i) store_phase_q <= store_phase_i;
  end

  logic [32*Adcs*Phases-1:0] data;
  for (genvar p = 0; p < Phases; p++) begin : g_bank
    logic array_reads, store_reads, array_writes, load_writes;
    assign array_reads = array_read_i && array_read_phase_i == PhaseWidth'(p);
    assign store_reads = store_read_i && store_phase_i == PhaseWidth'(p);
    assign array_writes = array_write_i && array_write_phase_i == PhaseWidth'(p);
    assign load_writes = load_write_i && load_phase_i == PhaseWidth'(p);
    memory_bank #(
      .Rows(AccRows), .Width(32*Adcs), .AddrWidth(AddrWidth), .Forward(1'b1)
    ) u_bank (
      .clk_i,
      .write_i(array_writes || load_writes),
      .write_addr_i(AddrWidth'(array_writes ? array_write_addr_i : load_addr_i)),
      .write_data_i(array_writes ? array_write_data_i : load_data_i),
      .read_i(array_reads || store_reads),
      .read_addr_i(AddrWidth'(array_reads ? array_read_addr_i : store_addr_i)),
      .read_data_o(data[32*Adcs*p +: 32*Adcs])
    );
  end

  always_comb begin
    array_data_o = data[32*Adcs-1:0];
    store_data_o = data[32*Adcs-1:0];
    for (int unsigned p = 1; p < Phases; p++) begin
      if (array_phase_q == PhaseWidth'(p)) array_data_o = data[32*Adcs*p +: 32*Adcs];
      if (store_phase_q == PhaseWidth'(p)) store_data_o = data[32*Adcs*p +: 32*Adcs];
    end
  end
endmodule
