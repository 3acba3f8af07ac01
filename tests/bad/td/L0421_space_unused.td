// space: sink: {capacity: 64 B}
include "base.td"
def Sink : Space<"sink", i8, [N]>;
// expect: L0421 3:5
