// A matrix unit that runs one command at a time: a command is taken and checked in one cycle, then
// a row of its tile moves each cycle (host memory: a beat), and the next is taken when all rows have.
`default_nettype none

module lathe_top #(
  parameter int unsigned Dim = 4,        // rows and columns of the weights
  parameter int unsigned SpmRows = 256,  // rows of Dim bytes
  parameter int unsigned AccRows = 64    // rows of Dim 32-bit words
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
  input  logic [32*Dim-1:0] rd_rsp_data_i,

  output logic wr_req_valid_o,
  input  logic wr_req_ready_i,
  output logic [31:0] wr_req_addr_o,
  output logic [32*Dim-1:0] wr_req_data_o,
  output logic [4*Dim-1:0] wr_req_strb_o,
  input  logic wr_rsp_valid_i,
  output logic wr_rsp_ready_o,

  output logic idle_o,
  output logic [7:0] error_o,
  input  logic [7:0] perf_sel_i,
  output logic [47:0] perf_data_o
);
  localparam int unsigned BeatBytes = 4 * Dim;  // a row of accumulators
  localparam int unsigned OffsetWidth = $clog2(BeatBytes);
  localparam int unsigned RowsWidth = new_target_pkg::LoadRowsWidth;
  localparam int unsigned ColsWidth = new_target_pkg::LoadColsWidth;
  localparam int unsigned SpmWidth = new_target_pkg::LoadDstWidth;
  localparam int unsigned AccWidth = new_target_pkg::MatmulAccWidth;
  localparam int unsigned SpmIndex = $clog2(SpmRows);
  localparam int unsigned AccIndex = $clog2(AccRows);

  // ---- commands: which one it is, and what is wrong with it
  typedef struct packed {
    logic load, load_acc, preload, matmul, matmul_acc, store_i8, store_i32;
    logic set_load_stride, set_store_stride, set_shift;
  } intrinsic_t;
  intrinsic_t given, op_q;
  logic [63:0] w;
  assign w = cmd_word_i;
  assign given.load = (w & new_target_pkg::LoadMask) == new_target_pkg::LoadMatch;
  assign given.load_acc = (w & new_target_pkg::LoadAccMask) == new_target_pkg::LoadAccMatch;
  assign given.preload = (w & new_target_pkg::PreloadMask) == new_target_pkg::PreloadMatch;
  assign given.matmul = (w & new_target_pkg::MatmulMask) == new_target_pkg::MatmulMatch;
  assign given.matmul_acc = (w & new_target_pkg::MatmulAccMask) == new_target_pkg::MatmulAccMatch;
  assign given.store_i8 = (w & new_target_pkg::StoreI8Mask) == new_target_pkg::StoreI8Match;
  assign given.store_i32 = (w & new_target_pkg::StoreI32Mask) == new_target_pkg::StoreI32Match;
  assign given.set_load_stride =
      (w & new_target_pkg::SetLoadStrideMask) == new_target_pkg::SetLoadStrideMatch;
  assign given.set_store_stride =
      (w & new_target_pkg::SetStoreStrideMask) == new_target_pkg::SetStoreStrideMatch;
  assign given.set_shift = (w & new_target_pkg::SetShiftMask) == new_target_pkg::SetShiftMatch;

  // Commands share the places of their fields, and reserved bits are zero: one slice serves all.
  logic out_of_range;
  assign out_of_range =
      32'(w[new_target_pkg::LoadDstLsb +: SpmWidth])
          + 32'(w[new_target_pkg::LoadRowsLsb +: RowsWidth]) >= SpmRows
      || 32'(w[new_target_pkg::MatmulAccLsb +: AccWidth])
          + 32'(w[new_target_pkg::LoadRowsLsb +: RowsWidth]) >= AccRows;

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
  logic [SpmWidth-1:0] spm_row_q;
  logic [AccWidth-1:0] acc_row_q;
  logic copy_q;
  always_ff @(posedge clk_i) begin
    if (start) begin
      op_q <= given;
      value_q <= w[31:0];
      rows_q <= w[new_target_pkg::LoadRowsLsb +: RowsWidth];
      cols_q <= w[new_target_pkg::LoadColsLsb +: ColsWidth];
      spm_row_q <= w[new_target_pkg::LoadDstLsb +: SpmWidth];
      acc_row_q <= w[new_target_pkg::MatmulAccLsb +: AccWidth];
      copy_q <= w[new_target_pkg::MatmulWLsb];
    end
  end

  logic loads, stores, multiplies;
  logic [OffsetWidth-1:0] row_bytes;  // minus one
  assign loads = op_q.load || op_q.load_acc;
  assign stores = op_q.store_i8 || op_q.store_i32;
  assign multiplies = op_q.matmul || op_q.matmul_acc;
  assign row_bytes = op_q.load_acc || op_q.store_i32 ? {cols_q, 2'b11} : {2'b00, cols_q};

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
  // What is no move of host memory has a row of no bytes each cycle.
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
  logic [8*Dim-1:0] spm_q [SpmRows];
  logic [32*Dim-1:0] acc_q [AccRows];
  logic [8*Dim*Dim-1:0] weights_q [2];

  logic [RowsWidth-1:0] moved_row;
  logic [SpmIndex-1:0] spm_row;
  logic [AccIndex-1:0] acc_row;
  logic [8*Dim-1:0] spm_read, spm_write;
  logic [32*Dim-1:0] acc_read, acc_write, sums;
  logic [8*Dim*Dim-1:0] weights, weights_write;
  assign spm_row = SpmIndex'(spm_row_q + SpmWidth'(done_row));
  assign moved_row = stores ? asked_row : done_row;
  assign acc_row = AccIndex'(acc_row_q + AccWidth'(moved_row));
  assign spm_read = spm_q[spm_row];
  assign acc_read = acc_q[acc_row];
  assign weights = weights_q[copy_q];

  always_ff @(posedge clk_i) begin
    if (done && done_end) begin
      if (op_q.load) spm_q[spm_row] <= spm_write;
      if (op_q.load_acc || multiplies) acc_q[acc_row] <= acc_write;
      if (op_q.preload) weights_q[copy_q] <= weights_write;
    end
  end

  // ---- loads: the bytes of one or two beats as a row, zero behind the last column
  logic [8*BeatBytes-1:0] first_q, row, unused_above;
  always_ff @(posedge clk_i) begin
    if (rd_rsp_valid_i) first_q <= rd_rsp_data_i;
  end
  assign {unused_above, row} =
      {rd_rsp_data_i, done_second ? first_q : rd_rsp_data_i} >> {done_offset, 3'b000};
  always_comb begin
    spm_write = row[8*Dim-1:0];
    acc_write = op_q.load_acc ? row : sums;
    for (int unsigned j = 0; j < Dim; j++) begin
      if (j > 32'(cols_q)) spm_write[8*j +: 8] = '0;
      if (op_q.load_acc && j > 32'(cols_q)) acc_write[32*j +: 32] = '0;
    end
  end

  // ---- weights: rows that no PRELOAD gives are zero
  always_comb begin
    weights_write = done_row == '0 ? '0 : weights;
    weights_write[32'(done_row)*8*Dim +: 8*Dim] = spm_read;
  end

  // ---- arithmetic
  matrix_row #(.Dim(Dim)) u_matrix (
    .a_i(spm_read), .w_i(weights), .acc_i(op_q.matmul ? '0 : acc_read), .sum_o(sums)
  );

  // ---- stores: a row as bytes of one or two beats, with a strobe for each
  logic [8*Dim-1:0] bytes;
  logic [8*BeatBytes-1:0] stored, store_low, store_high;
  logic [BeatBytes-1:0] strobes, strobe_low, strobe_high;
  store_row #(.Dim(Dim)) u_store (.row_i(acc_read), .shift_i(shift_q), .bytes_o(bytes));
  assign asked_offset = asked_addr[OffsetWidth-1:0];
  assign stored = op_q.store_i32 ? acc_read : (8*BeatBytes)'(bytes);
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

  // YOUR COUNTERS: a counter a number of the port, named in the manifest under `counters`. None yet.
  logic unused_select;
  assign unused_select = ^perf_sel_i;
  assign perf_data_o = '0;
endmodule
