include "base.td"
def EXTRA : Intrinsic<512> {
  let ExecutedBy = Core;
  let Semantics = "Pitch = 1";
}
// expect: L0328 2:5
