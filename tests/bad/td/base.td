// What every case builds on: one memory, one unit, a stride, and a complete way in and out.
include "lathe/Isa.td"

def N : Param<4, "elements of a row">;
def Mem : Space<"mem", i8, [N]>;
def Pitch : State<i32, "host bytes from row to row">;
def Core : Unit<"core">;

class Op<bits<4> op> : Intrinsic<32> {
  let Inst{31-28} = op;
  let ExecutedBy = Core;
}
def PITCH : Op<0> {
  let Operands = (ops Immediate<i16>:$value);
  let Semantics = "Pitch = i32(value)";
  bits<16> value;
  let Inst{15-0} = value;
}
class Move<bits<4> op> : Op<op> {
  bits<16> host; bits<8> mem; bits<4> rows;
  let Inst{15-0} = host; let Inst{23-16} = mem; let Inst{27-24} = rows;
}
def IN : Move<1> {
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
  let Strides = (strides Pitch:$host);
}
def OUT : Move<2> {
  let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$mem, Tile<Host, i8, ["rows", "N"]>:$host, Extent<1, Int<15>>:$rows);
  let Semantics = "host[i,j] = mem[i,j]";
  let Strides = (strides Pitch:$host);
}
