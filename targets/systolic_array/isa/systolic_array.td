// A weight-stationary systolic array with decoupled load, execute and store units.
include "lathe/Isa.td"

def DIM : Param<16, "rows and columns of the array">;

def Spm  : Space<"spm",  i8,  [DIM]>      { let Summary = "scratchpad: activations and weights"; }
def Acc  : Space<"acc",  i32, [DIM]>      { let Summary = "accumulators"; }
def Bias : Space<"bias", i32, [DIM]>      { let Summary = "one bias per output column"; }
def Wreg : Space<"wreg", i8,  [DIM, DIM]> { let Summary = "stationary weights, one address per copy"; }

def LdStride : State<i32, "host bytes from one loaded row to the next">;
def StStride : State<i32, "host bytes from one stored row to the next">;
def Shift    : State<u5,  "right shift of STORE_I8 and MOVE_I8">;
def Floor    : State<i32, "lower bound of STORE_I8 and MOVE_I8: 0 is a ReLU">;

def LoadUnit    : Unit<"load">;
def ExecuteUnit : Unit<"execute">;
def StoreUnit   : Unit<"store">;

class Op<bits<4> op, Unit unit, string pipe = "main"> : Intrinsic<64> {
  let Inst{63-60} = op;
  let ExecutedBy = unit;
  let Pipe = pipe;
}

// ---- host memory to the array: `cols` elements a row, the rest of the row is zero
multiclass Load<bits<4> op, Space to, Element from, Element as> {
  def NAME : Op<op, LoadUnit> {
    let Summary = "copy rows from host memory to " # to.Name # ", zero behind the last column";
    let Operands = (ops Tile<Host, from, ["rows", "cols"]>:$src, Tile<to, as, ["rows", "DIM"]>:$dst,
                        Extent<1, Int<256>>:$rows, Extent<1, DIM>:$cols);
    let Semantics = "dst[i,j] = select(j < cols, " # as.Notation # "(src[i,j]), 0)";
    let Strides = (strides LdStride:$src);
    let MinusOne = ["rows", "cols"];
    bits<32> src; bits<15> dst; bits<8> rows; bits<5> cols;
    let Inst{31-0} = src;
    let Inst{46-32} = dst;
    let Inst{54-47} = rows;
    let Inst{59-55} = cols;
  }
}
defm LOAD         : Load<1, Spm,  i8,  i8>;
defm LOAD_ACC_I8  : Load<2, Acc,  i8,  i32>;
defm LOAD_ACC_I32 : Load<3, Acc,  i32, i32>;
defm LOAD_BIAS    : Load<4, Bias, i32, i32>;

def FILL : Op<5, LoadUnit> {
  let Summary = "set scratchpad rows to one value";
  let Operands = (ops Tile<Spm, i8, ["rows", "DIM"]>:$dst, Extent<1, Int<256>>:$rows, Immediate<i8>:$value);
  let Semantics = "dst[i,j] = value";
  let MinusOne = ["rows"];
  bits<15> dst; bits<8> rows; bits<8> value;
  let Inst{7-0} = value; let Inst{46-32} = dst; let Inst{54-47} = rows;
}

// ---- the array
def PRELOAD : Op<6, ExecuteUnit, "weights"> {
  let Summary = "write one copy of the stationary weights, zero below the last row";
  let Operands = (ops Tile<Spm, i8, ["rows", "DIM"]>:$src, Tile<Wreg, i8, ["DIM", "DIM"]>:$dst, Extent<1, DIM>:$rows);
  let Semantics = "dst[k,j] = select(k < rows, src[k,j], 0)";
  let MinusOne = ["rows"];
  bits<15> src; bits<1> dst; bits<5> rows;
  let Inst{14-0} = src; let Inst{32} = dst; let Inst{51-47} = rows;
}
class Multiply<bits<4> op> : Op<op, ExecuteUnit, "array"> {
  let Operands = (ops Tile<Spm, i8, ["rows", "DIM"]>:$a, Tile<Wreg, i8, ["DIM", "DIM"]>:$w,
                      Tile<Acc, i32, ["rows", "DIM"]>:$acc, Extent<1, Int<512>>:$rows, Immediate<u8>:$step);
  let Strides = (strides "step":$a);
  let Defaults = (defaults 1:$step);
  let MinusOne = ["rows"];
  bits<15> a; bits<1> w; bits<11> acc; bits<9> rows; bits<8> step;
  let Inst{14-0} = a; let Inst{22-15} = step; let Inst{42-32} = acc; let Inst{43} = w;
  let Inst{55-47} = rows;
}
def MATMUL : Multiply<7> {
  let Summary = "stream rows through the stationary weights into accumulators";
  let Semantics = "acc[i,j] = sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def MATMUL_ACC : Multiply<8> {
  let Summary = "stream rows through the stationary weights, add to accumulators";
  let Semantics = "acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])";
}

// ---- element-wise work on accumulators
class Vector<bits<4> op> : Op<op, ExecuteUnit, "vector"> {
  bits<11> dst; bits<9> rows;
  let Inst{42-32} = dst; let Inst{55-47} = rows;
  let MinusOne = ["rows"];
}
class Binary<bits<4> op> : Vector<op> {
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$dst, Tile<Acc, i32, ["rows", "DIM"]>:$src, Extent<1, Int<512>>:$rows);
  bits<11> src;
  let Inst{10-0} = src;
}
def VADD : Binary<9>  { let Semantics = "dst[i,j] = dst[i,j] + src[i,j]"; let Summary = "add accumulators"; }
def VMAX : Binary<10> { let Semantics = "dst[i,j] = max(dst[i,j], src[i,j])"; let Summary = "maximum of accumulators"; }
def VSCALE : Vector<11> {
  let Summary = "multiply accumulators by a number";
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$dst, Extent<1, Int<512>>:$rows, Immediate<i32>:$factor);
  let Semantics = "dst[i,j] = dst[i,j] * factor";
  bits<32> factor;
  let Inst{31-0} = factor;
}

// ---- accumulators through the epilogue: to host memory, or back to the scratchpad
defvar Requantize = "dst[i,j] = sat_i8(round_shift(max(src[i,j] + bias[j], Floor), Shift))";
class Store<bits<4> op, Element element> : Op<op, StoreUnit> {
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$src, Tile<Bias, i32, ["DIM"]>:$bias,
                      Tile<Host, element, ["rows", "cols"]>:$dst, Extent<1, Int<256>>:$rows, Extent<1, DIM>:$cols);
  let Strides = (strides StStride:$dst);
  let MinusOne = ["rows", "cols"];
  bits<32> dst; bits<11> src; bits<4> bias; bits<8> rows; bits<5> cols;
  let Inst{31-0} = dst; let Inst{42-32} = src; let Inst{46-43} = bias; let Inst{54-47} = rows; let Inst{59-55} = cols;
}
def STORE_I8 : Store<12, i8> {
  let Summary = "bias, ReLU, rounding shift, saturation to int8, store";
  let Semantics = Requantize;
}
def STORE_I32 : Store<13, i32> {
  let Summary = "bias, store";
  let Semantics = "dst[i,j] = src[i,j] + bias[j]";
}
class StoreSub<bits<4> sub> : Op<15, StoreUnit> { let Inst{59-56} = sub; }
def MOVE_I8 : StoreSub<2> {
  let Summary = "bias, ReLU, rounding shift, saturation to int8, into the scratchpad";
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$src, Tile<Bias, i32, ["DIM"]>:$bias,
                      Tile<Spm, i8, ["rows", "DIM"]>:$dst, Extent<1, Int<256>>:$rows);
  let Semantics = Requantize;
  let MinusOne = ["rows"];
  bits<15> dst; bits<11> src; bits<4> bias; bits<8> rows;
  let Inst{14-0} = dst; let Inst{42-32} = src; let Inst{46-43} = bias; let Inst{54-47} = rows;
}

// ---- configuration
def SET_LOAD_STRIDE : Op<14, LoadUnit> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "LdStride = value";
  bits<32> value; let Inst{31-0} = value;
}
def SET_STORE_STRIDE : StoreSub<0> {
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "StStride = value";
  bits<32> value; let Inst{31-0} = value;
}
def SET_EPILOGUE : StoreSub<1> {
  let Operands = (ops Immediate<i32>:$low, Immediate<u5>:$shift);
  let Semantics = "Floor = low; Shift = shift";
  bits<32> low; bits<5> shift; let Inst{31-0} = low; let Inst{36-32} = shift;
}
