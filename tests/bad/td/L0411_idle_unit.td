// unit: lazy: {queue: 1}
include "base.td"
def Lazy : Unit<"lazy">;
// expect: L0411 3:5
