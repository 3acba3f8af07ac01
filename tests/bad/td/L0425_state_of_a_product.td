// A state that is set to more than an immediate: no value of the immediate can be chosen for it.
include "base.td"
def Twice : State<i32, "twice what is given">;
def SET : Op<3> {
  let Operands = (ops Immediate<i16>:$value);
  let Semantics = "Twice = i32(value) * 2";
  bits<16> value;
  let Inst{15-0} = value;
}
def EXTRA : Move<4> {
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
  let Strides = (strides Twice:$host);
}
// expect: L0425 3:5
