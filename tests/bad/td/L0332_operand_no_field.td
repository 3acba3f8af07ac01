include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Immediate<i8>:$value);
  let Semantics = "mem[j] = value";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0332 3:64
