// One command word to its intrinsic, the rows it touches, and what is wrong with it:
// intrinsic_o[i] = (word_i & Mask[i]) == Match[i]; no row beyond its memory, no column beyond Dim.
`default_nettype none

module command_decode #(
  parameter int unsigned Dim = 16,
  parameter int unsigned SpmRows = 16384,
  parameter int unsigned AccRows = 1024,
  parameter int unsigned BiasRows = 16
) (
  input  logic valid_i,
  input  logic [63:0] word_i,
  output logic [array_types_pkg::Intrinsics-1:0] intrinsic_o,
  output array_types_pkg::footprint_t footprint_o,
  output logic [7:0] error_o
);
  localparam int unsigned SpmWidth = array_types_pkg::SpmWidth;
  localparam int unsigned AccWidth = array_types_pkg::AccWidth;
  localparam int unsigned BiasWidth = array_types_pkg::BiasWidth;

  logic [array_types_pkg::Intrinsics-1:0] op;
  always_comb begin
    op = '0;
    if (valid_i) begin
      op[0] = (word_i & systolic_array_pkg::LoadMask) == systolic_array_pkg::LoadMatch;
      op[1] = (word_i & systolic_array_pkg::LoadAccI8Mask) == systolic_array_pkg::LoadAccI8Match;
      op[2] = (word_i & systolic_array_pkg::LoadAccI32Mask) == systolic_array_pkg::LoadAccI32Match;
      op[3] = (word_i & systolic_array_pkg::LoadBiasMask) == systolic_array_pkg::LoadBiasMatch;
      op[4] = (word_i & systolic_array_pkg::FillMask) == systolic_array_pkg::FillMatch;
      op[5] = (word_i & systolic_array_pkg::PreloadMask) == systolic_array_pkg::PreloadMatch;
      op[6] = (word_i & systolic_array_pkg::MatmulMask) == systolic_array_pkg::MatmulMatch;
      op[7] = (word_i & systolic_array_pkg::MatmulAccMask) == systolic_array_pkg::MatmulAccMatch;
      op[8] = (word_i & systolic_array_pkg::VaddMask) == systolic_array_pkg::VaddMatch;
      op[9] = (word_i & systolic_array_pkg::VmaxMask) == systolic_array_pkg::VmaxMatch;
      op[10] = (word_i & systolic_array_pkg::VscaleMask) == systolic_array_pkg::VscaleMatch;
      op[11] = (word_i & systolic_array_pkg::StoreI8Mask) == systolic_array_pkg::StoreI8Match;
      op[12] = (word_i & systolic_array_pkg::StoreI32Mask) == systolic_array_pkg::StoreI32Match;
      op[13] = (word_i & systolic_array_pkg::MoveI8Mask) == systolic_array_pkg::MoveI8Match;
      op[14] = (word_i & systolic_array_pkg::SetLoadStrideMask)
               == systolic_array_pkg::SetLoadStrideMatch;
      op[15] = (word_i & systolic_array_pkg::SetStoreStrideMask)
               == systolic_array_pkg::SetStoreStrideMatch;
      op[16] = (word_i & systolic_array_pkg::SetEpilogueMask)
               == systolic_array_pkg::SetEpilogueMatch;
    end
  end
  assign intrinsic_o = op;

  // Fields that several commands share have one place, so one slice serves them all. Counts are
  // minus one. 32 bits keep the carries that the range check needs.
  logic [31:0] move_rows, execute_rows, preload_rows, cols, step, spm, load_dst, acc, source, row;
  assign move_rows = 32'(word_i[systolic_array_pkg::LoadRowsLsb +: array_types_pkg::MoveRowsWidth]);
  assign execute_rows =
      32'(word_i[systolic_array_pkg::MatmulRowsLsb +: array_types_pkg::ExecuteRowsWidth]);
  assign preload_rows =
      32'(word_i[systolic_array_pkg::PreloadRowsLsb +: systolic_array_pkg::PreloadRowsWidth]);
  assign cols = 32'(word_i[systolic_array_pkg::LoadColsLsb +: array_types_pkg::ColsWidth]);
  assign step = 32'(word_i[systolic_array_pkg::MatmulStepLsb +: array_types_pkg::StepWidth]);
  assign spm = 32'(word_i[systolic_array_pkg::MatmulALsb +: SpmWidth]);
  assign load_dst = 32'(word_i[systolic_array_pkg::LoadDstLsb +: SpmWidth]);
  assign acc = 32'(word_i[systolic_array_pkg::MatmulAccLsb +: AccWidth]);
  assign source = 32'(word_i[systolic_array_pkg::VaddSrcLsb +: AccWidth]);
  assign row = 32'(word_i[systolic_array_pkg::StoreI8BiasLsb +: BiasWidth]);

  logic load, preload, multiply, vector, move, store, out_of_range;
  logic [31:0] spm_last, acc_write_last, acc_read_last, bias_last;
  array_types_pkg::footprint_t touched;
  always_comb begin
    load = 1'b0;
    preload = 1'b0;
    multiply = 1'b0;
    vector = 1'b0;
    move = 1'b0;
    store = 1'b0;
    out_of_range = 1'b0;
    spm_last = '0;
    acc_write_last = '0;
    acc_read_last = '0;
    bias_last = '0;
    touched = '0;
    error_o = array_types_pkg::ErrorNone;
    if (valid_i) begin
      load = |op[array_types_pkg::OpFill:array_types_pkg::OpLoad];
      preload = op[array_types_pkg::OpPreload];
      multiply = |op[array_types_pkg::OpMatmulAcc:array_types_pkg::OpMatmul];
      vector = |op[array_types_pkg::OpVscale:array_types_pkg::OpVadd];
      move = op[array_types_pkg::OpMoveI8];
      store = move || |op[array_types_pkg::OpStoreI32:array_types_pkg::OpStoreI8];

      // ---- last rows
      if (load) spm_last = load_dst + move_rows;
      else if (preload) spm_last = spm + preload_rows;
      else if (move) spm_last = spm + move_rows;
      else spm_last = spm + execute_rows * step;
      acc_write_last = load ? load_dst + move_rows : acc + execute_rows;
      acc_read_last = store ? acc + move_rows : source + execute_rows;
      bias_last = store ? row : load_dst + move_rows;

      // ---- rows touched
      if (load) touched.pipe = array_types_pkg::PipeLoad;
      if (preload) touched.pipe = array_types_pkg::PipeWeights;
      if (multiply) touched.pipe = array_types_pkg::PipeArray;
      if (vector) touched.pipe = array_types_pkg::PipeVector;
      if (store) touched.pipe = array_types_pkg::PipeStore;
      touched.spm_read = multiply || preload;
      touched.spm_write = op[array_types_pkg::OpLoad] || op[array_types_pkg::OpFill] || move;
      touched.spm_first = load ? load_dst[SpmWidth-1:0] : spm[SpmWidth-1:0];
      touched.spm_last = spm_last[SpmWidth-1:0];
      touched.acc_write = multiply || vector || op[array_types_pkg::OpLoadAccI8]
          || op[array_types_pkg::OpLoadAccI32];
      touched.acc_write_first = acc[AccWidth-1:0];
      touched.acc_write_last = acc_write_last[AccWidth-1:0];
      touched.acc_read = store || |op[array_types_pkg::OpVmax:array_types_pkg::OpVadd];
      touched.acc_read_first = store ? acc[AccWidth-1:0] : source[AccWidth-1:0];
      touched.acc_read_last = acc_read_last[AccWidth-1:0];
      touched.bias_read = store;
      touched.bias_write = op[array_types_pkg::OpLoadBias];
      touched.bias_first = store ? row[BiasWidth-1:0] : load_dst[BiasWidth-1:0];
      touched.bias_last = bias_last[BiasWidth-1:0];
      touched.weights_read = multiply;
      touched.weights_write = preload;
      touched.weights_copy = multiply ? word_i[systolic_array_pkg::MatmulWLsb]
                                      : word_i[systolic_array_pkg::PreloadDstLsb];

      // ---- errors
      if (touched.spm_read || touched.spm_write) out_of_range |= spm_last >= SpmRows;
      if (touched.acc_write) out_of_range |= acc_write_last >= AccRows;
      if (touched.acc_read) out_of_range |= acc_read_last >= AccRows;
      if (touched.bias_read || touched.bias_write) out_of_range |= bias_last >= BiasRows;
      if ((load && !op[array_types_pkg::OpFill]) || (store && !move))
        out_of_range |= cols >= Dim;
      if (preload) out_of_range |= preload_rows >= Dim;
      if (op == '0) error_o = array_types_pkg::ErrorReserved;
      else if (out_of_range) error_o = array_types_pkg::ErrorRange;
    end
  end
  assign footprint_o = touched;

`ifndef SYNTHESIS
  // Fields of queued commands are as wide as the encoding's.
  initial widths_are_the_encodings: assert (
    SpmWidth == systolic_array_pkg::LoadDstWidth && SpmWidth == systolic_array_pkg::MatmulAWidth
    && SpmWidth == systolic_array_pkg::PreloadSrcWidth
    && SpmWidth == systolic_array_pkg::MoveI8DstWidth
    && AccWidth == systolic_array_pkg::MatmulAccWidth
    && AccWidth == systolic_array_pkg::VaddSrcWidth
    && AccWidth == systolic_array_pkg::StoreI8SrcWidth
    && BiasWidth == systolic_array_pkg::StoreI8BiasWidth
    && array_types_pkg::ColsWidth == systolic_array_pkg::LoadColsWidth
    && array_types_pkg::MoveRowsWidth == systolic_array_pkg::LoadRowsWidth
    && array_types_pkg::ExecuteRowsWidth == systolic_array_pkg::MatmulRowsWidth
    && array_types_pkg::StepWidth == systolic_array_pkg::MatmulStepWidth
    && array_types_pkg::ShiftWidth == systolic_array_pkg::SetEpilogueShiftWidth);
  initial structs_have_their_widths: assert (
    $bits(array_types_pkg::footprint_t) == array_types_pkg::FootprintWidth
    && $bits(array_types_pkg::load_command_t) == array_types_pkg::LoadCommandWidth
    && $bits(array_types_pkg::execute_command_t) == array_types_pkg::ExecuteCommandWidth
    && $bits(array_types_pkg::store_command_t) == array_types_pkg::StoreCommandWidth);
`endif
endmodule
