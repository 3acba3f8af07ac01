include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<8> mem; bit flag;
  let Inst{7-0} = mem;
  let Inst{8} = flag;
}
// expect: L0331 5:20
