include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Mem, i8, ["row", "N"]>:$mem, Tile<Mem, i8, ["rows", "N"]>:$host, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
}
// expect: L0319 3:51
