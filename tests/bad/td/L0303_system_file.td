include "base.td"
include "/etc/passwd"
// expect: L0303 2:9
