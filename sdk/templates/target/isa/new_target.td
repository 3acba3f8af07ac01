// new_target: a 4 x 4 int8 matrix unit that runs one command at a time.
// This file says what each instruction means and how it is encoded. `lathe check` reads it,
// `lathe show new_target rules` says what the compiler makes of it.
include "lathe/Isa.td"

// YOUR MACHINE: sizes that a machine file may change under `parameters:`.
def DIM : Param<4, "rows and columns of the weights">;

// YOUR MACHINE: the memories. One address holds one row; how many there are, machines/*.yaml says.
// The hardware orders accesses that conflict: here, by running one command after the other.
def Spm  : Space<"spm",  i8,  [DIM]>      { let Summary = "scratchpad: activations, and weights on their way"; }
def Acc  : Space<"acc",  i32, [DIM]>      { let Summary = "accumulators"; }
def Wreg : Space<"wreg", i8,  [DIM, DIM]> { let Summary = "weights that rows are multiplied by, two copies"; }

// YOUR MACHINE: what an instruction has no bits for, and a SET_* command therefore sets before.
def LdStride : State<i32, "host bytes from one loaded row to the next">;
def StStride : State<i32, "host bytes from one stored row to the next">;
def Shift    : State<u5,  "right shift of STORE_I8">;

// YOUR MACHINE: units run beside each other, the commands of one unit in order. Here one does all.
def Core : Unit<"core">;

// A command is 64 bits with its opcode in the upper four. Bits that nothing sets are reserved.
class Op<bits<4> op> : Intrinsic<64> {
  let Inst{63-60} = op;
  let ExecutedBy = Core;
}

// ---- YOUR MOVES: from host memory. A row is contiguous there, rows are LdStride bytes apart; what
// lies behind the last of `cols` elements becomes zero, so that a product may be padded.
class Load<bits<4> op, Space to, Element element> : Op<op> {
  let Summary = "copy rows from host memory to " # to.Name # ", zero behind the last column";
  let Operands = (ops Tile<Host, element, ["rows", "cols"]>:$src, Tile<to, element, ["rows", "DIM"]>:$dst,
                      Extent<1, Int<16>>:$rows, Extent<1, DIM>:$cols);
  let Semantics = "dst[i,j] = select(j < cols, src[i,j], 0)";
  let Strides = (strides LdStride:$src);
  let MinusOne = ["rows", "cols"]; // the fields hold these numbers minus one
  bits<32> src; bits<4> rows; bits<2> cols;
  let Inst{31-0} = src; let Inst{59-56} = rows; let Inst{55-54} = cols;
}
def LOAD     : Load<1, Spm, i8>  { bits<8> dst; let Inst{39-32} = dst; }
def LOAD_ACC : Load<2, Acc, i32> { bits<6> dst; let Inst{53-48} = dst; }

def PRELOAD : Op<3> {
  let Summary = "write one copy of the weights, zero below the last row";
  let Operands = (ops Tile<Spm, i8, ["rows", "DIM"]>:$src, Tile<Wreg, i8, ["DIM", "DIM"]>:$dst, Extent<1, DIM>:$rows);
  let Semantics = "dst[k,j] = select(k < rows, src[k,j], 0)";
  let MinusOne = ["rows"];
  bits<8> src; bits<1> dst; bits<2> rows;
  let Inst{39-32} = src; let Inst{40} = dst; let Inst{57-56} = rows;
}

// ---- YOUR ARITHMETIC: one statement that starts a sum (=) and one that goes on with it (+=). The
// compiler finds matrix products, convolutions and the like by these lines, and the functional
// simulator computes them: they must say exactly what the hardware does.
class Multiply<bits<4> op> : Op<op> {
  let Operands = (ops Tile<Spm, i8, ["rows", "DIM"]>:$a, Tile<Wreg, i8, ["DIM", "DIM"]>:$w,
                      Tile<Acc, i32, ["rows", "DIM"]>:$acc, Extent<1, Int<16>>:$rows);
  let MinusOne = ["rows"];
  bits<8> a; bits<1> w; bits<6> acc; bits<4> rows;
  let Inst{39-32} = a; let Inst{40} = w; let Inst{53-48} = acc; let Inst{59-56} = rows;
}
def MATMUL : Multiply<4> {
  let Summary = "multiply rows by the weights, into accumulators";
  let Semantics = "acc[i,j] = sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def MATMUL_ACC : Multiply<5> {
  let Summary = "multiply rows by the weights, add to accumulators";
  let Semantics = "acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])";
}

// ---- YOUR RESULTS: to host memory, as they are or through the epilogue.
class Store<bits<4> op, Element element> : Op<op> {
  let Operands = (ops Tile<Acc, i32, ["rows", "DIM"]>:$src, Tile<Host, element, ["rows", "cols"]>:$dst,
                      Extent<1, Int<16>>:$rows, Extent<1, DIM>:$cols);
  let Strides = (strides StStride:$dst);
  let MinusOne = ["rows", "cols"];
  bits<32> dst; bits<6> src; bits<4> rows; bits<2> cols;
  let Inst{31-0} = dst; let Inst{53-48} = src; let Inst{59-56} = rows; let Inst{55-54} = cols;
}
def STORE_I8 : Store<6, i8> {
  let Summary = "rounding shift, saturation to int8, store";
  let Semantics = "dst[i,j] = sat_i8(round_shift(src[i,j], Shift))";
}
def STORE_I32 : Store<7, i32> {
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
