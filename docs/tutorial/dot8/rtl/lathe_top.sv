// A dot product unit that runs one command at a time: a command is taken and checked in one cycle, then
// a row of its tile moves each cycle (host memory: a beat), and the next is taken when all rows have.
`default_nettype none

module lathe_top #(
  parameter int unsigned Lanes = 8,       // samples multiplied at a time
  parameter int unsigned XmemRows = 256,  // windows of Lanes samples
  parameter int unsigned AccRows = 64     // accumulators of 64 bits
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
  input  logic [16*Lanes-1:0] rd_rsp_data_i,

  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [16*Lanes-1:0] wr_req_data_o,
  output logic [2*Lanes-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o,

  output logic idle_o,
  output logic [7:0] error_o,
  input  logic [7:0] perf_sel_i,
  output logic [47:0] perf_data_o
);
  localparam int unsigned BeatBytes = 2 * Lanes;  // a window
  localparam int unsigned OffsetWidth = $clog2(BeatBytes);
  localparam int unsigned RowsWidth = dot8_pkg::LoadRowsWidth;
  localparam int unsigned ColsWidth = dot8_pkg::LoadColsWidth;
  localparam int unsigned XmemWidth = dot8_pkg::LoadDstWidth;
  localparam int unsigned SetWidth = dot8_pkg::DotHWidth;
  localparam int unsigned AccWidth = dot8_pkg::DotAccWidth;
  localparam int unsigned XmemIndex = $clog2(XmemRows);
  localparam int unsigned AccIndex = $clog2(AccRows);

  // ---- commands: which one it is, and what is wrong with it
  typedef struct packed {
    logic load, load_taps, load_acc, dot, dot_acc, store_i16, store_i64;
    logic set_load_stride, set_store_stride, set_shift;
  } intrinsic_t;
  intrinsic_t given, op_q;
  logic [63:0] w;
  assign w = cmd_word_i;
  assign given.load = (w & dot8_pkg::LoadMask) == dot8_pkg::LoadMatch;
  assign given.load_taps = (w & dot8_pkg::LoadTapsMask) == dot8_pkg::LoadTapsMatch;
  assign given.load_acc = (w & dot8_pkg::LoadAccMask) == dot8_pkg::LoadAccMatch;
  assign given.dot = (w & dot8_pkg::DotMask) == dot8_pkg::DotMatch;
  assign given.dot_acc = (w & dot8_pkg::DotAccMask) == dot8_pkg::DotAccMatch;
  assign given.store_i16 = (w & dot8_pkg::StoreI16Mask) == dot8_pkg::StoreI16Match;
  assign given.store_i64 = (w & dot8_pkg::StoreI64Mask) == dot8_pkg::StoreI64Match;
  assign given.set_load_stride =
      (w & dot8_pkg::SetLoadStrideMask) == dot8_pkg::SetLoadStrideMatch;
  assign given.set_store_stride =
      (w & dot8_pkg::SetStoreStrideMask) == dot8_pkg::SetStoreStrideMatch;
  assign given.set_shift = (w & dot8_pkg::SetShiftMask) == dot8_pkg::SetShiftMatch;

  // Commands share the places of their fields, and reserved bits are zero: one slice serves all.
  logic out_of_range;
  assign out_of_range =
      32'(w[dot8_pkg::LoadDstLsb +: XmemWidth])
          + 32'(w[dot8_pkg::LoadRowsLsb +: RowsWidth]) >= XmemRows
      || 32'(w[dot8_pkg::DotAccLsb +: AccWidth])
          + 32'(w[dot8_pkg::LoadRowsLsb +: RowsWidth]) >= AccRows;

  logic taken, start;
  logic [7:0] error;
  always_comb begin
    error = 8'd0;
    if (given == '0) error = 8'd1;        // a reserved encoding
    else if (out_of_range) error = 8'd2;  // an operand out of range
  end
  assign taken = cmd_valid_i && cmd_ready_o;
  assign start = taken && error == 8'd0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) error_o <= 8'd0;
    else if (taken && error_o == 8'd0) error_o <= error;
  end

  // ---- the command that runs
  logic [31:0] value_q;
  logic [RowsWidth-1:0] rows_q;
  logic [ColsWidth-1:0] cols_q;
  logic [XmemWidth-1:0] window_q;
  logic [AccWidth-1:0] acc_first_q;
  logic [SetWidth-1:0] set_q;
  always_ff @(posedge clk_i) begin
    if (start) begin
      op_q <= given;
      value_q <= w[31:0];
      rows_q <= w[dot8_pkg::LoadRowsLsb +: RowsWidth];
      cols_q <= w[dot8_pkg::LoadColsLsb +: ColsWidth];
      window_q <= w[dot8_pkg::LoadDstLsb +: XmemWidth];
      acc_first_q <= w[dot8_pkg::DotAccLsb +: AccWidth];
      set_q <= w[dot8_pkg::DotHLsb +: SetWidth];
    end
  end

  logic loads, stores;
  logic [OffsetWidth-1:0] row_bytes;  // minus one
  assign loads = op_q.load || op_q.load_taps || op_q.load_acc;
  assign stores = op_q.store_i16 || op_q.store_i64;
  always_comb begin
    row_bytes = '0;  // what is no move has a row of no bytes
    if (op_q.load || op_q.load_taps) row_bytes = {cols_q, 1'b1};
    if (op_q.store_i16) row_bytes = OffsetWidth'(1);
    if (op_q.load_acc || op_q.store_i64) row_bytes = OffsetWidth'(7);
  end

  // ---- configuration
  logic [31:0] load_stride_q, store_stride_q, stride;
  logic [4:0] shift_q;
  always_ff @(posedge clk_i) begin
    if (op_q.set_load_stride) load_stride_q <= value_q;
    if (op_q.set_store_stride) store_stride_q <= value_q;
    if (op_q.set_shift) shift_q <= value_q[4:0];
  end
  assign stride = stores ? store_stride_q : load_stride_q;

  // ---- rows: beats that were asked of host memory, and rows that are done
  logic asks, asked, asked_second, unused_asked_end, busy, done, done_second, done_end;
  logic [RowsWidth-1:0] asked_row, done_row;
  logic [31:0] asked_addr;
  logic [OffsetWidth-1:0] asked_offset, done_offset;
  assign asked = (rd_req_valid_o && rd_req_ready_i) || (wr_req_valid_o && wr_req_ready_i);
  host_rows #(.BeatBytes(BeatBytes), .AddrWidth(32), .RowsWidth(RowsWidth)) u_asked (
    .clk_i, .rst_ni,
    .start_i(start), .base_i(w[31:0]), .stride_i(stride), .bytes_i(row_bytes), .rows_i(rows_q),
    .step_i(asked), .busy_o(asks), .row_o(asked_row), .addr_o(asked_addr),
    .second_o(asked_second), .row_end_o(unused_asked_end)
  );
  // What is no move of host memory has a row each cycle.
  assign done = rd_rsp_valid_i || wr_rsp_valid_i || (busy && !loads && !stores);
  host_rows #(.BeatBytes(BeatBytes), .AddrWidth(OffsetWidth), .RowsWidth(RowsWidth)) u_done (
    .clk_i, .rst_ni,
    .start_i(start), .base_i(w[OffsetWidth-1:0]), .stride_i(stride[OffsetWidth-1:0]),
    .bytes_i(row_bytes), .rows_i(rows_q),
    .step_i(done), .busy_o(busy), .row_o(done_row), .addr_o(done_offset),
    .second_o(done_second), .row_end_o(done_end)
  );
  assign cmd_ready_o = !busy;
  assign idle_o = !busy;

  // ---- memories
  logic [16*Lanes-1:0] xmem_q [XmemRows];
  logic [16*Lanes-1:0] taps_q [1 << SetWidth];
  logic [63:0] acc_q [AccRows];

  logic [RowsWidth-1:0] moved_row;
  logic [XmemIndex-1:0] window;
  logic [AccIndex-1:0] acc_row;
  logic [16*Lanes-1:0] loaded;
  logic [8*BeatBytes-1:0] first_q, row, unused_above;
  logic [63:0] acc, sum;
  assign window = XmemIndex'(window_q + XmemWidth'(done_row));
  assign moved_row = stores ? asked_row : done_row;
  assign acc_row = AccIndex'(acc_first_q + AccWidth'(moved_row));
  assign acc = acc_q[acc_row];

  always_ff @(posedge clk_i) begin
    if (done && done_end) begin
      if (op_q.load) xmem_q[window] <= loaded;
      if (op_q.load_taps) taps_q[set_q] <= loaded;
      if (op_q.load_acc || op_q.dot || op_q.dot_acc)
        acc_q[acc_row] <= op_q.load_acc ? row[63:0] : sum;
    end
  end

  // ---- loads: the bytes of one or two beats as a window, zero behind the last sample
  always_ff @(posedge clk_i) begin
    if (rd_rsp_valid_i) first_q <= rd_rsp_data_i;
  end
  assign {unused_above, row} =
      {rd_rsp_data_i, done_second ? first_q : rd_rsp_data_i} >> {done_offset, 3'b000};
  always_comb begin
    loaded = row;
    for (int unsigned k = 0; k < Lanes; k++) begin
      if (k > 32'(cols_q)) loaded[16*k +: 16] = '0;
    end
  end

  // ---- arithmetic
  dot_row #(.Lanes(Lanes)) u_dot (
    .x_i(xmem_q[window]), .h_i(taps_q[set_q]), .acc_i(op_q.dot ? '0 : acc), .sum_o(sum)
  );

  // ---- stores: a sample or an accumulator as bytes of one or two beats, with a strobe for each
  logic [15:0] sample;
  logic [8*BeatBytes-1:0] store_low, store_high;
  logic [63:0] stored;
  logic [BeatBytes-1:0] strobes, strobe_low, strobe_high;
  store_row u_store (.acc_i(acc), .shift_i(shift_q), .sample_o(sample));
  assign asked_offset = asked_addr[OffsetWidth-1:0];
  assign stored = op_q.store_i64 ? acc : 64'(sample);
  assign strobes = {BeatBytes{1'b1}} >> ~row_bytes;
  assign {store_high, store_low} = (16*BeatBytes)'(stored) << {asked_offset, 3'b000};
  assign {strobe_high, strobe_low} = (2*BeatBytes)'(strobes) << asked_offset;

  // ---- ports
  logic [31:0] beat_addr;
  assign beat_addr =
      {asked_addr[31:OffsetWidth] + (32-OffsetWidth)'(asked_second), {OffsetWidth{1'b0}}};
  assign rd_req_valid_o = asks && loads;
  assign rd_req_addr_o = beat_addr;
  assign rd_rsp_ready_o = 1'b1;
  assign wr_req_valid_o = asks && stores;
  assign wr_req_addr_o = beat_addr;
  assign wr_req_data_o = asked_second ? store_high : store_low;
  assign wr_req_strb_o = asked_second ? strobe_high : strobe_low;
  assign wr_rsp_ready_o = 1'b1;

  // No counters.
  logic unused_select;
  assign unused_select = ^perf_sel_i;
  assign perf_data_o = '0;
endmodule
