include "lathe/Isa.td"

def V : Space<"v", i8, [Int<8>]> {
  let Summary = "rows of eight lanes, a bit of every lane side by side";
  let Layout = "bit(v[j], b): bit 8*b + j";
}
def Core : Unit<"core">;

// The host fills and reads the lanes' memory itself.
class Move : Intrinsic<0> { let ExecutedBy = Core; }
def LOAD : Move {
  let Summary = "fill rows from host memory";
  let Operands = (ops Tile<Host, i8, ["rows", "8"]>:$src, Tile<V, i8, ["rows", "8"]>:$dst,
                      Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$src);
}
def STORE : Move {
  let Summary = "read rows to host memory";
  let Operands = (ops Tile<V, i8, ["rows", "8"]>:$src, Tile<Host, i8, ["rows", "8"]>:$dst,
                      Extent<1, Int<8>>:$rows, Immediate<u16>:$stride);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides "stride":$dst);
}
class Lanes<bits<4> op, string value> : Intrinsic<32> {
  let Summary = "dst = " # value;
  let Operands = (ops Tile<V, i8, ["rows", "8"]>:$a, Tile<V, i8, ["rows", "8"]>:$b, Tile<V, i8, ["rows", "8"]>:$dst,
                      Extent<1, Int<8>>:$rows);
  let Semantics = "dst[i,j] = " # value;
  let ExecutedBy = Core;
  let MinusOne = ["rows"];
  bits<5> a; bits<5> b; bits<5> dst; bits<3> rows;
  let Inst{31-28} = op; let Inst{26-24} = rows; let Inst{20-16} = dst; let Inst{12-8} = a; let Inst{4-0} = b;
}
def ADD : Lanes<8, "a[i,j] + b[i,j]">;
def SUB : Lanes<9, "a[i,j] - b[i,j]">;
def MAX : Lanes<10, "max(a[i,j], b[i,j])">;
