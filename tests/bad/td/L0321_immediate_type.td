include "base.td"
def EXTRA : Intrinsic<32> {
  let Operands = (ops Immediate<f32>:$x);
  let Semantics = "Pitch = i32(x)";
  let ExecutedBy = Core;
  bits<32> x;
  let Inst{31-0} = x;
}
// expect: L0321 3:38
