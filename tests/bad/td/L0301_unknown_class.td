include "base.td"
def EXTRA : Instruction<3>;
def OTHER : Op<4>
// expect: L0301 2:13
