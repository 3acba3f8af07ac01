include "isa.td"
// expect: L0308 0:0
