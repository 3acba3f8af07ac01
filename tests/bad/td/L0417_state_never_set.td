include "base.td"
def Level : State<i8>;
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = Level";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0417 2:5
