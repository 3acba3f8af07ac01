include "lathe/Isa.td"
// expect: L0310 1:1
