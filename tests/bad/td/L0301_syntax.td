include "base.td"
def EXTRA : Op<3>
def OTHER : Op<4>;
// expect: L0301 3:1
