// Which live command waits for which: an entry per queued command of every unit, allocated at
// dispatch, ready once every older command of another pipe has written or released what it needs.
`default_nettype none

module scoreboard #(
  parameter int unsigned LoadQueue = 16,
  parameter int unsigned ExecuteQueue = 16,
  parameter int unsigned StoreQueue = 8,
  parameter int unsigned LoadIndex = 4,
  parameter int unsigned ExecuteIndex = 4,
  parameter int unsigned StoreIndex = 3
) (
  input  logic clk_i,
  input  logic rst_ni,

  // the command at dispatch, and the entry it takes in its unit
  input  logic sent_i,
  input  array_types_pkg::footprint_t new_i,
  input  logic load_push_i,
  input  logic execute_push_i,
  input  logic store_push_i,
  output logic load_full_o,
  output logic execute_full_o,
  output logic store_full_o,
  output logic [LoadIndex-1:0] load_index_o,
  output logic [ExecuteIndex-1:0] execute_index_o,
  output logic [StoreIndex-1:0] store_index_o,

  // one bit an entry: what happened this cycle
  input  logic [LoadQueue-1:0] load_written_i,
  input  logic [ExecuteQueue-1:0] execute_written_i,
  input  logic [ExecuteQueue-1:0] execute_released_i,
  input  logic [ExecuteQueue-1:0] execute_free_i,
  input  logic [StoreQueue-1:0] store_written_i,
  input  logic [StoreQueue-1:0] store_released_i,
  input  logic [StoreQueue-1:0] store_free_i,

  output logic [LoadQueue-1:0] load_ready_o,
  output logic [ExecuteQueue-1:0] execute_ready_o,
  output logic [StoreQueue-1:0] store_ready_o,
  output logic load_live_o,
  output logic execute_live_o,
  output logic store_live_o
);
  localparam int unsigned Events = LoadQueue + 2 * ExecuteQueue + 2 * StoreQueue;

  logic [LoadQueue-1:0] load_set, after_load, unused_load;
  logic [ExecuteQueue-1:0] execute_set, after_execute, after_execute_release;
  logic [StoreQueue-1:0] store_set, after_store, after_store_release;

  // A load's results and its entry are done with at once.
  hazard_table #(.Entries(LoadQueue), .IndexWidth(LoadIndex)) u_loads (
    .clk_i, .rst_ni, .sent_i, .push_i(load_push_i), .new_i,
    .written_i(load_written_i), .released_i(load_written_i), .free_i(load_written_i),
    .full_o(load_full_o), .index_o(load_index_o), .set_o(load_set), .live_o(load_live_o),
    .after_written_o(after_load), .after_released_o(unused_load)
  );
  hazard_table #(.Entries(ExecuteQueue), .IndexWidth(ExecuteIndex)) u_executes (
    .clk_i, .rst_ni, .sent_i, .push_i(execute_push_i), .new_i,
    .written_i(execute_written_i), .released_i(execute_released_i), .free_i(execute_free_i),
    .full_o(execute_full_o), .index_o(execute_index_o), .set_o(execute_set),
    .live_o(execute_live_o),
    .after_written_o(after_execute), .after_released_o(after_execute_release)
  );
  hazard_table #(.Entries(StoreQueue), .IndexWidth(StoreIndex)) u_stores (
    .clk_i, .rst_ni, .sent_i, .push_i(store_push_i), .new_i,
    .written_i(store_written_i), .released_i(store_released_i), .free_i(store_free_i),
    .full_o(store_full_o), .index_o(store_index_o), .set_o(store_set), .live_o(store_live_o),
    .after_written_o(after_store), .after_released_o(after_store_release)
  );

  logic [Events-1:0] events, after;
  logic change;
  assign events = {
    store_released_i, store_written_i, execute_released_i, execute_written_i, load_written_i
  };
  assign after = {
    after_store_release, after_store, after_execute_release, after_execute, after_load
  };
  assign change = sent_i || events != '0;

  wait_table #(.Entries(LoadQueue), .Events(Events)) u_load_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(load_set), .after_i(after), .events_i(events),
    .ready_o(load_ready_o)
  );
  wait_table #(.Entries(ExecuteQueue), .Events(Events)) u_execute_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(execute_set), .after_i(after), .events_i(events),
    .ready_o(execute_ready_o)
  );
  wait_table #(.Entries(StoreQueue), .Events(Events)) u_store_waits (
    .clk_i, .rst_ni, .change_i(change), .set_i(store_set), .after_i(after), .events_i(events),
    .ready_o(store_ready_o)
  );
endmodule
