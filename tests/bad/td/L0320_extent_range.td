include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$mem, Tile<Mem, i8, ["rows", "N"]>:$host, Extent<5, N>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
}
// expect: L0320 3:107
