include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Tile<Mem, i8, ["N"]>:$other);
  let Semantics = "mem[j] = 0";
  bits<8> mem; bits<8> other;
  let Inst{7-0} = mem;
  let Inst{15-8} = other;
}
// expect: L0337 3:71
