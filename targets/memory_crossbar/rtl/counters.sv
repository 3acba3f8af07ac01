// Performance counters, read one cycle after perf_sel_i:
//   0 cycles since reset; 1..20 commands retired, by intrinsic in the order of the description;
//   21..28 busy and stall cycles of load, write, read, store; 29 ADC conversions; 30 cells written;
//   31, 32 bytes read, written; 33 cycles a command waited for its queue.
// Busy: the unit moved a row, a group of columns or a beat. Stall: it has commands and did not.
`default_nettype none

module counters #(
  parameter int unsigned Cols = 128,
  parameter int unsigned Adcs = 32,
  parameter int unsigned MemBytes = 16
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic [crossbar_types_pkg::Intrinsics-1:0] retired_i,
  input  logic [3:0] live_i,  // load, write, read, store
  input  logic [3:0] step_i,
  input  logic converted_i,
  input  logic cell_row_i,
  input  logic read_beat_i,
  input  logic write_beat_i,
  input  logic dispatch_stall_i,
  input  logic [7:0] perf_sel_i,
  output logic [47:0] perf_data_o
);
  localparam int unsigned Counters = 34;
  localparam int unsigned IndexWidth = $clog2(Counters);

  logic [3:0] stall;
  assign stall = live_i & ~step_i;
  logic [Counters-1:0] step;
  assign step = {
    dispatch_stall_i, write_beat_i, read_beat_i, cell_row_i, converted_i,
    stall[3], step_i[3], stall[2], step_i[2], stall[1], step_i[1], stall[0], step_i[0],
    retired_i, 1'b1
  };

  logic [47:0] counts_q [Counters];
  for (genvar i = 0; i < Counters; i++) begin : g_counter
    localparam int unsigned By =
        i == 29 ? Adcs : i == 30 ? Cols : i == 31 || i == 32 ? MemBytes : 1;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) counts_q[i] <= '0;
      else if (step[i]) counts_q[i] <= counts_q[i] + 48'(By);
    end
  end

  always_ff @(posedge clk_i) begin
    perf_data_o <= perf_sel_i < 8'(Counters) ? counts_q[perf_sel_i[IndexWidth-1:0]] : '0;
  end
endmodule
