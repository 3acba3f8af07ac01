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
  input  logic check_i,
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
  input  logic [StoreQueue-1:0] store_released_i,
  input  logic [StoreQueue-1:0] store_free_i,

  output logic [LoadQueue-1:0] load_ready_o,
  output logic [ExecuteQueue-1:0] execute_ready_o,
  output logic [StoreQueue-1:0] store_ready_o,
  output logic load_live_o,
  output logic execute_live_o,
  output logic store_live_o
);
  localparam int unsigned Events = LoadQueue + 2 * ExecuteQueue + StoreQueue;

  logic [LoadQueue-1:0] load_live, after_load, unused_load;
  logic [ExecuteQueue-1:0] execute_live, after_execute, after_execute_release;
  logic [StoreQueue-1:0] store_live, after_store_release, unused_store;
  assign load_live_o = |load_live;
  assign execute_live_o = |execute_live;
  assign store_live_o = |store_live;

  logic [Events-1:0] events, after;
  logic any_event;
  assign events = {store_released_i, execute_released_i, execute_written_i, load_written_i};
  assign after = {after_store_release, after_execute_release, after_execute, after_load};
  assign any_event = |events;

  lowest_free #(.Entries(LoadQueue), .IndexWidth(LoadIndex)) u_load_free (
    .enable_i(check_i), .live_i(load_live), .full_o(load_full_o), .index_o(load_index_o)
  );
  lowest_free #(.Entries(ExecuteQueue), .IndexWidth(ExecuteIndex)) u_execute_free (
    .enable_i(check_i), .live_i(execute_live), .full_o(execute_full_o), .index_o(execute_index_o)
  );
  lowest_free #(.Entries(StoreQueue), .IndexWidth(StoreIndex)) u_store_free (
    .enable_i(check_i), .live_i(store_live), .full_o(store_full_o), .index_o(store_index_o)
  );

  for (genvar i = 0; i < LoadQueue; i++) begin : g_load
    logic set;
    assign set = load_push_i && load_index_o == LoadIndex'(i);
    hazard_entry u_entry (
      .clk_i, .rst_ni, .check_i, .set_i(set), .new_i,
      .written_i(load_written_i[i]), .released_i(load_written_i[i]), .free_i(load_written_i[i]),
      .live_o(load_live[i]), .after_written_o(after_load[i]), .after_released_o(unused_load[i])
    );
    wait_mask #(.Events(Events)) u_wait (
      .clk_i, .rst_ni, .set_i(set), .after_i(after),
      .any_event_i(any_event), .events_i(events), .ready_o(load_ready_o[i])
    );
  end

  for (genvar i = 0; i < ExecuteQueue; i++) begin : g_execute
    logic set;
    assign set = execute_push_i && execute_index_o == ExecuteIndex'(i);
    hazard_entry u_entry (
      .clk_i, .rst_ni, .check_i, .set_i(set), .new_i,
      .written_i(execute_written_i[i]), .released_i(execute_released_i[i]),
      .free_i(execute_free_i[i]), .live_o(execute_live[i]),
      .after_written_o(after_execute[i]), .after_released_o(after_execute_release[i])
    );
    wait_mask #(.Events(Events)) u_wait (
      .clk_i, .rst_ni, .set_i(set), .after_i(after),
      .any_event_i(any_event), .events_i(events), .ready_o(execute_ready_o[i])
    );
  end

  for (genvar i = 0; i < StoreQueue; i++) begin : g_store
    logic set;
    assign set = store_push_i && store_index_o == StoreIndex'(i);
    hazard_entry u_entry (
      .clk_i, .rst_ni, .check_i, .set_i(set), .new_i,
      .written_i(1'b0), .released_i(store_released_i[i]), .free_i(store_free_i[i]),
      .live_o(store_live[i]), .after_written_o(unused_store[i]),
      .after_released_o(after_store_release[i])
    );
    wait_mask #(.Events(Events)) u_wait (
      .clk_i, .rst_ni, .set_i(set), .after_i(after),
      .any_event_i(any_event), .events_i(events), .ready_o(store_ready_o[i])
    );
  end
endmodule
