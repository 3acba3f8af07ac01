include "base.td"
def Cells : Space<"cells", i8, [N]> {
  let Layout = "cells[c]: bit 7*c";
}
def FILL : Move<3> {
  let Operands = (ops Tile<Host, i8, ["rows", "N"]>:$host, Tile<Cells, i8, ["rows", "N"]>:$mem, Extent<1, Int<15>>:$rows);
  let Semantics = "mem[i,j] = host[i,j]";
  let Strides = (strides Pitch:$host);
}
def DRAIN : Move<4> {
  let Operands = (ops Tile<Cells, i8, ["rows", "N"]>:$mem, Tile<Host, i8, ["rows", "N"]>:$host, Extent<1, Int<15>>:$rows);
  let Semantics = "host[i,j] = mem[i,j]";
  let Strides = (strides Pitch:$host);
}
// space: cells: {capacity: 64 B}
// expect: L0369 3:17
