include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Immediate<i16>);
  let Semantics = "Pitch = 1";
}
// expect: L0313 3:7
