include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<8> mem; bits<8> men;
  let Inst{7-0} = mem;
  let Inst{15-8} = men;
}
// expect: L0331 5:24
