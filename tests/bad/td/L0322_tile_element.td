include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i32, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0322 3:45
