// A weight-stationary systolic array with decoupled load, execute and store units: commands are
// dispatched in order, one a cycle, into the queue of their unit, and run there as soon as older
// commands of other pipes have written what they read and read what they overwrite.
`default_nettype none

module lathe_top #(
  parameter int unsigned Dim = 16,          // rows and columns of the array
  parameter int unsigned SpmRows = 16384,   // scratchpad, rows of Dim bytes
  parameter int unsigned SpmBanks = 4,
  parameter int unsigned AccRows = 1024,    // accumulators, rows of Dim 32-bit words
  parameter int unsigned AccBanks = 2,
  parameter int unsigned BiasRows = 16,     // rows of Dim 32-bit words
  parameter int unsigned MemBytes = 16,     // host beat
  parameter int unsigned LoadQueue = 16,    // commands waiting or running
  parameter int unsigned ExecuteQueue = 16,
  parameter int unsigned StoreQueue = 8
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic cmd_valid_i,
  output logic cmd_ready_o,
  input  logic [63:0] cmd_word_i,

  output logic rd_req_valid_o,
  input  logic rd_req_ready_i,
  output logic [31:0] rd_req_addr_o,
  input  logic rd_rsp_valid_i,
  output logic rd_rsp_ready_o,
  input  logic [8*MemBytes-1:0] rd_rsp_data_i,

  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [8*MemBytes-1:0] wr_req_data_o,
  output logic [MemBytes-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o,

  output logic idle_o,
  output logic [7:0] error_o,
  input  logic [7:0] perf_sel_i,
  output logic [47:0] perf_data_o
);
  localparam int unsigned LoadIndex = LoadQueue > 1 ? $clog2(LoadQueue) : 1;
  localparam int unsigned ExecuteIndex = ExecuteQueue > 1 ? $clog2(ExecuteQueue) : 1;
  localparam int unsigned StoreIndex = StoreQueue > 1 ? $clog2(StoreQueue) : 1;
  localparam int unsigned BiasIndex = BiasRows > 1 ? $clog2(BiasRows) : 1;
  localparam int unsigned AccWidth = array_types_pkg::AccWidth;
  localparam int unsigned SpmWidth = array_types_pkg::SpmWidth;

  // ---- dispatch
  logic sent, load_full, execute_full, store_full, load_push, execute_push, store_push;
  logic dispatch_stall, dispatch_busy, load_live, execute_live, store_live;
  array_types_pkg::footprint_t footprint;
  array_types_pkg::load_command_t load_command;
  array_types_pkg::execute_command_t execute_command;
  array_types_pkg::store_command_t store_command;
  logic [array_types_pkg::Intrinsics-1:0] retired;
  command_dispatch #(
    .Dim(Dim), .SpmRows(SpmRows), .AccRows(AccRows), .BiasRows(BiasRows)
  ) u_dispatch (
    .clk_i, .rst_ni, .cmd_valid_i, .cmd_ready_o, .cmd_word_i,
    .sent_o(sent), .footprint_o(footprint),
    .load_full_i(load_full), .execute_full_i(execute_full), .store_full_i(store_full),
    .load_push_o(load_push), .execute_push_o(execute_push), .store_push_o(store_push),
    .load_o(load_command), .execute_o(execute_command), .store_o(store_command),
    .configured_o(retired[array_types_pkg::OpSetEpilogue:array_types_pkg::OpSetLoadStride]),
    .stall_o(dispatch_stall), .busy_o(dispatch_busy), .error_o
  );

  logic [LoadIndex-1:0] load_index;
  logic [ExecuteIndex-1:0] execute_index;
  logic [StoreIndex-1:0] store_index;
  logic [LoadQueue-1:0] load_ready, load_written;
  logic [ExecuteQueue-1:0] execute_ready, execute_written, execute_released, execute_free;
  logic [StoreQueue-1:0] store_ready, store_written, store_released, store_free;
  scoreboard #(
    .LoadQueue(LoadQueue), .ExecuteQueue(ExecuteQueue), .StoreQueue(StoreQueue),
    .LoadIndex(LoadIndex), .ExecuteIndex(ExecuteIndex), .StoreIndex(StoreIndex)
  ) u_scoreboard (
    .clk_i, .rst_ni, .sent_i(sent), .new_i(footprint),
    .load_push_i(load_push), .execute_push_i(execute_push), .store_push_i(store_push),
    .load_full_o(load_full), .execute_full_o(execute_full), .store_full_o(store_full),
    .load_index_o(load_index), .execute_index_o(execute_index), .store_index_o(store_index),
    .load_written_i(load_written), .execute_written_i(execute_written),
    .execute_released_i(execute_released), .execute_free_i(execute_free),
    .store_written_i(store_written), .store_released_i(store_released),
    .store_free_i(store_free),
    .load_ready_o(load_ready), .execute_ready_o(execute_ready), .store_ready_o(store_ready),
    .load_live_o(load_live), .execute_live_o(execute_live), .store_live_o(store_live)
  );

  // ---- load
  logic spm_write, acc_write, acc_write_ready, bias_write, load_request, load_row;
  logic [SpmWidth-1:0] load_dst;
  logic [8*Dim-1:0] load_narrow;
  logic [32*Dim-1:0] load_wide;
  load_unit #(
    .Dim(Dim), .MemBytes(MemBytes), .Queue(LoadQueue), .IndexWidth(LoadIndex)
  ) u_load (
    .clk_i, .rst_ni, .push_i(load_push), .index_i(load_index), .command_i(load_command),
    .ready_i(load_ready), .written_o(load_written),
    .retired_o(retired[array_types_pkg::OpFill:array_types_pkg::OpLoad]),
    .rd_req_valid_o, .rd_req_ready_i, .rd_req_addr_o,
    .rd_rsp_valid_i, .rd_rsp_ready_o, .rd_rsp_data_i,
    .spm_write_o(spm_write), .acc_write_o(acc_write), .acc_ready_i(acc_write_ready),
    .bias_write_o(bias_write), .dst_o(load_dst), .narrow_o(load_narrow), .wide_o(load_wide),
    .request_o(load_request), .write_o(load_row)
  );

  // ---- execute
  logic weights_first, a_read, a_ready, w_read, w_ready, fed, execute_step, execute_busy;
  logic [SpmWidth-1:0] a_addr, w_addr;
  logic [8*Dim-1:0] a_data, w_data;
  logic array_read, array_write, dst_read, src_read, vector_write;
  logic [AccWidth-1:0] array_read_addr, array_write_addr, dst_addr, src_addr, vector_addr;
  logic [32*Dim-1:0] array_acc, array_data, dst_data, src_data, vector_data;
  execute_unit #(
    .Dim(Dim), .AccBanks(AccBanks), .Queue(ExecuteQueue),
    .IndexWidth(ExecuteIndex)
  ) u_execute (
    .clk_i, .rst_ni, .push_i(execute_push), .index_i(execute_index),
    .command_i(execute_command), .ready_i(execute_ready), .written_o(execute_written),
    .released_o(execute_released), .free_o(execute_free),
    .retired_o(retired[array_types_pkg::OpVscale:array_types_pkg::OpPreload]),
    .spm_weights_first_o(weights_first),
    .a_read_o(a_read), .a_ready_i(a_ready), .a_addr_o(a_addr), .a_i(a_data),
    .w_read_o(w_read), .w_ready_i(w_ready), .w_addr_o(w_addr), .w_i(w_data),
    .array_read_o(array_read), .array_read_addr_o(array_read_addr), .array_acc_i(array_acc),
    .array_write_o(array_write), .array_write_addr_o(array_write_addr),
    .array_write_data_o(array_data),
    .dst_read_o(dst_read), .dst_addr_o(dst_addr), .dst_i(dst_data),
    .src_read_o(src_read), .src_addr_o(src_addr), .src_i(src_data),
    .vector_write_o(vector_write), .vector_write_addr_o(vector_addr),
    .vector_write_data_o(vector_data),
    .fed_o(fed), .step_o(execute_step), .busy_o(execute_busy)
  );

  // ---- store
  logic store_read, store_read_ready, move_write, move_ready, store_row, store_beat;
  logic [SpmWidth-1:0] move_addr;
  logic [8*Dim-1:0] move_data;
  logic [AccWidth-1:0] store_addr;
  logic [array_types_pkg::BiasWidth-1:0] bias_addr;
  logic [32*Dim-1:0] store_data, bias_data;
  store_unit #(
    .Dim(Dim), .MemBytes(MemBytes), .Queue(StoreQueue), .IndexWidth(StoreIndex)
  ) u_store (
    .clk_i, .rst_ni, .push_i(store_push), .index_i(store_index), .command_i(store_command),
    .ready_i(store_ready), .written_o(store_written), .released_o(store_released),
    .free_o(store_free),
    .retired_o(retired[array_types_pkg::OpMoveI8:array_types_pkg::OpStoreI8]),
    .acc_read_o(store_read), .acc_ready_i(store_read_ready), .acc_addr_o(store_addr),
    .bias_addr_o(bias_addr), .acc_i(store_data), .bias_i(bias_data),
    .spm_write_o(move_write), .spm_ready_i(move_ready), .spm_addr_o(move_addr),
    .spm_data_o(move_data),
    .wr_req_valid_o, .wr_req_ready_i, .wr_req_addr_o, .wr_req_data_o, .wr_req_strb_o,
    .wr_rsp_valid_i, .wr_rsp_ready_o, .row_o(store_row), .beat_o(store_beat)
  );

  // ---- memories
  scratchpad #(.Dim(Dim), .Rows(SpmRows), .Banks(SpmBanks)) u_scratchpad (
    .clk_i,
    .load_write_i(spm_write), .load_addr_i(load_dst), .load_data_i(load_narrow),
    .move_write_i(move_write), .move_ready_o(move_ready), .move_addr_i(move_addr),
    .move_data_i(move_data),
    .weights_first_i(weights_first),
    .a_read_i(a_read), .a_ready_o(a_ready), .a_addr_i(a_addr), .a_data_o(a_data),
    .w_read_i(w_read), .w_ready_o(w_ready), .w_addr_i(w_addr), .w_data_o(w_data)
  );
  accumulators #(.Dim(Dim), .Rows(AccRows), .Banks(AccBanks)) u_accumulators (
    .clk_i, .rst_ni,
    .array_read_i(array_read), .array_read_addr_i(array_read_addr), .array_data_o(array_acc),
    .array_write_i(array_write), .array_write_addr_i(array_write_addr),
    .array_write_data_i(array_data),
    .dst_read_i(dst_read), .dst_addr_i(dst_addr), .dst_data_o(dst_data),
    .src_read_i(src_read), .src_addr_i(src_addr), .src_data_o(src_data),
    .vector_write_i(vector_write), .vector_write_addr_i(vector_addr),
    .vector_write_data_i(vector_data),
    .store_read_i(store_read), .store_ready_o(store_read_ready), .store_addr_i(store_addr),
    .store_data_o(store_data),
    .load_write_i(acc_write), .load_ready_o(acc_write_ready),
    .load_addr_i(load_dst[AccWidth-1:0]), .load_data_i(load_wide)
  );
  memory_bank #(.Rows(BiasRows), .Width(32*Dim), .AddrWidth(BiasIndex)) u_bias (
    .clk_i,
    .write_i(bias_write), .write_addr_i(load_dst[BiasIndex-1:0]), .write_data_i(load_wide),
    .read_i(store_read), .read_addr_i(BiasIndex'(bias_addr)), .read_data_o(bias_data)
  );

  // ---- status
  assign idle_o = !dispatch_busy && !load_live && !execute_live && !store_live && !execute_busy;
  counters #(.Dim(Dim), .MemBytes(MemBytes)) u_counters (
    .clk_i, .rst_ni, .retired_i(retired),
    .load_live_i(load_live), .load_step_i(load_request || load_row),
    .execute_live_i(execute_live), .execute_step_i(execute_step),
    .store_live_i(store_live), .store_step_i(store_row || store_beat),
    .fed_i(fed), .read_beat_i(load_request), .write_beat_i(store_beat),
    .dispatch_stall_i(dispatch_stall), .perf_sel_i, .perf_data_o
  );
endmodule
