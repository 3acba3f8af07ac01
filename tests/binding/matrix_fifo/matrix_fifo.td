include "lathe/Isa.td"

def Act  : Space<"act",  i8,  [Int<8>]>         { let Summary = "activations"; }
def Wreg : Space<"wreg", i8,  [Int<8>, Int<8>]> { let Summary = "weights"; }
def Acc  : Space<"acc",  i32, [Int<8>]>         { let Summary = "sums"; }
def Step : State<i32, "host bytes from one row to the next">;
def Core : Unit<"core">;

class Op<bits<4> op> : Intrinsic<64> {
  let Inst{63-60} = op;
  let ExecutedBy = Core;
}
class Rows<bits<4> op> : Op<op> {
  let MinusOne = ["rows"];
  bits<2> rows; let Inst{57-56} = rows;
}
def SET_STRIDE : Op<1> {
  let Summary = "set the host bytes from one row to the next";
  let Operands = (ops Immediate<i32>:$value);
  let Semantics = "Step = value";
  bits<32> value; let Inst{31-0} = value;
}
class Load<bits<4> op, Space to, string how> : Rows<op> {
  let Summary = "copy rows from host memory to " # to.Name;
  let Operands = (ops Tile<Host, to.ElementType, ["rows", "8"]>:$src, Tile<to, to.ElementType, ["rows", "8"]>:$dst,
                      Extent<1, Int<4>>:$rows);
  let Semantics = how;
  let Strides = (strides Step:$src);
  bits<32> src; bits<6> dst; let Inst{31-0} = src; let Inst{37-32} = dst;
}
def LOAD     : Load<2, Act, "dst[i,7-j] = src[i,j]">;
def LOAD_ACC : Load<7, Acc, "dst[i,j] = src[i,j]">;
def PRELOAD : Op<3> {
  let Summary = "take eight rows as the weights";
  let Operands = (ops Tile<Act, i8, ["8", "8"]>:$src, Tile<Wreg, i8, ["8", "8"]>:$dst);
  let Semantics = "dst[k,j] = src[k,j]";
  bits<6> src; bits<1> dst; let Inst{37-32} = src; let Inst{38} = dst;
}
class Multiply<bits<4> op> : Rows<op> {
  let Operands = (ops Tile<Act, i8, ["rows", "8"]>:$a, Tile<Wreg, i8, ["8", "8"]>:$w,
                      Tile<Acc, i32, ["rows", "8"]>:$acc, Extent<1, Int<4>>:$rows);
  bits<6> a; bits<1> w; bits<6> acc;
  let Inst{37-32} = a; let Inst{38} = w; let Inst{45-40} = acc;
}
def MATMUL : Multiply<4> {
  let Summary = "multiply rows by the weights, into sums";
  let Semantics = "acc[i,j] = sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def MATMUL_ACC : Multiply<5> {
  let Summary = "multiply rows by the weights, add to sums";
  let Semantics = "acc[i,j] += sum(k) i32(a[i,k]) * i32(w[k,j])";
}
def STORE : Rows<6> {
  let Summary = "copy rows of sums to host memory";
  let Operands = (ops Tile<Acc, i32, ["rows", "8"]>:$src, Tile<Host, i32, ["rows", "8"]>:$dst, Extent<1, Int<4>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides Step:$dst);
  bits<32> dst; bits<6> src; let Inst{31-0} = dst; let Inst{45-40} = src;
}
