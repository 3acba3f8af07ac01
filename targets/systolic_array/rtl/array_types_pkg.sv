// What a queued command carries to its unit, and what it touches. Row counts and column counts are
// kept as in the encoding, minus one; addresses have the widths of the encoding.
// Bits of a field are taken by shifting and casting it: yosys 0.23 misreads a part select of a field.
package array_types_pkg;
  // Widths of the encoding's fields, again: yosys reads no package from a package. command_decode
  // asserts that they are the generated ones.
  localparam int unsigned SpmWidth = 15;
  localparam int unsigned AccWidth = 11;
  localparam int unsigned BiasWidth = 4;
  localparam int unsigned ColsWidth = 5;
  localparam int unsigned MoveRowsWidth = 8;
  localparam int unsigned ExecuteRowsWidth = 9;
  localparam int unsigned StepWidth = 8;
  localparam int unsigned ShiftWidth = 5;
  // Bytes of a moved row, minus one: at most 32 columns of 4 bytes.
  localparam int unsigned SpanWidth = ColsWidth + 2;

  // Intrinsics in the order of the description; the order of the retirement counters.
  localparam int unsigned Intrinsics = 17;
  localparam int unsigned OpLoad = 0;
  localparam int unsigned OpLoadAccI8 = 1;
  localparam int unsigned OpLoadAccI32 = 2;
  localparam int unsigned OpLoadBias = 3;
  localparam int unsigned OpFill = 4;
  localparam int unsigned OpPreload = 5;
  localparam int unsigned OpMatmul = 6;
  localparam int unsigned OpMatmulAcc = 7;
  localparam int unsigned OpVadd = 8;
  localparam int unsigned OpVmax = 9;
  localparam int unsigned OpVscale = 10;
  localparam int unsigned OpStoreI8 = 11;
  localparam int unsigned OpStoreI32 = 12;
  localparam int unsigned OpMoveI8 = 13;
  localparam int unsigned OpSetLoadStride = 14;
  localparam int unsigned OpSetStoreStride = 15;
  localparam int unsigned OpSetEpilogue = 16;

  localparam logic [7:0] ErrorNone = 8'd0;
  localparam logic [7:0] ErrorReserved = 8'd1;
  localparam logic [7:0] ErrorRange = 8'd2;

  // Commands of one pipe run in order; commands of different pipes wait for each other's data.
  typedef enum logic [2:0] {
    PipeNone = 3'd0,
    PipeLoad = 3'd1,
    PipeWeights = 3'd2,
    PipeArray = 3'd3,
    PipeVector = 3'd4,
    PipeStore = 3'd5
  } pipe_e;

  // The rows a command reads and writes, as closed intervals; one counts when a flag of it is set.
  typedef struct packed {
    pipe_e pipe;
    logic spm_read;
    logic spm_write;
    logic [SpmWidth-1:0] spm_first;
    logic [SpmWidth-1:0] spm_last;
    logic acc_write;
    logic [AccWidth-1:0] acc_write_first;
    logic [AccWidth-1:0] acc_write_last;
    logic acc_read;
    logic [AccWidth-1:0] acc_read_first;
    logic [AccWidth-1:0] acc_read_last;
    logic bias_read;
    logic bias_write;
    logic [BiasWidth-1:0] bias_first;
    logic [BiasWidth-1:0] bias_last;
    logic weights_read;
    logic weights_write;
    logic weights_copy;
  } footprint_t;
  // Bits of the structs: memories hold them as vectors, since yosys 0.23 takes an array of structs for
  // one struct. command_decode asserts that they are right.
  localparam int unsigned FootprintWidth = 3 + 8 + 2 * SpmWidth + 4 * AccWidth + 2 * BiasWidth + 1;

  typedef enum logic [2:0] {
    LoadSpm = 3'd0,
    LoadAccI8 = 3'd1,
    LoadAccI32 = 3'd2,
    LoadBias = 3'd3,
    LoadFill = 3'd4
  } load_kind_e;

  typedef struct packed {
    load_kind_e kind;
    logic [MoveRowsWidth-1:0] rows;
    logic [ColsWidth-1:0] cols;
    logic [SpmWidth-1:0] dst;
    logic [31:0] src;  // LoadFill: the value
    logic [31:0] stride;
  } load_command_t;
  localparam int unsigned LoadCommandWidth = 3 + MoveRowsWidth + ColsWidth + SpmWidth + 64;

  typedef enum logic [2:0] {
    ExecutePreload = 3'd0,
    ExecuteMatmul = 3'd1,
    ExecuteMatmulAcc = 3'd2,
    ExecuteVadd = 3'd3,
    ExecuteVmax = 3'd4,
    ExecuteVscale = 3'd5
  } execute_kind_e;

  typedef struct packed {
    execute_kind_e kind;
    logic copy;
    logic [ExecuteRowsWidth-1:0] rows;
    logic [AccWidth-1:0] acc;
    logic [31:0] operand;  // the low half of the command: source, step or factor
  } execute_command_t;
  localparam int unsigned ExecuteCommandWidth = 4 + ExecuteRowsWidth + AccWidth + 32;

  typedef struct packed {
    logic wide;  // STORE_I32
    logic move;  // MOVE_I8: dst and stride in scratchpad rows, all columns
    logic [MoveRowsWidth-1:0] rows;
    logic [ColsWidth-1:0] cols;
    logic [AccWidth-1:0] src;
    logic [BiasWidth-1:0] bias;
    logic [31:0] dst;
    logic [31:0] stride;
    logic [31:0] floor;
    logic [ShiftWidth-1:0] shift;
  } store_command_t;
  localparam int unsigned StoreCommandWidth =
      2 + MoveRowsWidth + ColsWidth + AccWidth + BiasWidth + 96 + ShiftWidth;
endpackage
