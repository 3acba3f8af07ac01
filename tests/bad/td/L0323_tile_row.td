include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N", "8"]>:$mem);
  let Semantics = "mem[i,j] = 0";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0323 3:49
