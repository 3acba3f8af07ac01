// Performance counters, read one cycle after perf_sel_i:
//   0 cycles since reset; 1..17 commands retired, by intrinsic in the order of the description;
//   18, 19 load busy, stall; 20, 21 execute busy, stall; 22, 23 store busy, stall (cycles);
//   24 multiply-accumulates; 25, 26 bytes read, written; 27 cycles a command waited for its queue.
// Busy: the unit moved a row or a beat. Stall: it has commands and moved nothing.
`default_nettype none

module counters #(
  parameter int unsigned Dim = 16,
  parameter int unsigned MemBytes = 16
) (
  input  logic clk_i,
  input  logic rst_ni,
  input  logic [array_types_pkg::Intrinsics-1:0] retired_i,
  input  logic load_live_i,
  input  logic load_step_i,
  input  logic execute_live_i,
  input  logic execute_step_i,
  input  logic store_live_i,
  input  logic store_step_i,
  input  logic fed_i,
  input  logic read_beat_i,
  input  logic write_beat_i,
  input  logic dispatch_stall_i,
  input  logic [7:0] perf_sel_i,
  output logic [47:0] perf_data_o
);
  localparam int unsigned Counters = 28;
  localparam int unsigned IndexWidth = $clog2(Counters);

  logic [Counters-1:0] step;
  assign step = {
    dispatch_stall_i, write_beat_i, read_beat_i, fed_i,
    store_live_i && !store_step_i, store_step_i,
    execute_live_i && !execute_step_i, execute_step_i,
    load_live_i && !load_step_i, load_step_i,
    retired_i, 1'b1
  };

  logic [47:0] counts_q [Counters];
  for (genvar i = 0; i < Counters; i++) begin : g_counter
    localparam int unsigned By = i == 24 ? Dim * Dim : i == 25 || i == 26 ? MemBytes : 1;
    always_ff @(posedge clk_i) begin
      if (!rst_ni) counts_q[i] <= '0;
      else if (step[i]) counts_q[i] <= counts_q[i] + 48'(By);
    end
  end

  always_ff @(posedge clk_i) begin
    perf_data_o <= perf_sel_i < 8'(Counters) ? counts_q[perf_sel_i[IndexWidth-1:0]] : '0;
  end
endmodule
