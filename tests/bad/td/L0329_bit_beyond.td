include "base.td"
def EXTRA : Op<3> {
  let Semantics = "Pitch = 1";
  let Inst{32} = 1;
}
// expect: L0329 4:7
