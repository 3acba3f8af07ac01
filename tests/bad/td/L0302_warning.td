include "base.td"
class Padded<int unused> : State<i16>;
// expect: L0302 2:18
