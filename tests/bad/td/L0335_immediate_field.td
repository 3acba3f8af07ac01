include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Immediate<i8>:$value);
  let Semantics = "mem[j] = value";
  bits<8> mem; bits<5> value;
  let Inst{7-0} = mem;
  let Inst{12-8} = value;
}
// expect: L0335 5:24
