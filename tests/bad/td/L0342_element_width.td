// space: odd: {capacity: 64 B}
include "base.td"
def WIDTH : Param<9, "bits of an element">;
def Odd : Space<"odd", Unsigned<WIDTH>, [N]>;
// expect: L0342 4:5
