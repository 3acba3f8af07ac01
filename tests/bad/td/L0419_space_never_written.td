// space: table: {capacity: 64 B}
include "base.td"
def Table : Space<"table", i8, [N]>;
def EXTRA : Op<3> {
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem, Tile<Table, i8, ["N"]>:$from);
  let Semantics = "mem[j] = from[j]";
  bits<8> mem; bits<8> from;
  let Inst{7-0} = mem;
  let Inst{15-8} = from;
}
// expect: L0419 3:5
