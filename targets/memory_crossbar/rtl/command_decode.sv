// One command word to its intrinsic, the rows it touches, and what is wrong with it:
// intrinsic_o[i] = (word_i & Mask[i]) == Match[i]; no row beyond its memory, no column beyond its row.
`default_nettype none

module command_decode #(
  parameter int unsigned Rows = 128,
  parameter int unsigned Cols = 128,
  parameter int unsigned BufRows = 512,
  parameter int unsigned AccRows = 512,
  parameter int unsigned BiasRows = 16,
  parameter int unsigned CellRows = 1024
) (
  input  logic valid_i,
  input  logic [63:0] word_i,
  output logic [crossbar_types_pkg::Intrinsics-1:0] intrinsic_o,
  output crossbar_types_pkg::footprint_t footprint_o,
  output logic [7:0] error_o
);
  logic [crossbar_types_pkg::Intrinsics-1:0] op;
  always_comb begin
    op = '0;
    if (valid_i) begin
      op[0] = (word_i & memory_crossbar_pkg::LoadI8Mask) == memory_crossbar_pkg::LoadI8Match;
      op[1] = (word_i & memory_crossbar_pkg::LoadU8Mask) == memory_crossbar_pkg::LoadU8Match;
      op[2] = (word_i & memory_crossbar_pkg::LoadI16Mask) == memory_crossbar_pkg::LoadI16Match;
      op[3] = (word_i & memory_crossbar_pkg::LoadAccMask) == memory_crossbar_pkg::LoadAccMatch;
      op[4] = (word_i & memory_crossbar_pkg::LoadBiasMask) == memory_crossbar_pkg::LoadBiasMatch;
      op[5] = (word_i & memory_crossbar_pkg::LoadWearMask) == memory_crossbar_pkg::LoadWearMatch;
      op[6] = (word_i & memory_crossbar_pkg::WriteMask) == memory_crossbar_pkg::WriteMatch;
      op[7] = (word_i & memory_crossbar_pkg::ReadMask) == memory_crossbar_pkg::ReadMatch;
      op[8] = (word_i & memory_crossbar_pkg::ReadAddMask) == memory_crossbar_pkg::ReadAddMatch;
      op[9] = (word_i & memory_crossbar_pkg::ReadSubMask) == memory_crossbar_pkg::ReadSubMatch;
      op[10] = (word_i & memory_crossbar_pkg::PassMask) == memory_crossbar_pkg::PassMatch;
      op[11] = (word_i & memory_crossbar_pkg::PassAddMask) == memory_crossbar_pkg::PassAddMatch;
      op[12] = (word_i & memory_crossbar_pkg::StoreI8Mask) == memory_crossbar_pkg::StoreI8Match;
      op[13] = (word_i & memory_crossbar_pkg::StoreI32Mask) == memory_crossbar_pkg::StoreI32Match;
      op[14] = (word_i & memory_crossbar_pkg::MoveI8Mask) == memory_crossbar_pkg::MoveI8Match;
      op[15] = (word_i & memory_crossbar_pkg::StoreWearMask) == memory_crossbar_pkg::StoreWearMatch;
      op[16] = (word_i & memory_crossbar_pkg::SetLoadStrideMask)
               == memory_crossbar_pkg::SetLoadStrideMatch;
      op[17] = (word_i & memory_crossbar_pkg::SetWriteStrideMask)
               == memory_crossbar_pkg::SetWriteStrideMatch;
      op[18] = (word_i & memory_crossbar_pkg::SetStoreStrideMask)
               == memory_crossbar_pkg::SetStoreStrideMatch;
      op[19] = (word_i & memory_crossbar_pkg::SetEpilogueMask)
               == memory_crossbar_pkg::SetEpilogueMatch;
    end
  end
  assign intrinsic_o = op;

  // Fields that several commands share have one place, so one slice serves them all. Counts are
  // minus one. 32 bits keep the carries that the range check needs.
  logic [31:0] move_rows, cols, dst, x, read_acc, read_rows, count, first, pass_first;
  logic [31:0] store_rows, store_cols, store_acc, store_row, bias, move_dst;
  assign move_rows = 32'(word_i[memory_crossbar_pkg::LoadI8RowsLsb +: crossbar_types_pkg::MoveRowsWidth]);
  assign cols = 32'(word_i[memory_crossbar_pkg::LoadI8ColsLsb +: crossbar_types_pkg::ColsWidth]);
  assign dst = 32'(word_i[memory_crossbar_pkg::LoadI8DstLsb +: crossbar_types_pkg::CellWidth]);
  assign x = 32'(word_i[memory_crossbar_pkg::ReadXLsb +: crossbar_types_pkg::BufWidth]);
  assign read_acc = 32'(word_i[memory_crossbar_pkg::ReadAccLsb +: crossbar_types_pkg::AccWidth]);
  assign read_rows = 32'(word_i[memory_crossbar_pkg::ReadRowsLsb +: crossbar_types_pkg::ReadRowsWidth]);
  assign count = 32'(word_i[memory_crossbar_pkg::ReadCountLsb +: crossbar_types_pkg::CountWidth]);
  assign first = 32'(word_i[memory_crossbar_pkg::ReadFirstLsb +: crossbar_types_pkg::FirstWidth]);
  assign pass_first = 32'(word_i[memory_crossbar_pkg::PassFirstLsb +: crossbar_types_pkg::FirstWidth]);
  assign store_rows = 32'(word_i[memory_crossbar_pkg::StoreI8RowsLsb +: crossbar_types_pkg::StoreRowsWidth]);
  assign store_cols = 32'(word_i[memory_crossbar_pkg::StoreI8ColsLsb +: crossbar_types_pkg::ColsWidth]);
  assign store_acc = 32'(word_i[memory_crossbar_pkg::StoreI8SrcLsb +: crossbar_types_pkg::AccWidth]);
  assign store_row = 32'(word_i[memory_crossbar_pkg::StoreWearSrcLsb +: crossbar_types_pkg::CellWidth]);
  assign bias = 32'(word_i[memory_crossbar_pkg::StoreI8BiasLsb +: crossbar_types_pkg::BiasWidth]);
  assign move_dst = 32'(word_i[memory_crossbar_pkg::MoveI8DstLsb +: crossbar_types_pkg::BufWidth]);

  logic to_buf, load, write, read, pass, move, store, out_of_range;
  logic [31:0] buf_last, acc_last, bias_last, cell_last;
  crossbar_types_pkg::footprint_t touched;
  always_comb begin
    to_buf = 1'b0;
    load = 1'b0;
    write = 1'b0;
    read = 1'b0;
    pass = 1'b0;
    move = 1'b0;
    store = 1'b0;
    out_of_range = 1'b0;
    buf_last = '0;
    acc_last = '0;
    bias_last = '0;
    cell_last = '0;
    touched = '0;
    error_o = crossbar_types_pkg::ErrorNone;
    if (valid_i) begin
      to_buf = |op[crossbar_types_pkg::OpLoadI16:crossbar_types_pkg::OpLoadI8];
      load = |op[crossbar_types_pkg::OpLoadWear:crossbar_types_pkg::OpLoadI8];
      write = op[crossbar_types_pkg::OpWrite];
      read = |op[crossbar_types_pkg::OpReadSub:crossbar_types_pkg::OpRead];
      pass = |op[crossbar_types_pkg::OpPassAdd:crossbar_types_pkg::OpPass];
      move = op[crossbar_types_pkg::OpMoveI8];
      // with the accumulators as their source
      store = |op[crossbar_types_pkg::OpMoveI8:crossbar_types_pkg::OpStoreI8];

      // ---- last rows
      if (load) buf_last = dst + move_rows;
      else if (move) buf_last = move_dst + store_rows;
      else buf_last = x + read_rows;
      if (load) acc_last = dst + move_rows;
      else if (store) acc_last = store_acc + store_rows;
      else acc_last = read_acc + read_rows;
      bias_last = store ? bias : dst + move_rows;
      if (read) cell_last = dst + count;
      else if (op[crossbar_types_pkg::OpStoreWear]) cell_last = store_row + store_rows;
      else cell_last = dst + move_rows;

      // ---- rows touched
      if (load) touched.unit = crossbar_types_pkg::UnitLoad;
      if (write) touched.unit = crossbar_types_pkg::UnitWrite;
      if (read || pass) touched.unit = crossbar_types_pkg::UnitRead;
      if (store || op[crossbar_types_pkg::OpStoreWear])
        touched.unit = crossbar_types_pkg::UnitStore;
      touched.buf_read = read || pass;
      touched.buf_write = to_buf || move;
      touched.buf_first = load ? dst[crossbar_types_pkg::BufWidth-1:0]
                               : x[crossbar_types_pkg::BufWidth-1:0];  // MOVE_I8's place, too
      touched.buf_last = buf_last[crossbar_types_pkg::BufWidth-1:0];
      touched.acc_read = store;
      touched.acc_write = read || pass || op[crossbar_types_pkg::OpLoadAcc];
      if (load) touched.acc_first = dst[crossbar_types_pkg::AccWidth-1:0];
      else if (store) touched.acc_first = store_acc[crossbar_types_pkg::AccWidth-1:0];
      else touched.acc_first = read_acc[crossbar_types_pkg::AccWidth-1:0];
      touched.acc_last = acc_last[crossbar_types_pkg::AccWidth-1:0];
      touched.bias_read = store;
      touched.bias_write = op[crossbar_types_pkg::OpLoadBias];
      touched.bias_first = store ? bias[crossbar_types_pkg::BiasWidth-1:0]
                                 : dst[crossbar_types_pkg::BiasWidth-1:0];
      touched.bias_last = bias_last[crossbar_types_pkg::BiasWidth-1:0];
      touched.cell_read = read;
      touched.cell_write = write;
      touched.wear_read = op[crossbar_types_pkg::OpStoreWear];
      touched.wear_write = write || op[crossbar_types_pkg::OpLoadWear];
      touched.cell_first = dst[crossbar_types_pkg::CellWidth-1:0];  // STORE_WEAR's place, too
      touched.cell_last = cell_last[crossbar_types_pkg::CellWidth-1:0];

      // ---- errors
      if (touched.buf_read || touched.buf_write) out_of_range |= buf_last >= BufRows;
      if (touched.acc_read || touched.acc_write) out_of_range |= acc_last >= AccRows;
      if (touched.bias_read || touched.bias_write) out_of_range |= bias_last >= BiasRows;
      if (read || write || touched.wear_read || touched.wear_write)
        out_of_range |= cell_last >= CellRows;
      if (to_buf) out_of_range |= cols >= Rows;
      if (write || op[crossbar_types_pkg::OpLoadAcc] || op[crossbar_types_pkg::OpLoadBias])
        out_of_range |= cols >= Cols;
      if (store) out_of_range |= store_cols >= Cols;
      if (read) out_of_range |= count >= Rows || first > Rows;
      if (pass) out_of_range |= pass_first > Rows;
      if (op == '0) error_o = crossbar_types_pkg::ErrorReserved;
      else if (out_of_range) error_o = crossbar_types_pkg::ErrorRange;
    end
  end
  assign footprint_o = touched;

`ifndef SYNTHESIS
  // Fields of queued commands are as wide as the encoding's, and shared ones have one place.
  initial widths_are_the_encodings: assert (
    crossbar_types_pkg::CellWidth == memory_crossbar_pkg::LoadI8DstWidth
    && crossbar_types_pkg::CellWidth == memory_crossbar_pkg::ReadGWidth
    && memory_crossbar_pkg::LoadI8DstLsb == memory_crossbar_pkg::ReadGLsb
    && memory_crossbar_pkg::LoadI8DstLsb == memory_crossbar_pkg::StoreWearSrcLsb
    && memory_crossbar_pkg::ReadXLsb == memory_crossbar_pkg::MoveI8DstLsb
    && crossbar_types_pkg::BufWidth == memory_crossbar_pkg::ReadXWidth
    && crossbar_types_pkg::BufWidth == memory_crossbar_pkg::MoveI8DstWidth
    && crossbar_types_pkg::AccWidth == memory_crossbar_pkg::ReadAccWidth
    && crossbar_types_pkg::AccWidth == memory_crossbar_pkg::StoreI8SrcWidth
    && crossbar_types_pkg::BiasWidth == memory_crossbar_pkg::StoreI8BiasWidth
    && crossbar_types_pkg::ColsWidth == memory_crossbar_pkg::LoadI8ColsWidth
    && crossbar_types_pkg::ColsWidth == memory_crossbar_pkg::StoreI8ColsWidth
    && crossbar_types_pkg::MoveRowsWidth == memory_crossbar_pkg::WriteRowsWidth
    && crossbar_types_pkg::StoreRowsWidth == memory_crossbar_pkg::StoreI8RowsWidth
    && crossbar_types_pkg::ReadRowsWidth == memory_crossbar_pkg::ReadRowsWidth
    && crossbar_types_pkg::CountWidth == memory_crossbar_pkg::ReadCountWidth
    && crossbar_types_pkg::FirstWidth == memory_crossbar_pkg::ReadFirstWidth
    && crossbar_types_pkg::FirstWidth == memory_crossbar_pkg::PassFirstWidth
    && memory_crossbar_pkg::PassXLsb == memory_crossbar_pkg::ReadXLsb
    && memory_crossbar_pkg::PassAccLsb == memory_crossbar_pkg::ReadAccLsb
    && memory_crossbar_pkg::PassRowsLsb == memory_crossbar_pkg::ReadRowsLsb
    && memory_crossbar_pkg::PassShiftLsb == memory_crossbar_pkg::ReadShiftLsb
    && crossbar_types_pkg::PlaneWidth == memory_crossbar_pkg::ReadPlaneWidth
    && crossbar_types_pkg::ShiftWidth == memory_crossbar_pkg::ReadShiftWidth
    && crossbar_types_pkg::ShiftWidth == memory_crossbar_pkg::SetEpilogueShiftWidth);
  initial structs_have_their_widths: assert (
    $bits(crossbar_types_pkg::footprint_t) == crossbar_types_pkg::FootprintWidth
    && $bits(crossbar_types_pkg::move_command_t) == crossbar_types_pkg::MoveCommandWidth
    && $bits(crossbar_types_pkg::read_command_t) == crossbar_types_pkg::ReadCommandWidth
    && $bits(crossbar_types_pkg::store_command_t) == crossbar_types_pkg::StoreCommandWidth);
`endif
endmodule
