include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, TileAt<"host", Mem, i8, ["N"]>:$other);
  let Semantics = "mem[j] = 1; other[j] = 2";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0332 3:81
