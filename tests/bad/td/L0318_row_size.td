// space: buffer: {capacity: 64 B}
include "base.td"
def Buffer : Space<"buffer", i8, [Int<0>]>;
// expect: L0318 3:5
