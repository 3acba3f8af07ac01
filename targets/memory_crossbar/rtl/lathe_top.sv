// Crossbars of memory cells that are read a bit plane at a time: commands are dispatched in order, one
// a cycle, into the queue of their unit, and run there as soon as older commands of other units have
// written what they read and read what they overwrite.
`default_nettype none

module lathe_top #(
  parameter int unsigned Rows = 128,        // of a macro
  parameter int unsigned Cols = 128,        // of a macro
  parameter int unsigned CellBits = 2,
  parameter int unsigned AdcBits = 6,
  parameter int unsigned Adcs = 32,         // columns converted in a cycle
  parameter int unsigned WriteCycles = 64,  // of a row of cells
  parameter int unsigned CellRows = 1024,   // of all macros
  parameter int unsigned BufRows = 512,     // vectors of Rows 16-bit inputs
  parameter int unsigned AccRows = 512,     // rows of Cols 32-bit words
  parameter int unsigned BiasRows = 16,     // rows of Cols 32-bit words
  parameter int unsigned MemBytes = 16,     // host beat
  parameter int unsigned LoadQueue = 8,     // commands waiting or running
  parameter int unsigned WriteQueue = 4,
  parameter int unsigned ReadQueue = 16,
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
  localparam int unsigned WriteIndex = WriteQueue > 1 ? $clog2(WriteQueue) : 1;
  localparam int unsigned ReadIndex = ReadQueue > 1 ? $clog2(ReadQueue) : 1;
  localparam int unsigned StoreIndex = StoreQueue > 1 ? $clog2(StoreQueue) : 1;
  localparam int unsigned Phases = Cols / Adcs;  // groups of columns
  localparam int unsigned PhaseWidth = Phases > 1 ? $clog2(Phases) : 1;
  localparam int unsigned BufIndex = BufRows > 1 ? $clog2(BufRows) : 1;
  localparam int unsigned BiasIndex = BiasRows * Phases > 1 ? $clog2(BiasRows * Phases) : 1;
  localparam int unsigned CellIndex = CellRows > 1 ? $clog2(CellRows) : 1;
  localparam int unsigned BufWidth = crossbar_types_pkg::BufWidth;
  localparam int unsigned AccWidth = crossbar_types_pkg::AccWidth;
  localparam int unsigned BiasWidth = crossbar_types_pkg::BiasWidth;
  localparam int unsigned CellWidth = crossbar_types_pkg::CellWidth;

  // ---- dispatch
  logic sent, load_full, write_full, read_full, store_full;
  logic load_push, write_push, read_push, store_push;
  logic dispatch_stall, dispatch_busy, load_live, write_live, read_live, store_live;
  crossbar_types_pkg::footprint_t footprint;
  crossbar_types_pkg::move_command_t move_command;
  crossbar_types_pkg::read_command_t read_command;
  crossbar_types_pkg::store_command_t store_command;
  logic [crossbar_types_pkg::Intrinsics-1:0] retired;
  command_dispatch #(
    .Rows(Rows), .Cols(Cols), .BufRows(BufRows), .AccRows(AccRows), .BiasRows(BiasRows),
    .CellRows(CellRows)
  ) u_dispatch (
    .clk_i, .rst_ni, .cmd_valid_i, .cmd_ready_o, .cmd_word_i,
    .sent_o(sent), .footprint_o(footprint),
    .load_full_i(load_full), .write_full_i(write_full), .read_full_i(read_full),
    .store_full_i(store_full), .load_push_o(load_push), .write_push_o(write_push),
    .read_push_o(read_push), .store_push_o(store_push),
    .move_o(move_command), .read_o(read_command), .store_o(store_command),
    .configured_o(retired[crossbar_types_pkg::OpSetEpilogue:crossbar_types_pkg::OpSetLoadStride]),
    .stall_o(dispatch_stall), .busy_o(dispatch_busy), .error_o
  );

  logic [LoadIndex-1:0] load_index;
  logic [WriteIndex-1:0] write_index;
  logic [ReadIndex-1:0] read_index;
  logic [StoreIndex-1:0] store_index;
  logic [LoadQueue-1:0] load_ready, load_settled;
  logic [WriteQueue-1:0] write_ready, write_settled;
  logic [ReadQueue-1:0] read_ready, read_settled;
  logic [StoreQueue-1:0] store_ready, store_settled, store_free;
  scoreboard #(
    .LoadQueue(LoadQueue), .WriteQueue(WriteQueue), .ReadQueue(ReadQueue),
    .StoreQueue(StoreQueue), .LoadIndex(LoadIndex), .WriteIndex(WriteIndex),
    .ReadIndex(ReadIndex), .StoreIndex(StoreIndex)
  ) u_scoreboard (
    .clk_i, .rst_ni, .sent_i(sent), .new_i(footprint),
    .load_push_i(load_push), .write_push_i(write_push), .read_push_i(read_push),
    .store_push_i(store_push), .load_full_o(load_full), .write_full_o(write_full),
    .read_full_o(read_full), .store_full_o(store_full),
    .load_index_o(load_index), .write_index_o(write_index), .read_index_o(read_index),
    .store_index_o(store_index),
    .load_settled_i(load_settled), .write_settled_i(write_settled),
    .read_settled_i(read_settled), .store_settled_i(store_settled), .store_free_i(store_free),
    .load_ready_o(load_ready), .write_ready_o(write_ready), .read_ready_o(read_ready),
    .store_ready_o(store_ready), .load_live_o(load_live), .write_live_o(write_live),
    .read_live_o(read_live), .store_live_o(store_live)
  );

  // ---- host reads
  logic load_req, load_req_ready, load_beat_valid, load_beat_pop;
  logic write_req, write_req_ready, write_beat_valid, write_beat_pop, read_beat;
  logic [31-$clog2(MemBytes):0] load_req_addr, write_req_addr;
  logic [8*MemBytes-1:0] load_beat, write_beat;
  read_channel #(.MemBytes(MemBytes)) u_channel (
    .clk_i, .rst_ni,
    .load_req_i(load_req), .load_ready_o(load_req_ready), .load_addr_i(load_req_addr),
    .load_valid_o(load_beat_valid), .load_pop_i(load_beat_pop), .load_beat_o(load_beat),
    .write_req_i(write_req), .write_ready_o(write_req_ready), .write_addr_i(write_req_addr),
    .write_valid_o(write_beat_valid), .write_pop_i(write_beat_pop), .write_beat_o(write_beat),
    .rd_req_valid_o, .rd_req_ready_i, .rd_req_addr_o,
    .rd_rsp_valid_i, .rd_rsp_ready_o, .rd_rsp_data_i, .beat_o(read_beat)
  );

  // ---- load
  logic buf_load, acc_load, acc_load_ready, bias_load, wear_load, wear_load_ready, load_row;
  logic [CellWidth-1:0] load_dst;
  logic [PhaseWidth-1:0] load_phase;
  logic [16*Rows-1:0] load_inputs;
  logic [32*Adcs-1:0] load_words;
  load_unit #(
    .Rows(Rows), .Cols(Cols), .Adcs(Adcs), .MemBytes(MemBytes), .Queue(LoadQueue),
    .IndexWidth(LoadIndex), .PhaseWidth(PhaseWidth)
  ) u_load (
    .clk_i, .rst_ni, .push_i(load_push), .index_i(load_index), .command_i(move_command),
    .ready_i(load_ready), .settled_o(load_settled),
    .retired_o(retired[crossbar_types_pkg::OpLoadWear:crossbar_types_pkg::OpLoadI8]),
    .req_valid_o(load_req), .req_ready_i(load_req_ready), .req_beat_o(load_req_addr),
    .beat_valid_i(load_beat_valid), .beat_pop_o(load_beat_pop), .beat_i(load_beat),
    .buf_write_o(buf_load), .acc_write_o(acc_load), .acc_ready_i(acc_load_ready),
    .bias_write_o(bias_load), .wear_write_o(wear_load), .wear_ready_i(wear_load_ready),
    .dst_o(load_dst), .phase_o(load_phase), .inputs_o(load_inputs), .words_o(load_words),
    .write_o(load_row)
  );

  // ---- write
  logic cell_write, wear_count, wear_counted, write_begin, write_busy;
  logic [CellWidth-1:0] write_row;
  logic [PhaseWidth-1:0] write_phase;
  logic [CellBits*Adcs-1:0] write_cells;
  logic [31:0] wear, wear_next;
  write_unit #(
    .Cols(Cols), .CellBits(CellBits), .Adcs(Adcs), .Cycles(WriteCycles), .MemBytes(MemBytes),
    .Queue(WriteQueue), .IndexWidth(WriteIndex), .PhaseWidth(PhaseWidth)
  ) u_write (
    .clk_i, .rst_ni, .push_i(write_push), .index_i(write_index), .command_i(move_command),
    .ready_i(write_ready), .settled_o(write_settled),
    .retired_o(retired[crossbar_types_pkg::OpWrite]),
    .req_valid_o(write_req), .req_ready_i(write_req_ready), .req_beat_o(write_req_addr),
    .beat_valid_i(write_beat_valid), .beat_pop_o(write_beat_pop), .beat_i(write_beat),
    .cell_write_o(cell_write), .row_o(write_row), .phase_o(write_phase), .cells_o(write_cells),
    .wear_read_o(wear_count), .wear_write_o(wear_counted), .wear_i(wear), .wear_o(wear_next),
    .begin_o(write_begin), .busy_o(write_busy)
  );

  // ---- read
  logic buf_read, drive, array_read, array_write, read_step, convert;
  logic [BufWidth-1:0] buf_addr;
  logic [16*Rows-1:0] buf_data;
  logic [CellWidth-1:0] drive_row;
  logic [PhaseWidth-1:0] drive_phase, array_read_phase, array_write_phase;
  logic [Rows-1:0] inputs;
  logic [AdcBits*Adcs-1:0] sums;
  logic [AccWidth-1:0] array_read_addr, array_write_addr;
  logic [32*Adcs-1:0] array_acc, array_data;
  read_unit #(
    .Rows(Rows), .Cols(Cols), .AdcBits(AdcBits), .Adcs(Adcs), .Queue(ReadQueue),
    .IndexWidth(ReadIndex), .PhaseWidth(PhaseWidth)
  ) u_read (
    .clk_i, .rst_ni, .push_i(read_push), .index_i(read_index), .command_i(read_command),
    .ready_i(read_ready), .settled_o(read_settled),
    .retired_o(retired[crossbar_types_pkg::OpPassAdd:crossbar_types_pkg::OpRead]),
    .buf_read_o(buf_read), .buf_addr_o(buf_addr), .buf_i(buf_data),
    .drive_o(drive), .row_o(drive_row), .drive_phase_o(drive_phase), .inputs_o(inputs),
    .sums_i(sums),
    .acc_read_o(array_read), .acc_read_addr_o(array_read_addr),
    .acc_read_phase_o(array_read_phase), .acc_i(array_acc),
    .acc_write_o(array_write), .acc_write_addr_o(array_write_addr),
    .acc_write_phase_o(array_write_phase), .acc_o(array_data), .step_o(read_step),
    .convert_o(convert)
  );
  crossbar #(
    .Rows(Rows), .Cols(Cols), .CellBits(CellBits), .AdcBits(AdcBits), .Adcs(Adcs),
    .CellRows(CellRows), .PhaseWidth(PhaseWidth)
  ) u_crossbar (
    .clk_i,
    .write_i(cell_write), .write_row_i(write_row), .write_phase_i(write_phase),
    .write_cells_i(write_cells),
    .read_i(drive), .read_row_i(drive_row), .read_phase_i(drive_phase), .inputs_i(inputs),
    .sums_o(sums)
  );

  // ---- store
  logic store_read, store_read_ready, wear_store, wear_store_ready, move_write, store_row;
  logic store_beat;
  logic [CellWidth-1:0] store_addr;
  logic [PhaseWidth-1:0] store_phase;
  logic [BiasWidth-1:0] bias_addr;
  logic [32*Adcs-1:0] store_data, bias_data;
  logic [BufWidth-1:0] move_addr;
  logic [16*Rows-1:0] move_data;
  store_unit #(
    .Rows(Rows), .Cols(Cols), .Adcs(Adcs), .MemBytes(MemBytes), .Queue(StoreQueue),
    .IndexWidth(StoreIndex), .PhaseWidth(PhaseWidth)
  ) u_store (
    .clk_i, .rst_ni, .push_i(store_push), .index_i(store_index), .command_i(store_command),
    .ready_i(store_ready), .settled_o(store_settled), .free_o(store_free),
    .retired_o(retired[crossbar_types_pkg::OpStoreWear:crossbar_types_pkg::OpStoreI8]),
    .acc_read_o(store_read), .acc_ready_i(store_read_ready),
    .wear_read_o(wear_store), .wear_ready_i(wear_store_ready),
    .addr_o(store_addr), .phase_o(store_phase), .bias_addr_o(bias_addr),
    .acc_i(store_data), .bias_i(bias_data), .wear_i(wear),
    .buf_write_o(move_write), .buf_ready_i(!buf_load), .buf_addr_o(move_addr), .buf_o(move_data),
    .wr_req_valid_o, .wr_req_ready_i, .wr_req_addr_o, .wr_req_data_o, .wr_req_strb_o,
    .wr_rsp_valid_i, .wr_rsp_ready_o, .row_o(store_row), .beat_o(store_beat)
  );

  // ---- memories. Loads go before moves; the write unit's counts before loads and stores of them.
  memory_bank #(.Rows(BufRows), .Width(16*Rows), .AddrWidth(BufIndex)) u_inputs (
    .clk_i,
    .write_i(buf_load || move_write),
    .write_addr_i(buf_load ? BufIndex'(load_dst) : BufIndex'(move_addr)),
    .write_data_i(buf_load ? load_inputs : move_data),
    .read_i(buf_read), .read_addr_i(BufIndex'(buf_addr)), .read_data_o(buf_data)
  );
  accumulators #(
    .Cols(Cols), .Adcs(Adcs), .AccRows(AccRows), .PhaseWidth(PhaseWidth)
  ) u_accumulators (
    .clk_i,
    .array_read_i(array_read), .array_read_addr_i(array_read_addr),
    .array_read_phase_i(array_read_phase), .array_data_o(array_acc),
    .array_write_i(array_write), .array_write_addr_i(array_write_addr),
    .array_write_phase_i(array_write_phase), .array_write_data_i(array_data),
    .store_read_i(store_read), .store_ready_o(store_read_ready),
    .store_addr_i(AccWidth'(store_addr)), .store_phase_i(store_phase),
    .store_data_o(store_data),
    .load_write_i(acc_load), .load_ready_o(acc_load_ready), .load_addr_i(AccWidth'(load_dst)),
    .load_phase_i(load_phase), .load_data_i(load_words)
  );
  memory_bank #(.Rows(BiasRows*Phases), .Width(32*Adcs), .AddrWidth(BiasIndex)) u_bias (
    .clk_i,
    .write_i(bias_load),
    .write_addr_i(BiasIndex'(32'(load_dst) * Phases + 32'(load_phase))),
    .write_data_i(load_words),
    .read_i(store_read), .read_addr_i(BiasIndex'(32'(bias_addr) * Phases + 32'(store_phase))),
    .read_data_o(bias_data)
  );
  assign wear_load_ready = !wear_counted;
  assign wear_store_ready = !wear_count;
  memory_bank #(.Rows(CellRows), .Width(32), .AddrWidth(CellIndex)) u_wear (
    .clk_i,
    .write_i(wear_counted || wear_load),
    .write_addr_i(wear_counted ? CellIndex'(write_row) : CellIndex'(load_dst)),
    .write_data_i(wear_counted ? wear_next : load_words[31:0]),
    .read_i(wear_count || wear_store),
    .read_addr_i(wear_count ? CellIndex'(write_row) : CellIndex'(store_addr)),
    .read_data_o(wear)
  );

  // ---- status
  assign idle_o = !dispatch_busy && !load_live && !write_live && !read_live && !store_live;
  counters #(.Cols(Cols), .Adcs(Adcs), .MemBytes(MemBytes)) u_counters (
    .clk_i, .rst_ni, .retired_i(retired),
    .live_i({store_live, read_live, write_live, load_live}),
    .step_i({store_row || store_beat, read_step, write_busy,
             (load_req && load_req_ready) || load_row}),
    .converted_i(convert), .cell_row_i(write_begin),
    .read_beat_i(read_beat), .write_beat_i(store_beat), .dispatch_stall_i(dispatch_stall),
    .perf_sel_i, .perf_data_o
  );
endmodule
