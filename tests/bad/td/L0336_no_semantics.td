include "base.td"
def EXTRA : Op<3>;
// expect: L0336 2:5
