include "base.td"
def SIZE : Param<!div(1, 0), "no such size">;
// expect: L0301 2:5
