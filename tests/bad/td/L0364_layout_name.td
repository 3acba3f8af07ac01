include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
  let Layouts = (layout "host[i,j]: byte M*i + j":$host);
}
// expect: L0364 5:42
