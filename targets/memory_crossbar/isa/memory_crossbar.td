// Crossbars of memory cells: a read applies one bit of every input to a group of rows, and the sum of
// each column goes through an ADC that saturates.
include "lathe/Isa.td"

def ROWS  : Param<128, "rows of a macro: inputs that one read can take">;
def COLS  : Param<128, "columns of a macro: sums of one read">;
def CELL  : Param<2, "bits of a cell">;
def ADC   : Param<6, "bits of an ADC">;
def ADCS  : Param<32, "ADCs: columns converted in a cycle">;
def WRITE_CYCLES : Param<64, "cycles in which a row of cells is written">;

def Buf  : Space<"buf",  i16, [ROWS]>            { let Summary = "inputs, one for each row of a macro"; }
def Cell : Space<"cell", Unsigned<CELL>, [COLS]> { let Summary = "cells, one address for each row of a macro after the other"; }
def Acc  : Space<"acc",  i32, [COLS]>            { let Summary = "accumulators, one for each column"; }
def Bias : Space<"bias", i32, [COLS]>            { let Summary = "one bias per column"; }
def Wear : Space<"wear", u32, [Int<1>]>          { let Summary = "how often each row of cells was written"; }

def LdStride : State<i32, "host bytes from one loaded row to the next">;
def WrStride : State<i32, "host bytes from one row of cells to the next">;
def StStride : State<i32, "host bytes from one stored row to the next">;
def Shift    : State<u5,  "right shift of STORE_I8 and MOVE_I8">;
def Floor    : State<i32, "lower bound of STORE_I8 and MOVE_I8: 0 is a ReLU">;

def LoadUnit  : Unit<"load">;
def WriteUnit : Unit<"write">;
def ReadUnit  : Unit<"read">;
def StoreUnit : Unit<"store">;

class Op<bits<4> op, Unit unit> : Intrinsic<64> {
  let Inst{63-60} = op;
  let ExecutedBy = unit;
}

// ---- from host memory: `cols` elements a row, the rest of the row is zero
class Rows<bits<4> op, Unit unit, State stride> : Op<op, unit> {
  let Strides = (strides stride:$src);
  bits<32> src; bits<11> dst; bits<8> rows;
  let Inst{31-0} = src; let Inst{42-32} = dst; let Inst{50-43} = rows;
}
class Load<bits<4> op, Space to, Element from, Element as, Param row> : Rows<op, LoadUnit, LdStride> {
  let Summary = "copy rows from host memory to " # to.Name # ", zero behind the last column";
  let Operands = (ops Tile<Host, from, ["rows", "cols"]>:$src, Tile<to, as, ["rows", !cast<string>(row)]>:$dst,
                      Extent<1, Int<256>>:$rows, Extent<1, row>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, " # as.Notation # "(src[i,j]), 0)";
  let MinusOne = ["rows", "cols"];
  bits<8> cols;
  let Inst{58-51} = cols;
}
def LOAD_I8   : Load<1, Buf,  i8,  i16, ROWS>;
def LOAD_U8   : Load<2, Buf,  u8,  i16, ROWS>;
def LOAD_I16  : Load<3, Buf,  i16, i16, ROWS>;
def LOAD_ACC  : Load<4, Acc,  i32, i32, COLS>;
def LOAD_BIAS : Load<5, Bias, i32, i32, COLS>;
def LOAD_WEAR : Rows<13, LoadUnit, LdStride> {
  let Summary = "set how often rows of cells were written";
  let Operands = (ops Tile<Host, u32, ["rows", "1"]>:$src, Tile<Wear, u32, ["rows", "1"]>:$dst, Extent<1, Int<256>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let MinusOne = ["rows"];
}

// ---- cells: slow to write, and they wear out
def WRITE : Rows<6, WriteUnit, WrStride> {
  let Summary = "write rows of cells from host memory, zero behind the last column";
  let Operands = (ops Tile<Host, Unsigned<CELL>, ["rows", "cols"]>:$src, Tile<Cell, Unsigned<CELL>, ["rows", "COLS"]>:$dst,
                      TileAt<"dst", Wear, u32, ["rows", "1"]>:$count, Extent<1, Int<256>>:$rows, Extent<1, COLS>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, src[i,j], 0); count[i,j] = count[i,j] + 1";
  let MinusOne = ["rows", "cols"];
  bits<8> cols;
  let Inst{58-51} = cols;
}

// ---- one bit plane of `rows` vectors through `count` rows of cells: inputs first, first + 1, ... of each
defvar Sum = "clamp(sum(r where first + r < ROWS) i32(bit(x[i, first + r], plane)) * i32(g[r,c]), 0, (1 << i32(ADC)) - 1) << shift";
class Read<bits<4> op> : Op<op, ReadUnit> {
  let Operands = (ops Tile<Buf, i16, ["rows", "ROWS"]>:$x, Tile<Cell, Unsigned<CELL>, ["count", "COLS"]>:$g,
                      Tile<Acc, i32, ["rows", "COLS"]>:$acc, Extent<1, Int<32>>:$rows, Extent<1, ROWS>:$count,
                      Extent<0, ROWS>:$first, Immediate<u4>:$plane, Immediate<u5>:$shift);
  let MinusOne = ["rows", "count"];
  bits<9> x; bits<11> g; bits<9> acc; bits<5> rows; bits<8> count; bits<9> first; bits<4> plane; bits<5> shift;
  let Inst{8-0} = x; let Inst{17-9} = acc; let Inst{22-18} = rows; let Inst{27-23} = shift; let Inst{31-28} = plane;
  let Inst{42-32} = g; let Inst{50-43} = count; let Inst{59-51} = first;
}
def READ : Read<7> {
  let Summary = "sums of a bit plane through a group of rows, into accumulators";
  let Semantics = !strconcat("acc[i,c] = ", Sum);
}
def READ_ADD : Read<8> {
  let Summary = "sums of a bit plane through a group of rows, added to accumulators";
  let Semantics = !strconcat("acc[i,c] += ", Sum);
}
def READ_SUB : Read<9> {
  let Summary = "sums of a bit plane through a group of rows, taken from accumulators: the plane of the sign";
  let Semantics = !strconcat("acc[i,c] = acc[i,c] - (", Sum, ")");
}
class Pass<bits<4> sub> : Op<15, ReadUnit> {
  let Operands = (ops Tile<Buf, i16, ["rows", "ROWS"]>:$x, Tile<Acc, i32, ["rows", "COLS"]>:$acc, Extent<1, Int<32>>:$rows,
                      Extent<0, ROWS>:$first, Immediate<u5>:$shift);
  let MinusOne = ["rows"];
  bits<9> x; bits<9> acc; bits<5> rows; bits<9> first; bits<5> shift;
  let Inst{59-56} = sub; let Inst{8-0} = x; let Inst{17-9} = acc; let Inst{22-18} = rows; let Inst{27-23} = shift;
  let Inst{40-32} = first;
}
defvar Passed = "select(first + c < ROWS, i32(x[i, first + c]) << shift, 0)";
def PASS : Pass<4> {
  let Summary = "inputs past the cells, into accumulators";
  let Semantics = !strconcat("acc[i,c] = ", Passed);
}
def PASS_ADD : Pass<5> {
  let Summary = "inputs past the cells, added to accumulators: a residual";
  let Semantics = !strconcat("acc[i,c] = acc[i,c] + ", Passed);
}

// ---- accumulators through the epilogue: to host memory, or back to the inputs
defvar Requantized = "sat_i8(round_shift(max(src[i,j] + bias[j], Floor), Shift))";
class Store<bits<4> op> : Op<op, StoreUnit> {
  let MinusOne = ["rows", "cols"];
  bits<9> src; bits<4> bias; bits<7> rows; bits<8> cols;
  let Inst{40-32} = src; let Inst{44-41} = bias; let Inst{51-45} = rows; let Inst{59-52} = cols;
}
class StoreHost<bits<4> op, Element element> : Store<op> {
  let Operands = (ops Tile<Acc, i32, ["rows", "COLS"]>:$src, Tile<Bias, i32, ["COLS"]>:$bias,
                      Tile<Host, element, ["rows", "cols"]>:$dst, Extent<1, Int<128>>:$rows, Extent<1, COLS>:$cols);
  let Strides = (strides StStride:$dst);
  bits<32> dst;
  let Inst{31-0} = dst;
}
def STORE_I8 : StoreHost<10, i8> {
  let Summary = "bias, ReLU, rounding shift, saturation to int8, store";
  let Semantics = !strconcat("dst[i,j] = ", Requantized);
}
def STORE_I32 : StoreHost<11, i32> {
  let Summary = "bias, store";
  let Semantics = "dst[i,j] = src[i,j] + bias[j]";
}
def MOVE_I8 : Store<12> {
  let Summary = "bias, ReLU, rounding shift, saturation to int8, as inputs of the next layer, zero behind the last column";
  let Operands = (ops Tile<Acc, i32, ["rows", "COLS"]>:$src, Tile<Bias, i32, ["COLS"]>:$bias,
                      Tile<Buf, i16, ["rows", "ROWS"]>:$dst, Extent<1, Int<128>>:$rows, Extent<1, COLS>:$cols);
  let Semantics = !strconcat("dst[i,j] = select(j < cols, i16(", Requantized, "), 0)");
  bits<9> dst;
  let Inst{8-0} = dst;
}
def STORE_WEAR : Op<14, StoreUnit> {
  let Summary = "store how often rows of cells were written";
  let Operands = (ops Tile<Wear, u32, ["rows", "1"]>:$src, Tile<Host, u32, ["rows", "1"]>:$dst, Extent<1, Int<128>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides StStride:$dst);
  let MinusOne = ["rows"];
  bits<32> dst; bits<11> src; bits<7> rows;
  let Inst{31-0} = dst; let Inst{42-32} = src; let Inst{51-45} = rows;
}

// ---- configuration
class SetValue<bits<4> sub, Unit unit> : Op<15, unit> {
  let Operands = (ops Immediate<i32>:$value);
  let Inst{59-56} = sub;
  bits<32> value; let Inst{31-0} = value;
}
def SET_LOAD_STRIDE  : SetValue<0, LoadUnit>  { let Semantics = "LdStride = value"; }
def SET_WRITE_STRIDE : SetValue<1, WriteUnit> { let Semantics = "WrStride = value"; }
def SET_STORE_STRIDE : SetValue<2, StoreUnit> { let Semantics = "StStride = value"; }
def SET_EPILOGUE : Op<15, StoreUnit> {
  let Operands = (ops Immediate<i32>:$low, Immediate<u5>:$shift);
  let Semantics = "Floor = low; Shift = shift";
  let Inst{59-56} = 3;
  bits<32> low; bits<5> shift; let Inst{31-0} = low; let Inst{36-32} = shift;
}
