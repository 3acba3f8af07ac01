// dot8: one int16 dot product of 8 elements a cycle, into accumulators that saturate at 40 bits.
include "lathe/Isa.td"

def LANES : Param<8, "elements multiplied at a time">;

def Xmem : Space<"xmem", i16, [LANES]>  { let Summary = "samples, one window of them an address"; }
def Taps : Space<"taps", i16, [LANES]>  { let Summary = "coefficients that windows are multiplied by, several sets of them"; }
def Acc  : Space<"acc",  i64, [Int<1>]> { let Summary = "accumulators: sums saturate at 40 of their 64 bits"; }

def LdStride : State<i32, "host bytes from one loaded row to the next">;
def StStride : State<i32, "host bytes from one stored result to the next">;
def Shift    : State<u5,  "right shift of STORE_I16">;

def Core : Unit<"core">;

class Op<bits<4> op> : Intrinsic<64> {
  let Inst{63-60} = op;
  let ExecutedBy = Core;
}

// ---- moves from host memory
def LOAD : Op<1> {
  let Summary = "copy windows from host memory to xmem, zero behind the last element";
  let Operands = (ops Tile<Host, i16, ["rows", "cols"]>:$src, Tile<Xmem, i16, ["rows", "LANES"]>:$dst,
                      Extent<1, Int<16>>:$rows, Extent<1, LANES>:$cols);
  let Semantics = "dst[i,k] = select(k < cols, src[i,k], 0)";
  let Strides = (strides LdStride:$src);
  let MinusOne = ["rows", "cols"];
  bits<32> src; bits<8> dst; bits<4> rows; bits<3> cols;
  let Inst{31-0} = src; let Inst{39-32} = dst; let Inst{59-56} = rows; let Inst{55-53} = cols;
}
def LOAD_TAPS : Op<2> {
  let Summary = "copy coefficients from host memory to one set of taps, zero behind the last one";
  let Operands = (ops Tile<Host, i16, ["cols"]>:$src, Tile<Taps, i16, ["LANES"]>:$dst, Extent<1, LANES>:$cols);
  let Semantics = "dst[k] = select(k < cols, src[k], 0)";
  let MinusOne = ["cols"];
  bits<32> src; bits<4> dst; bits<3> cols;
  let Inst{31-0} = src; let Inst{43-40} = dst; let Inst{55-53} = cols;
}

def LOAD_ACC : Op<3> {
  let Summary = "copy accumulators from host memory";
  let Operands = (ops Tile<Host, i64, ["rows", "1"]>:$src, Tile<Acc, i64, ["rows", "1"]>:$dst, Extent<1, Int<16>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides LdStride:$src);
  let MinusOne = ["rows"];
  bits<32> src; bits<6> dst; bits<4> rows;
  let Inst{31-0} = src; let Inst{51-46} = dst; let Inst{59-56} = rows;
}

// ---- arithmetic
class Dot<bits<4> op> : Op<op> {
  let Operands = (ops Tile<Xmem, i16, ["rows", "LANES"]>:$x, Tile<Taps, i16, ["LANES"]>:$h,
                      Tile<Acc, i64, ["rows", "1"]>:$acc, Extent<1, Int<16>>:$rows);
  let MinusOne = ["rows"];
  bits<8> x; bits<4> h; bits<6> acc; bits<4> rows;
  let Inst{39-32} = x; let Inst{43-40} = h; let Inst{51-46} = acc; let Inst{59-56} = rows;
}
def DOT : Dot<4> {
  let Summary = "a dot product of each window with the taps, into accumulators";
  let Semantics = "acc[i,j] = clamp(sum(k) i64(x[i,k]) * i64(h[k]), -549755813888, 549755813887)";
}
def DOT_ACC : Dot<5> {
  let Summary = "a dot product of each window with the taps, added to accumulators";
  let Semantics = "acc[i,j] = clamp(acc[i,j] + sum(k) i64(x[i,k]) * i64(h[k]), -549755813888, 549755813887)";
}

// ---- results
class Store<bits<4> op, Element element> : Op<op> {
  let Operands = (ops Tile<Acc, i64, ["rows", "1"]>:$src, Tile<Host, element, ["rows", "1"]>:$dst, Extent<1, Int<16>>:$rows);
  let Strides = (strides StStride:$dst);
  let MinusOne = ["rows"];
  bits<32> dst; bits<6> src; bits<4> rows;
  let Inst{31-0} = dst; let Inst{51-46} = src; let Inst{59-56} = rows;
}
def STORE_I16 : Store<6, i16> {
  let Summary = "rounding shift, saturation to int16, store";
  let Semantics = "dst[i,j] = sat_i16(round_shift(src[i,j], Shift))";
}
def STORE_I64 : Store<7, i64> {
  let Summary = "store accumulators as they are";
  let Semantics = "dst[i,j] = src[i,j]";
}

// ---- configuration
class Set<bits<4> op, State state> : Op<op> {
  let Summary = "set the " # state.Summary;
  let Operands = (ops Immediate<state.ElementType>:$value);
}
class SetStride<bits<4> op, State state> : Set<op, state> { bits<32> value; let Inst{31-0} = value; }
def SET_LOAD_STRIDE  : SetStride<8, LdStride> { let Semantics = "LdStride = value"; }
def SET_STORE_STRIDE : SetStride<9, StStride> { let Semantics = "StStride = value"; }
def SET_SHIFT : Set<10, Shift> {
  let Semantics = "Shift = value";
  bits<5> value; let Inst{4-0} = value;
}
