include "base.td"
def Level : State<i16>;
def EXTRA : Op<3> {
  let Operands = (ops Immediate<i16>:$value);
  let Semantics = "Level = value";
  bits<16> value;
  let Inst{15-0} = value;
}
// expect: L0418 2:5
