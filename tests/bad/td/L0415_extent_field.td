include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Mem, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<16>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
}
// expect: L0415 20:39
// file: L0415 isa/base.td
