include "base.td"
include "lathe/Isa2.td"
// expect: L0303 2:9
