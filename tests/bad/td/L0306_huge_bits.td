include "base.td"
def EXTRA : Op<3> {
  bits<2000000000> wide;
}
// expect: L0306 0:0
