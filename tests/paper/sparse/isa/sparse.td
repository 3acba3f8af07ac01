// On paper: 2:4 structured weights with a metadata gather, and rows of CSR streamed with a gather of the other
// operand. Without RTL: what the language can say of such a machine.
include "lathe/Isa.td"

def ROWS : Param<16, "rows of a tile">;
def COLS : Param<16, "columns of a tile">;
def KEPT : Param<32, "elements of a row of weights that are kept: 2 of each 4">;
def FOUR : Param<64, "rows of the other operand that a call reaches: 4 for each 2 kept">;
def BANK : Param<1024, "words that a gather reaches">;

def Val : Space<"val", i8, [KEPT]>   { let Summary = "kept weights"; }
def Idx : Space<"idx", u2, [KEPT]>   { let Summary = "which of its four each is"; }
def Act : Space<"act", i8, [COLS]>   { let Summary = "the other operand"; }
def Vec : Space<"vec", i8, []>       { let Summary = "a vector that rows of CSR gather from"; }
def Acc : Space<"acc", i32, [COLS]>  { let Summary = "accumulators"; }
def Sum : Space<"sum", i32, []>      { let Summary = "sums of rows"; }

def Pitch  : State<i32, "host bytes from one loaded row to the next">;
def StPitch : State<i32, "host bytes from one stored row to the next">;
def Stream : Unit<"stream">;
def Mac    : Unit<"mac">;
class Op<bits<4> op, Unit unit> : Intrinsic<64> { let Inst{63-60} = op; let ExecutedBy = unit; }

class Load<bits<4> op, Space to, Element element, string lanes> : Op<op, Stream> {
  let Operands = (ops Tile<Host, element, ["rows", lanes]>:$src, Tile<to, element, ["rows", lanes]>:$dst, Extent<1, ROWS>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides Pitch:$src);
  bits<32> src; bits<12> dst; bits<5> rows;
  let Inst{31-0} = src; let Inst{43-32} = dst; let Inst{48-44} = rows;
}
def LOAD_VAL : Load<1, Val, i8, "KEPT">;
def LOAD_IDX : Load<2, Idx, u2, "KEPT">;
def LOAD_ACT : Load<3, Act, i8, "COLS">;

def SPMM_24 : Op<4, Mac> {
  let Summary = "2:4 rows times a dense tile: the metadata chooses one of four rows for each kept element";
  let Operands = (ops Tile<Val, i8, ["rows", "KEPT"]>:$val, Tile<Idx, u2, ["rows", "KEPT"]>:$idx,
                      Tile<Act, i8, ["FOUR", "COLS"]>:$b, Tile<Acc, i32, ["rows", "COLS"]>:$acc, Extent<1, ROWS>:$rows);
  let Semantics = "acc[i,j] += sum(k) i32(val[i,k]) * i32(b[4*(k/2) + idx[i,k], j])";
  bits<12> val; bits<12> idx; bits<12> b; bits<12> acc; bits<5> rows;
  let Inst{11-0} = val; let Inst{23-12} = idx; let Inst{35-24} = b; let Inst{47-36} = acc; let Inst{52-48} = rows;
}

def SPMV_ROW : Op<5, Mac> {
  let Summary = "one row of CSR: its elements and columns stream from memory, the vector is gathered";
  let Operands = (ops Tile<Host, i8, ["n"]>:$val, Tile<Host, u16, ["n"]>:$col, Tile<Vec, i8, ["BANK"]>:$x, Tile<Sum, i32, ["1"]>:$y,
                      Extent<1, Int<255>>:$n);
  let Semantics = "y[o] += sum(p) i32(val[p]) * i32(x[col[p]])";
  bits<20> val; bits<20> col; bits<10> x; bits<2> y; bits<8> n;
  let Inst{19-0} = val; let Inst{39-20} = col; let Inst{49-40} = x; let Inst{51-50} = y; let Inst{59-52} = n;
}
def SET_PITCH : Op<6, Stream> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "Pitch = value";
  bits<32> value; let Inst{31-0} = value;
}
def LOAD_VEC : Op<7, Stream> {
  let Summary = "the vector that rows gather from";
  let Operands = (ops Tile<Host, i8, ["n"]>:$src, Tile<Vec, i8, ["n"]>:$dst, Extent<1, Int<1024>>:$n);
  let Semantics = "dst[i] = src[i]";
  let MinusOne = ["n"];
  bits<32> src; bits<10> dst; bits<10> n;
  let Inst{31-0} = src; let Inst{41-32} = dst; let Inst{51-42} = n;
}
def STORE_ACC : Op<8, Mac> {
  let Operands = (ops Tile<Acc, i32, ["rows", "COLS"]>:$src, Tile<Host, i32, ["rows", "COLS"]>:$dst, Extent<1, ROWS>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides StPitch:$dst);
  bits<32> dst; bits<12> src; bits<5> rows;
  let Inst{31-0} = dst; let Inst{43-32} = src; let Inst{48-44} = rows;
}
def STORE_SUM : Op<9, Mac> {
  let Operands = (ops Tile<Sum, i32, ["n"]>:$src, Tile<Host, i32, ["n"]>:$dst, Extent<1, Int<4>>:$n);
  let Semantics = "dst[i] = src[i]";
  bits<32> dst; bits<2> src; bits<3> n;
  let Inst{31-0} = dst; let Inst{33-32} = src; let Inst{36-34} = n;
}
def SET_STORE_PITCH : Op<10, Mac> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "StPitch = value";
  bits<32> value; let Inst{31-0} = value;
}
