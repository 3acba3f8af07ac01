include "base.td"
def EXTRA : Op<3> {
  let Operands = (ops Immediate<i16>:$x, Extent<1, N>:$x);
  let Semantics = "Pitch = i32(x)";
  bits<16> x;
  let Inst{15-0} = x;
}
// expect: L0314 3:38
