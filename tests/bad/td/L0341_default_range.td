include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Immediate<i8>:$value);
  let Semantics = "mem[j] = value";
  let Defaults = (defaults 128:$value);
  bits<8> mem; bits<8> value;
  let Inst{7-0} = mem; let Inst{15-8} = value;
}
// expect: L0341 5:7
