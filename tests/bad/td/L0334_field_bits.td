include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<8> mem;
  let Inst{6-0} = mem{6-0};
}
// expect: L0334 5:11
