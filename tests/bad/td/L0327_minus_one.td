include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  let MinusOne = ["mem"];
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0327 5:7
