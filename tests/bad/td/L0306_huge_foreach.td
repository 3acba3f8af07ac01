include "base.td"
foreach i = !range(0, 2000000000) in def S#i : State<i32>;
// expect: L0306 0:0
