include "base.td"
def Other : Space<"mem", i8, [N]>;
// expect: L0316 2:5
