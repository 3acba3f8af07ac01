include "lathe/Isa.td"
def Mem : Space<"mem", i8, []>;
def Core : Unit<"core">;
def IN : Intrinsic<32> {
  let ExecutedBy = Core;
  let Operands = (ops Tile<Host, i8, ["4"]>:$host, Tile<Mem, i8, ["4"]>:$mem);
  let Semantics = "mem[i] = host[i]";
  bits<16> host; bits<8> mem;
  let Inst{15-0} = host; let Inst{23-16} = mem;
}
// expect: L0422 1:1
// expect: L0420 2:5
