include "base.td"
def EXTRA : Intrinsic<128> {
  let Inst{127-124} = 3;
  let ExecutedBy = Core;
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<64> mem;
  let Inst{63-0} = mem;
}
// expect: L0333 7:12
