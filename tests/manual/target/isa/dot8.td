// A dot product unit whose encoding is awkward on purpose: 80 bits, fields in pieces and across
// bit 64, an operand with a name that C reserves.
include "lathe/Isa.td"

def LANES : Param<8, "multipliers beside each other">;
def Buf : Space<"buf", i16, [LANES]> { let Summary = "samples and taps"; }
def Sum : Space<"sum", i32, []> { let Summary = "sums <one a row>"; }
def Step : State<u16, "host bytes from one row to the next">;
def Move : Unit<"move"> { let Summary = "moves rows"; }
def Mac : Unit<"mac">;

class Op<bits<3> op, Unit unit> : Intrinsic<80> {
  let Inst{79-77} = op;
  let ExecutedBy = unit;
  let MinusOne = ["rows"];
  bits<4> rows;
  let Inst{75-74} = rows{3-2};
  let Inst{41-40} = rows{1-0};
}
def LOAD : Op<1, Move> {
  let Summary = "copy rows of samples to the buffer";
  let Operands = (ops Tile<Host, i16, ["rows", "LANES"]>:$src, Tile<Buf, i16, ["rows", "LANES"]>:$dst,
                      Extent<1, Int<16>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides Step:$src);
  bits<40> src; bits<6> dst;
  let Inst{39-0} = src;
  let Inst{66-61} = dst;
}
class Dot<bits<3> op> : Op<op, Mac> {
  let Operands = (ops Tile<Buf, i16, ["rows", "LANES"]>:$x, Tile<Buf, i16, ["LANES"]>:$h,
                      Tile<Sum, i32, ["rows"]>:$acc, Extent<1, Int<16>>:$rows);
  bits<6> x; bits<6> h; bits<4> acc;
  let Inst{5-0} = x;
  let Inst{11-6} = h;
  let Inst{73-70} = acc;
}
def DOT : Dot<2> {
  let Summary = "products of eight samples and taps, summed";
  let Semantics = "acc[i] = sum(j) i32(x[i,j]) * i32(h[j])";
}
def DOT_ADD : Dot<3> {
  let Summary = "products of eight samples and taps, added to a sum";
  let Semantics = "acc[i] += sum(j) i32(x[i,j]) * i32(h[j])";
}
def STORE : Op<4, Move> {
  let Summary = "rounding shift, saturation, store";
  let Operands = (ops Tile<Sum, i32, ["rows"]>:$acc, Tile<Host, i16, ["rows"]>:$dst, Extent<1, Int<16>>:$rows,
                      Immediate<u4>:$register);
  let Semantics = "dst[i] = sat_i16(round_shift(acc[i], register))";
  bits<40> dst; bits<4> acc; bits<4> register;
  let Inst{39-0} = dst;
  let Inst{73-70} = acc;
  let Inst{65-62} = register;
}
def ADD : Op<6, Mac> {
  let Summary = "add rows of samples";
  let Operands = (ops Tile<Buf, i16, ["rows", "LANES"]>:$dst, Tile<Buf, i16, ["rows", "LANES"]>:$src,
                      Extent<1, Int<16>>:$rows);
  let Semantics = "dst[i,j] = dst[i,j] + src[i,j]";
  bits<6> dst; bits<6> src;
  let Inst{5-0} = dst;
  let Inst{11-6} = src;
}
def STORE_ROWS : Op<7, Move> {
  let Summary = "copy rows of the buffer to host memory";
  let Operands = (ops Tile<Buf, i16, ["rows", "LANES"]>:$src, Tile<Host, i16, ["rows", "LANES"]>:$dst,
                      Extent<1, Int<16>>:$rows);
  let Semantics = "dst[i,j] = src[i,j]";
  let Strides = (strides Step:$dst);
  bits<40> dst; bits<6> src;
  let Inst{39-0} = dst;
  let Inst{66-61} = src;
}
def SET_STEP : Intrinsic<80> {
  let Inst{79-77} = 5;
  let ExecutedBy = Move;
  let Operands = (ops Immediate<u16>:$value);
  let Semantics = "Step = value";
  bits<16> value;
  let Inst{15-0} = value;
}
