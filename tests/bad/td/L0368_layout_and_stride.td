include "base.td"
def EXTRA : Move<3> {
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$host, Tile<Mem, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
  let Strides = (strides Pitch:$host);
  let Layouts = (layout "host[i,j]: byte 4*i + j":$host);
}
// expect: L0368 6:26
