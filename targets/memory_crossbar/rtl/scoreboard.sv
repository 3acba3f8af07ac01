// Which live command waits for which: an entry per queued command of every unit, allocated at
// dispatch, ready once every older command of another unit that it meets has settled.
`default_nettype none

module scoreboard #(
  parameter int unsigned LoadQueue = 8,
  parameter int unsigned WriteQueue = 4,
  parameter int unsigned ReadQueue = 16,
  parameter int unsigned StoreQueue = 8,
  parameter int unsigned LoadIndex = 3,
  parameter int unsigned WriteIndex = 2,
  parameter int unsigned ReadIndex = 4,
  parameter int unsigned StoreIndex = 3
) (
  input  logic clk_i,
  input  logic rst_ni,

  // the command at dispatch, and the entry it takes in its unit
  input  logic sent_i,
  input  crossbar_types_pkg::footprint_t new_i,
  input  logic load_push_i,
  input  logic write_push_i,
  input  logic read_push_i,
  input  logic store_push_i,
  output logic load_full_o,
  output logic write_full_o,
  output logic read_full_o,
  output logic store_full_o,
  output logic [LoadIndex-1:0] load_index_o,
  output logic [WriteIndex-1:0] write_index_o,
  output logic [ReadIndex-1:0] read_index_o,
  output logic [StoreIndex-1:0] store_index_o,

  // one bit an entry: what happened this cycle
  input  logic [LoadQueue-1:0] load_settled_i,
  input  logic [WriteQueue-1:0] write_settled_i,
  input  logic [ReadQueue-1:0] read_settled_i,
  input  logic [StoreQueue-1:0] store_settled_i,
  input  logic [StoreQueue-1:0] store_free_i,

  output logic [LoadQueue-1:0] load_ready_o,
  output logic [WriteQueue-1:0] write_ready_o,
  output logic [ReadQueue-1:0] read_ready_o,
  output logic [StoreQueue-1:0] store_ready_o,
  output logic load_live_o,
  output logic write_live_o,
  output logic read_live_o,
  output logic store_live_o
);
  localparam int unsigned Events = LoadQueue + WriteQueue + ReadQueue + StoreQueue;

  // Stores settle when their rows are read, and are done when they are acknowledged.
  logic [LoadQueue-1:0] load_set, after_load;
  logic [WriteQueue-1:0] write_set, after_write;
  logic [ReadQueue-1:0] read_set, after_read;
  logic [StoreQueue-1:0] store_set, after_store;
  hazard_table #(.Entries(LoadQueue), .IndexWidth(LoadIndex)) u_loads (
    .clk_i, .rst_ni, .sent_i, .push_i(load_push_i), .new_i,
    .settled_i(load_settled_i), .free_i(load_settled_i), .full_o(load_full_o),
    .index_o(load_index_o), .set_o(load_set), .live_o(load_live_o), .after_o(after_load)
  );
  hazard_table #(.Entries(WriteQueue), .IndexWidth(WriteIndex)) u_writes (
    .clk_i, .rst_ni, .sent_i, .push_i(write_push_i), .new_i,
    .settled_i(write_settled_i), .free_i(write_settled_i), .full_o(write_full_o),
    .index_o(write_index_o), .set_o(write_set), .live_o(write_live_o), .after_o(after_write)
  );
  hazard_table #(.Entries(ReadQueue), .IndexWidth(ReadIndex)) u_reads (
    .clk_i, .rst_ni, .sent_i, .push_i(read_push_i), .new_i,
    .settled_i(read_settled_i), .free_i(read_settled_i), .full_o(read_full_o),
    .index_o(read_index_o), .set_o(read_set), .live_o(read_live_o), .after_o(after_read)
  );
  hazard_table #(.Entries(StoreQueue), .IndexWidth(StoreIndex)) u_stores (
    .clk_i, .rst_ni, .sent_i, .push_i(store_push_i), .new_i,
    .settled_i(store_settled_i), .free_i(store_free_i), .full_o(store_full_o),
    .index_o(store_index_o), .set_o(store_set), .live_o(store_live_o), .after_o(after_store)
  );

  logic [Events-1:0] events, after;
  logic change;
  assign events = {store_settled_i, read_settled_i, write_settled_i, load_settled_i};
  assign after = {after_store, after_read, after_write, after_load};
  assign change = sent_i || events != '0;

  wait_table #(.Entries(LoadQueue), .Events(Events)) u_load_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(load_set), .after_i(after), .events_i(events),
    .ready_o(load_ready_o)
  );
  wait_table #(.Entries(WriteQueue), .Events(Events)) u_write_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(write_set), .after_i(after), .events_i(events),
    .ready_o(write_ready_o)
  );
  wait_table #(.Entries(ReadQueue), .Events(Events)) u_read_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(read_set), .after_i(after), .events_i(events),
    .ready_o(read_ready_o)
  );
  wait_table #(.Entries(StoreQueue), .Events(Events)) u_store_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(store_set), .after_i(after), .events_i(events),
    .ready_o(store_ready_o)
  );
endmodule
