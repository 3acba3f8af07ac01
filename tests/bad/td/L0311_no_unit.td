include "base.td"
def EXTRA : Intrinsic<32> {
  let Semantics = "mem[i,j] = 0";
}
// expect: L0311 2:5
