// space: sink: {capacity: 64 B}
include "base.td"
def Sink : Space<"sink", i8, [N]>;
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Tile<Sink, i8, ["N"]>:$to);
  let Semantics = "to[j] = mem[j]";
  bits<8> mem; bits<8> to;
  let Inst{7-0} = mem;
  let Inst{15-8} = to;
}
// expect: L0420 3:5
