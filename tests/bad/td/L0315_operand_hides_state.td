include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Immediate<i16>:$Pitch);
  let Semantics = "Pitch = 1";
  bits<16> Pitch;
  let Inst{15-0} = Pitch;
}
// expect: L0315 3:38
