include "lathe/Isa.td"

def Buf : Space<"buf", i32, [Int<1>]> { let Summary = "64 words"; }
def Core : Unit<"core">;

// Two words of 32 bits: what is done, then a byte address of host memory, where a vector is the
// second column of a table of words.
class Op<bits<4> op> : Intrinsic<64> {
  let Inst{31-28} = op;
  let ExecutedBy = Core;
  let MinusOne = ["n"];
  bits<4> n; let Inst{27-24} = n;
}
def LOAD : Op<1> {
  let Summary = "copy words from host memory";
  let Operands = (ops Tile<Host, i32, ["n", "1"]>:$src, Tile<Buf, i32, ["n", "1"]>:$dst, Extent<1, Int<16>>:$n);
  let Semantics = "dst[i,j] = src[i,j]";
  let Layouts = (layout "src[i,j]: byte 8*i + 4":$src);
  bits<32> src; bits<6> dst; let Inst{63-32} = src; let Inst{21-16} = dst;
}
def STORE : Op<2> {
  let Summary = "copy words to host memory";
  let Operands = (ops Tile<Buf, i32, ["n", "1"]>:$src, Tile<Host, i32, ["n", "1"]>:$dst, Extent<1, Int<16>>:$n);
  let Semantics = "dst[i,j] = src[i,j]";
  let Layouts = (layout "dst[i,j]: byte 8*i + 4":$dst);
  bits<32> dst; bits<6> src; let Inst{63-32} = dst; let Inst{13-8} = src;
}
class Binary<bits<4> op, string value> : Op<op> {
  let Summary = "dst = " # value;
  let Operands = (ops Tile<Buf, i32, ["n", "1"]>:$a, Tile<Buf, i32, ["n", "1"]>:$b, Tile<Buf, i32, ["n", "1"]>:$dst, Extent<1, Int<16>>:$n);
  let Semantics = "dst[i,j] = " # value;
  bits<6> a; bits<6> b; bits<6> dst;
  let Inst{13-8} = a; let Inst{5-0} = b; let Inst{21-16} = dst;
}
def ADD : Binary<3, "a[i,j] + b[i,j]">;
def SUB : Binary<4, "a[i,j] - b[i,j]">;
def MAX : Binary<5, "max(a[i,j], b[i,j])">;
