// The read channel, shared by loads and writes of cells: a beat is asked for only when there is room
// for its answer, so that neither waits behind the other's answers. Writes of cells go first: a row
// of theirs takes many cycles more than its beats.
`default_nettype none

module read_channel #(
  parameter int unsigned MemBytes = 16,
  parameter int unsigned LoadBeats = 64,  // asked for or waiting
  parameter int unsigned WriteBeats = 32
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic load_req_i,
  output logic load_ready_o,
  input  logic [31-$clog2(MemBytes):0] load_addr_i,  // in beats
  output logic load_valid_o,
  input  logic load_pop_i,
  output logic [8*MemBytes-1:0] load_beat_o,

  input  logic write_req_i,
  output logic write_ready_o,
  input  logic [31-$clog2(MemBytes):0] write_addr_i,
  output logic write_valid_o,
  input  logic write_pop_i,
  output logic [8*MemBytes-1:0] write_beat_o,

  output logic rd_req_valid_o,
  input  logic rd_req_ready_i,
  output logic [31:0] rd_req_addr_o,
  input  logic rd_rsp_valid_i,
  output logic rd_rsp_ready_o,
  input  logic [8*MemBytes-1:0] rd_rsp_data_i,
  output logic beat_o  // a beat was asked for
);
  localparam int unsigned OffsetWidth = $clog2(MemBytes);
  localparam int unsigned LoadWidth = $clog2(LoadBeats + 1);
  localparam int unsigned WriteWidth = $clog2(WriteBeats + 1);

  logic [LoadWidth-1:0] load_used_q;
  logic [WriteWidth-1:0] write_used_q;
  logic full, load_go, write_go, load_wants, write_wants;
  assign load_wants = load_req_i && load_used_q != LoadWidth'(LoadBeats);
  assign write_wants = write_req_i && write_used_q != WriteWidth'(WriteBeats);
  assign write_ready_o = !full && write_used_q != WriteWidth'(WriteBeats);
  assign load_ready_o = !full && !write_wants && load_used_q != LoadWidth'(LoadBeats);
  assign write_go = write_wants && !full;
  assign load_go = load_wants && load_ready_o;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_used_q <= '0;
      write_used_q <= '0;
    end else begin
      load_used_q <= load_used_q + LoadWidth'(load_go) - LoadWidth'(load_pop_i);
      write_used_q <= write_used_q + WriteWidth'(write_go) - WriteWidth'(write_pop_i);
    end
  end

  // ---- requests; two, so that nothing behind them depends on the port's ready
  logic [31-OffsetWidth:0] addr;
  assign addr = write_go ? write_addr_i : load_addr_i;
  logic [31-OffsetWidth:0] beat_addr;
  fifo #(.Width(32 - OffsetWidth), .Depth(2)) u_requests (
    .clk_i, .rst_ni, .push_i(write_go || load_go), .data_i(addr),
    .pop_i(rd_req_valid_o && rd_req_ready_i), .valid_o(rd_req_valid_o), .full_o(full),
    .data_o(beat_addr)
  );
  assign rd_req_addr_o = {beat_addr, {OffsetWidth{1'b0}}};
  assign beat_o = rd_req_valid_o && rd_req_ready_i;

  // ---- whose answer comes next
  logic to_write, answer, unused_valid, unused_full;
  fifo #(.Width(1), .Depth(LoadBeats + WriteBeats)) u_owners (
    .clk_i, .rst_ni, .push_i(write_go || load_go), .data_i(write_go),
    .pop_i(answer), .valid_o(unused_valid), .full_o(unused_full), .data_o(to_write)
  );
  assign rd_rsp_ready_o = 1'b1;
  assign answer = rd_rsp_valid_i;
  logic unused_load_full, unused_write_full;
  fifo #(.Width(8*MemBytes), .Depth(LoadBeats)) u_loads (
    .clk_i, .rst_ni, .push_i(answer && !to_write), .data_i(rd_rsp_data_i), .pop_i(load_pop_i),
    .valid_o(load_valid_o), .full_o(unused_load_full), .data_o(load_beat_o)
  );
  fifo #(.Width(8*MemBytes), .Depth(WriteBeats)) u_writes (
    .clk_i, .rst_ni, .push_i(answer && to_write), .data_i(rd_rsp_data_i), .pop_i(write_pop_i),
    .valid_o(write_valid_o), .full_o(unused_write_full), .data_o(write_beat_o)
  );
endmodule
