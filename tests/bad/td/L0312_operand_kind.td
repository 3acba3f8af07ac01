include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Core:$unit);
  let Semantics = "Pitch = 1";
}
// expect: L0312 3:28
