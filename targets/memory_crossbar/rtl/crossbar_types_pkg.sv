// What commands carry to their units, and what they touch. Row and column counts are kept as in the
// encoding, minus one; addresses have the widths of the encoding.
// Bits of a field are taken by shifting and casting it: yosys 0.23 misreads a part select of a field.
package crossbar_types_pkg;
  // Widths of the encoding's fields, again: yosys reads no package from a package. command_decode
  // asserts that they are the generated ones.
  localparam int unsigned BufWidth = 9;
  localparam int unsigned AccWidth = 9;
  localparam int unsigned BiasWidth = 4;
  localparam int unsigned CellWidth = 11;  // a row of cells: macro * Rows + row; also its wear
  localparam int unsigned MoveRowsWidth = 8;
  localparam int unsigned ColsWidth = 8;
  localparam int unsigned StoreRowsWidth = 7;
  localparam int unsigned ReadRowsWidth = 5;
  localparam int unsigned CountWidth = 8;
  localparam int unsigned FirstWidth = 9;
  localparam int unsigned PlaneWidth = 4;
  localparam int unsigned ShiftWidth = 5;
  // Bytes of a moved row, minus one: at most 256 columns of 4 bytes.
  localparam int unsigned SpanWidth = ColsWidth + 2;

  // Intrinsics in the order of the description; the order of the retirement counters.
  localparam int unsigned Intrinsics = 20;
  localparam int unsigned OpLoadI8 = 0;
  localparam int unsigned OpLoadU8 = 1;
  localparam int unsigned OpLoadI16 = 2;
  localparam int unsigned OpLoadAcc = 3;
  localparam int unsigned OpLoadBias = 4;
  localparam int unsigned OpLoadWear = 5;
  localparam int unsigned OpWrite = 6;
  localparam int unsigned OpRead = 7;
  localparam int unsigned OpReadAdd = 8;
  localparam int unsigned OpReadSub = 9;
  localparam int unsigned OpPass = 10;
  localparam int unsigned OpPassAdd = 11;
  localparam int unsigned OpStoreI8 = 12;
  localparam int unsigned OpStoreI32 = 13;
  localparam int unsigned OpMoveI8 = 14;
  localparam int unsigned OpStoreWear = 15;
  localparam int unsigned OpSetLoadStride = 16;
  localparam int unsigned OpSetWriteStride = 17;
  localparam int unsigned OpSetStoreStride = 18;
  localparam int unsigned OpSetEpilogue = 19;

  localparam logic [7:0] ErrorNone = 8'd0;
  localparam logic [7:0] ErrorReserved = 8'd1;
  localparam logic [7:0] ErrorRange = 8'd2;

  // Commands of one unit run in order; commands of different units wait for each other's data.
  typedef enum logic [2:0] {
    UnitNone = 3'd0,
    UnitLoad = 3'd1,
    UnitWrite = 3'd2,
    UnitRead = 3'd3,
    UnitStore = 3'd4
  } unit_e;

  // The rows a command reads and writes, as closed intervals; one counts when a flag of it is set.
  typedef struct packed {
    unit_e unit;
    logic buf_read;
    logic buf_write;
    logic [BufWidth-1:0] buf_first;
    logic [BufWidth-1:0] buf_last;
    logic acc_read;
    logic acc_write;
    logic [AccWidth-1:0] acc_first;
    logic [AccWidth-1:0] acc_last;
    logic bias_read;
    logic bias_write;
    logic [BiasWidth-1:0] bias_first;
    logic [BiasWidth-1:0] bias_last;
    logic cell_read;
    logic cell_write;
    logic wear_read;
    logic wear_write;
    logic [CellWidth-1:0] cell_first;
    logic [CellWidth-1:0] cell_last;
  } footprint_t;
  // Bits of the structs: memories hold them as vectors, since yosys 0.23 takes an array of structs for
  // one struct. command_decode asserts that they are right.
  localparam int unsigned FootprintWidth =
      3 + 10 + 2 * BufWidth + 2 * AccWidth + 2 * BiasWidth + 2 * CellWidth;

  // Rows from host memory: of the load unit, and of the write unit, which has one kind.
  typedef enum logic [2:0] {
    RowI8 = 3'd0,
    RowU8 = 3'd1,
    RowI16 = 3'd2,
    RowAcc = 3'd3,
    RowBias = 3'd4,
    RowWear = 3'd5,
    RowCell = 3'd6
  } row_kind_e;
  typedef struct packed {
    row_kind_e kind;
    logic [MoveRowsWidth-1:0] rows;
    logic [ColsWidth-1:0] cols;
    logic [SpanWidth-1:0] span;
    logic [CellWidth-1:0] dst;
    logic [31:0] src;
    logic [31:0] stride;
  } move_command_t;
  localparam int unsigned MoveCommandWidth =
      3 + MoveRowsWidth + ColsWidth + SpanWidth + CellWidth + 64;

  typedef struct packed {
    logic pass;
    logic add;
    logic subtract;
    logic [BufWidth-1:0] x;
    logic [CellWidth-1:0] g;
    logic [AccWidth-1:0] acc;
    logic [ReadRowsWidth-1:0] rows;
    logic [CountWidth-1:0] count;
    logic [FirstWidth-1:0] first;
    logic [PlaneWidth-1:0] plane;
    logic [ShiftWidth-1:0] shift;
  } read_command_t;
  localparam int unsigned ReadCommandWidth = 3 + BufWidth + CellWidth + AccWidth + ReadRowsWidth
      + CountWidth + FirstWidth + PlaneWidth + ShiftWidth;

  typedef enum logic [1:0] {
    StoreI8 = 2'd0,
    StoreI32 = 2'd1,
    StoreMove = 2'd2,  // dst and stride in rows of inputs
    StoreWear = 2'd3
  } store_kind_e;
  typedef struct packed {
    store_kind_e kind;
    logic [StoreRowsWidth-1:0] rows;
    logic [ColsWidth-1:0] cols;
    logic [SpanWidth-1:0] span;
    logic [CellWidth-1:0] src;
    logic [BiasWidth-1:0] bias;
    logic [31:0] dst;
    logic [31:0] stride;
    logic [31:0] floor;
    logic [ShiftWidth-1:0] shift;
  } store_command_t;
  localparam int unsigned StoreCommandWidth = 2 + StoreRowsWidth + ColsWidth + SpanWidth + CellWidth
      + BiasWidth + 96 + ShiftWidth;
endpackage
