// unit: second: {queue: 1, interval: {IN: rows}}
include "base.td"
def Second : Unit<"second">;
def EXTRA : Op<3> {
  let ExecutedBy = Second;
  let Operands = (ops Tile<Mem, i8, ["N"]>:$mem);
  let Semantics = "mem[j] = 0";
  bits<8> mem;
  let Inst{7-0} = mem;
}
// expect: L0406 8:33
// file: L0406 machines/base.yaml
