include "base.td"
foreach a = !range(0, 2000) in
foreach b = !range(0, 2000) in
foreach c = !range(0, 2000) in
assert !lt(a, 9999), "never";
// expect: L0305 0:0
