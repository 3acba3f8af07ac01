include "base.td"
def EXTRA : Op<3> {
  let ExecutedBy = NoSuchUnit;
}
// expect: L0301 3:20
