// unit: second: {queue: 1}
include "base.td"
def Second : Unit<"second">;
def EXTRA : Op<3> {
  let ExecutedBy = Second;
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = wrap_i8(Pitch)";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0424 6:5
// file: L0424 isa/base.td
