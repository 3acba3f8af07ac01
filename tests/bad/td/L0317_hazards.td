// space: mem2: {capacity: 64 B}
include "base.td"
def Buffer : Space<"mem2", i8, [N]> {
  let Hazards = "tokens";
}
// expect: L0317 4:7
