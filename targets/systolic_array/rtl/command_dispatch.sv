// Takes commands in order, one a cycle: accepted, decoded, and a cycle later sent to its unit or,
// for SET_*, into the configuration that later commands of the unit carry with them.
`default_nettype none

module command_dispatch #(
  parameter int unsigned Dim = 16,
  parameter int unsigned SpmRows = 16384,
  parameter int unsigned AccRows = 1024,
  parameter int unsigned BiasRows = 16
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic cmd_valid_i,
  output logic cmd_ready_o,
  input  logic [63:0] cmd_word_i,

  // The command at dispatch; sent_o and the push of its unit once that has room.
  output logic sent_o,
  output array_types_pkg::footprint_t footprint_o,
  input  logic load_full_i,
  input  logic execute_full_i,
  input  logic store_full_i,
  output logic load_push_o,
  output logic execute_push_o,
  output logic store_push_o,
  output array_types_pkg::load_command_t load_o,
  output array_types_pkg::execute_command_t execute_o,
  output array_types_pkg::store_command_t store_o,

  // a SET_* took effect
  output logic [array_types_pkg::OpSetEpilogue:array_types_pkg::OpSetLoadStride] configured_o,
  output logic stall_o,
  output logic busy_o,
  output logic [7:0] error_o
);
  logic word_valid, word_full, word_pop;
  logic [63:0] word;
  fifo #(.Width(64), .Depth(2)) u_words (
    .clk_i, .rst_ni,
    .push_i(cmd_valid_i && cmd_ready_o), .data_i(cmd_word_i),
    .pop_i(word_pop), .valid_o(word_valid), .full_o(word_full), .data_o(word)
  );
  assign cmd_ready_o = !word_full;

  logic [array_types_pkg::Intrinsics-1:0] decoded, intrinsic_q;
  array_types_pkg::footprint_t footprint_q;
  array_types_pkg::footprint_t footprint;
  logic [7:0] error, error_q;
  command_decode #(
    .Dim(Dim), .SpmRows(SpmRows), .AccRows(AccRows), .BiasRows(BiasRows)
  ) u_decode (
    .valid_i(word_pop), .word_i(word),
    .intrinsic_o(decoded), .footprint_o(footprint), .error_o(error)
  );

  // ---- the decoded command
  logic valid_q, to_load, to_execute, to_store, to_state, sent;
  logic [59:0] word_q;  // without the opcode
  assign to_load = valid_q && footprint_q.pipe == array_types_pkg::PipeLoad;
  assign to_store = valid_q && footprint_q.pipe == array_types_pkg::PipeStore;
  assign to_state = valid_q && footprint_q.pipe == array_types_pkg::PipeNone;
  assign to_execute = valid_q && !to_load && !to_store && !to_state;

  assign load_push_o = to_load && !load_full_i;
  assign execute_push_o = to_execute && !execute_full_i;
  assign store_push_o = to_store && !store_full_i;
  assign sent = sent_o || to_state;
  assign word_pop = word_valid && (!valid_q || sent);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      error_q <= array_types_pkg::ErrorNone;
    end else begin
      // A command with an error changes nothing: it goes no further.
      if (word_pop) valid_q <= error == array_types_pkg::ErrorNone;
      else if (sent) valid_q <= 1'b0;
      if (error_q == array_types_pkg::ErrorNone) error_q <= error;
    end
  end
  always_ff @(posedge clk_i) begin
    if (word_pop) begin
      word_q <= word[59:0];
      intrinsic_q <= decoded;
      footprint_q <= footprint;
    end
  end

  // ---- configuration: taken by commands as they pass, so later changes wait for nobody
  logic [31:0] load_stride_q, store_stride_q, floor_q;
  logic [array_types_pkg::ShiftWidth-1:0] shift_q;
  assign configured_o = to_state
      ? intrinsic_q[array_types_pkg::OpSetEpilogue:array_types_pkg::OpSetLoadStride] : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_stride_q <= '0;
      store_stride_q <= '0;
      floor_q <= '0;
      shift_q <= '0;
    end else if (to_state) begin
      if (intrinsic_q[array_types_pkg::OpSetLoadStride])
        load_stride_q <= word_q[systolic_array_pkg::SetLoadStrideValueLsb +: 32];
      if (intrinsic_q[array_types_pkg::OpSetStoreStride])
        store_stride_q <= word_q[systolic_array_pkg::SetStoreStrideValueLsb +: 32];
      if (intrinsic_q[array_types_pkg::OpSetEpilogue]) begin
        floor_q <= word_q[systolic_array_pkg::SetEpilogueLowLsb +: 32];
        shift_q <= word_q[systolic_array_pkg::SetEpilogueShiftLsb +: array_types_pkg::ShiftWidth];
      end
    end
  end

  // ---- what the units get
  always_comb begin
    load_o = '0;
    if (to_load) begin
      load_o.kind = array_types_pkg::LoadSpm;
      if (intrinsic_q[array_types_pkg::OpLoadAccI8]) load_o.kind = array_types_pkg::LoadAccI8;
      if (intrinsic_q[array_types_pkg::OpLoadAccI32]) load_o.kind = array_types_pkg::LoadAccI32;
      if (intrinsic_q[array_types_pkg::OpLoadBias]) load_o.kind = array_types_pkg::LoadBias;
      if (intrinsic_q[array_types_pkg::OpFill]) load_o.kind = array_types_pkg::LoadFill;
      load_o.rows = word_q[systolic_array_pkg::LoadRowsLsb +: array_types_pkg::MoveRowsWidth];
      load_o.cols = word_q[systolic_array_pkg::LoadColsLsb +: array_types_pkg::ColsWidth];
      load_o.dst = word_q[systolic_array_pkg::LoadDstLsb +: array_types_pkg::SpmWidth];
      load_o.src = word_q[systolic_array_pkg::LoadSrcLsb +: 32];
      load_o.stride = load_stride_q;
    end
  end
  always_comb begin
    execute_o = '0;
    if (to_execute) begin
      execute_o.kind = array_types_pkg::ExecutePreload;
      if (intrinsic_q[array_types_pkg::OpMatmul])
        execute_o.kind = array_types_pkg::ExecuteMatmul;
      if (intrinsic_q[array_types_pkg::OpMatmulAcc])
        execute_o.kind = array_types_pkg::ExecuteMatmulAcc;
      if (intrinsic_q[array_types_pkg::OpVadd]) execute_o.kind = array_types_pkg::ExecuteVadd;
      if (intrinsic_q[array_types_pkg::OpVmax]) execute_o.kind = array_types_pkg::ExecuteVmax;
      if (intrinsic_q[array_types_pkg::OpVscale]) execute_o.kind = array_types_pkg::ExecuteVscale;
      execute_o.copy = footprint_q.weights_copy;
      execute_o.rows =
          word_q[systolic_array_pkg::MatmulRowsLsb +: array_types_pkg::ExecuteRowsWidth];
      execute_o.acc = footprint_q.acc_write_first;
      execute_o.operand = word_q[31:0];
    end
  end
  always_comb begin
    store_o = '0;
    if (to_store) begin
      store_o.wide = intrinsic_q[array_types_pkg::OpStoreI32];
      store_o.move = intrinsic_q[array_types_pkg::OpMoveI8];
      store_o.rows = word_q[systolic_array_pkg::StoreI8RowsLsb +: array_types_pkg::MoveRowsWidth];
      store_o.cols = word_q[systolic_array_pkg::StoreI8ColsLsb +: array_types_pkg::ColsWidth];
      store_o.src = word_q[systolic_array_pkg::StoreI8SrcLsb +: array_types_pkg::AccWidth];
      store_o.bias = footprint_q.bias_first;
      store_o.dst = word_q[systolic_array_pkg::StoreI8DstLsb +: 32];
      store_o.stride = intrinsic_q[array_types_pkg::OpMoveI8] ? 32'd1 : store_stride_q;
      store_o.floor = floor_q;
      store_o.shift = shift_q;
    end
  end

  assign sent_o = load_push_o || execute_push_o || store_push_o;
  assign footprint_o = footprint_q;
  assign stall_o = valid_q && !sent;
  assign busy_o = word_valid || valid_q;
  assign error_o = error_q;
endmodule
