include "base.td"
def EXTRA : Op<3> {
  let Semantics = "// nothing";
}
// expect: L0338 3:7
