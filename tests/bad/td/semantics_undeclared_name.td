include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = hots[i,j]";
}
// expect: L0509 4:31
