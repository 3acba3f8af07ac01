// Takes commands in order, one a cycle: accepted, decoded, and a cycle later sent to its unit or,
// for SET_*, into the configuration that later commands of the unit carry with them.
`default_nettype none

module command_dispatch #(
  parameter int unsigned Rows = 128,
  parameter int unsigned Cols = 128,
  parameter int unsigned BufRows = 512,
  parameter int unsigned AccRows = 512,
  parameter int unsigned BiasRows = 16,
  parameter int unsigned CellRows = 1024
) (
  input  logic clk_i,
  input  logic rst_ni,

  input  logic cmd_valid_i,
  output logic cmd_ready_o,
  input  logic [63:0] cmd_word_i,

  // The command at dispatch; sent_o and the push of its unit once that has room.
  output logic sent_o,
  output crossbar_types_pkg::footprint_t footprint_o,
  input  logic load_full_i,
  input  logic write_full_i,
  input  logic read_full_i,
  input  logic store_full_i,
  output logic load_push_o,
  output logic write_push_o,
  output logic read_push_o,
  output logic store_push_o,
  output crossbar_types_pkg::move_command_t move_o,  // of load and write
  output crossbar_types_pkg::read_command_t read_o,
  output crossbar_types_pkg::store_command_t store_o,

  // a SET_* took effect
  output logic [crossbar_types_pkg::OpSetEpilogue:crossbar_types_pkg::OpSetLoadStride] configured_o,
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

  logic [crossbar_types_pkg::Intrinsics-1:0] decoded, intrinsic_q;
  crossbar_types_pkg::footprint_t footprint, footprint_q;
  logic [7:0] error, error_q;
  command_decode #(
    .Rows(Rows), .Cols(Cols), .BufRows(BufRows), .AccRows(AccRows), .BiasRows(BiasRows),
    .CellRows(CellRows)
  ) u_decode (
    .valid_i(word_pop), .word_i(word),
    .intrinsic_o(decoded), .footprint_o(footprint), .error_o(error)
  );

  // ---- the decoded command
  logic valid_q, to_load, to_write, to_read, to_store, to_state, sent;
  logic [59:0] word_q;  // without the opcode
  assign to_load = valid_q && footprint_q.unit == crossbar_types_pkg::UnitLoad;
  assign to_write = valid_q && footprint_q.unit == crossbar_types_pkg::UnitWrite;
  assign to_read = valid_q && footprint_q.unit == crossbar_types_pkg::UnitRead;
  assign to_store = valid_q && footprint_q.unit == crossbar_types_pkg::UnitStore;
  assign to_state = valid_q && footprint_q.unit == crossbar_types_pkg::UnitNone;

  assign load_push_o = to_load && !load_full_i;
  assign write_push_o = to_write && !write_full_i;
  assign read_push_o = to_read && !read_full_i;
  assign store_push_o = to_store && !store_full_i;
  assign sent = sent_o || to_state;
  assign word_pop = word_valid && (!valid_q || sent);

  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      valid_q <= 1'b0;
      error_q <= crossbar_types_pkg::ErrorNone;
    end else begin
      // A command with an error changes nothing: it goes no further.
      if (word_pop) valid_q <= error == crossbar_types_pkg::ErrorNone;
      else if (sent) valid_q <= 1'b0;
      if (error_q == crossbar_types_pkg::ErrorNone) error_q <= error;
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
  logic [31:0] load_stride_q, write_stride_q, store_stride_q, floor_q;
  logic [crossbar_types_pkg::ShiftWidth-1:0] shift_q;
  assign configured_o = to_state
      ? intrinsic_q[crossbar_types_pkg::OpSetEpilogue:crossbar_types_pkg::OpSetLoadStride] : '0;
  always_ff @(posedge clk_i) begin
    if (!rst_ni) begin
      load_stride_q <= '0;
      write_stride_q <= '0;
      store_stride_q <= '0;
      floor_q <= '0;
      shift_q <= '0;
    end else if (to_state) begin
      if (intrinsic_q[crossbar_types_pkg::OpSetLoadStride])
        load_stride_q <= word_q[memory_crossbar_pkg::SetLoadStrideValueLsb +: 32];
      if (intrinsic_q[crossbar_types_pkg::OpSetWriteStride])
        write_stride_q <= word_q[memory_crossbar_pkg::SetWriteStrideValueLsb +: 32];
      if (intrinsic_q[crossbar_types_pkg::OpSetStoreStride])
        store_stride_q <= word_q[memory_crossbar_pkg::SetStoreStrideValueLsb +: 32];
      if (intrinsic_q[crossbar_types_pkg::OpSetEpilogue]) begin
        floor_q <= word_q[memory_crossbar_pkg::SetEpilogueLowLsb +: 32];
        shift_q <= word_q[memory_crossbar_pkg::SetEpilogueShiftLsb +: crossbar_types_pkg::ShiftWidth];
      end
    end
  end

  // ---- what the units get
  logic [crossbar_types_pkg::ColsWidth-1:0] cols, store_cols;
  assign cols = word_q[memory_crossbar_pkg::LoadI8ColsLsb +: crossbar_types_pkg::ColsWidth];
  assign store_cols = word_q[memory_crossbar_pkg::StoreI8ColsLsb +: crossbar_types_pkg::ColsWidth];
  always_comb begin
    move_o = '0;
    if (to_load || to_write) begin
      move_o.kind = crossbar_types_pkg::RowI8;
      move_o.span = crossbar_types_pkg::SpanWidth'(cols);
      if (intrinsic_q[crossbar_types_pkg::OpLoadU8]) move_o.kind = crossbar_types_pkg::RowU8;
      if (intrinsic_q[crossbar_types_pkg::OpLoadI16]) begin
        move_o.kind = crossbar_types_pkg::RowI16;
        move_o.span = crossbar_types_pkg::SpanWidth'({cols, 1'b1});
      end
      if (intrinsic_q[crossbar_types_pkg::OpLoadAcc]) begin
        move_o.kind = crossbar_types_pkg::RowAcc;
        move_o.span = {cols, 2'b11};
      end
      if (intrinsic_q[crossbar_types_pkg::OpLoadBias]) begin
        move_o.kind = crossbar_types_pkg::RowBias;
        move_o.span = {cols, 2'b11};
      end
      if (intrinsic_q[crossbar_types_pkg::OpLoadWear]) begin
        move_o.kind = crossbar_types_pkg::RowWear;
        move_o.span = crossbar_types_pkg::SpanWidth'(3);
      end
      if (to_write) move_o.kind = crossbar_types_pkg::RowCell;
      move_o.rows = word_q[memory_crossbar_pkg::LoadI8RowsLsb +: crossbar_types_pkg::MoveRowsWidth];
      move_o.cols = cols;
      move_o.dst = word_q[memory_crossbar_pkg::LoadI8DstLsb +: crossbar_types_pkg::CellWidth];
      move_o.src = word_q[memory_crossbar_pkg::LoadI8SrcLsb +: 32];
      move_o.stride = to_write ? write_stride_q : load_stride_q;
    end
  end
  always_comb begin
    read_o = '0;
    if (to_read) begin
      read_o.pass =
          |intrinsic_q[crossbar_types_pkg::OpPassAdd:crossbar_types_pkg::OpPass];
      read_o.add = intrinsic_q[crossbar_types_pkg::OpReadAdd]
          || intrinsic_q[crossbar_types_pkg::OpPassAdd];
      read_o.subtract = intrinsic_q[crossbar_types_pkg::OpReadSub];
      read_o.x = word_q[memory_crossbar_pkg::ReadXLsb +: crossbar_types_pkg::BufWidth];
      read_o.g = word_q[memory_crossbar_pkg::ReadGLsb +: crossbar_types_pkg::CellWidth];
      read_o.acc = word_q[memory_crossbar_pkg::ReadAccLsb +: crossbar_types_pkg::AccWidth];
      read_o.rows = word_q[memory_crossbar_pkg::ReadRowsLsb +: crossbar_types_pkg::ReadRowsWidth];
      read_o.count = word_q[memory_crossbar_pkg::ReadCountLsb +: crossbar_types_pkg::CountWidth];
      read_o.first = word_q[memory_crossbar_pkg::ReadFirstLsb +: crossbar_types_pkg::FirstWidth];
      if (read_o.pass)
        read_o.first =
            word_q[memory_crossbar_pkg::PassFirstLsb +: crossbar_types_pkg::FirstWidth];
      read_o.plane = word_q[memory_crossbar_pkg::ReadPlaneLsb +: crossbar_types_pkg::PlaneWidth];
      read_o.shift = word_q[memory_crossbar_pkg::ReadShiftLsb +: crossbar_types_pkg::ShiftWidth];
    end
  end
  always_comb begin
    store_o = '0;
    if (to_store) begin
      store_o.kind = crossbar_types_pkg::StoreI8;
      store_o.span = crossbar_types_pkg::SpanWidth'(store_cols);
      store_o.src = crossbar_types_pkg::CellWidth'(footprint_q.acc_first);
      store_o.stride = store_stride_q;
      if (intrinsic_q[crossbar_types_pkg::OpStoreI32]) begin
        store_o.kind = crossbar_types_pkg::StoreI32;
        store_o.span = {store_cols, 2'b11};
      end
      if (intrinsic_q[crossbar_types_pkg::OpMoveI8]) begin
        store_o.kind = crossbar_types_pkg::StoreMove;
        store_o.stride = 32'd1;
      end
      if (intrinsic_q[crossbar_types_pkg::OpStoreWear]) begin
        store_o.kind = crossbar_types_pkg::StoreWear;
        store_o.span = crossbar_types_pkg::SpanWidth'(3);
        store_o.src = footprint_q.cell_first;
      end
      store_o.rows = word_q[memory_crossbar_pkg::StoreI8RowsLsb +: crossbar_types_pkg::StoreRowsWidth];
      store_o.cols = store_cols;
      store_o.bias = footprint_q.bias_first;
      store_o.dst = word_q[memory_crossbar_pkg::StoreI8DstLsb +: 32];
      store_o.floor = floor_q;
      store_o.shift = shift_q;
    end
  end

  assign sent_o = load_push_o || write_push_o || read_push_o || store_push_o;
  assign footprint_o = footprint_q;
  assign stall_o = valid_q && !sent;
  assign busy_o = word_valid || valid_q;
  assign error_o = error_q;
endmodule
